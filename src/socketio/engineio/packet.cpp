#include "socketio/engineio/packet.h"

#include <array>
#include <utility>

#include "base/base64.h"

namespace parley::engineio {
namespace {

constexpr char kSeparator = '\x1e';

}  // namespace

Packet Packet::text(PacketType type, std::string_view data) {
  const auto digit = static_cast<std::uint8_t>('0' + std::to_underlying(type));
  const std::array<Bytes, 2> parts{Bytes(&digit, 1), as_bytes(data)};
  return {.frame = SharedBytes(parts)};
}

std::optional<Received> parse_packet(std::string_view text) {
  if (text.empty() || text.front() < '0' || text.front() > '6') return std::nullopt;
  return Received{.type = static_cast<PacketType>(text.front() - '0'),
                  .data = as_bytes(text.substr(1))};
}

std::expected<Received, PayloadReader::Stop> PayloadReader::next() {
  if (at_end_) return std::unexpected(Stop::kEnd);
  const std::size_t end = rest_.find(kSeparator);
  const std::string_view part = rest_.substr(0, end);
  at_end_ = end == std::string_view::npos;
  if (!at_end_) rest_.remove_prefix(end + 1);

  if (!part.starts_with('b')) {
    auto packet = parse_packet(part);
    if (!packet) return std::unexpected(Stop::kMalformed);
    return *std::move(packet);
  }
  auto decoded = from_base64(part.substr(1));
  if (!decoded) return std::unexpected(Stop::kMalformed);
  Received packet{.binary = true, .decoded = *std::move(decoded)};
  packet.data = packet.decoded;
  return packet;
}

SharedBytes encode_payload(const std::vector<Packet>& packets) {
  if (packets.size() == 1 && !packets.front().binary) return packets.front().frame;
  std::string body;
  for (const Packet& packet : packets) {
    if (&packet != packets.data()) body.push_back(kSeparator);
    if (packet.binary) {
      body.push_back('b');
      append_base64(body, packet.frame.bytes());
    } else {
      body += packet.frame.text();
    }
  }
  return SharedBytes(body);
}

}  // namespace parley::engineio
