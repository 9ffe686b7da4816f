// Whatever arrives on the STUN port: the parser, the getters, the integrity checks, the stream
// framer and the Binding server must hold, and what the builder writes must parse to the same.
#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "base/assert.h"
#include "base/random.h"
#include "stun/attributes.h"
#include "stun/binding_server.h"
#include "stun/discovery.h"
#include "stun/integrity.h"
#include "stun/message.h"
#include "stun/message_builder.h"
#include "stun/stream_framer.h"

namespace parley::stun {
namespace {

bool is_built_from_its_content(Attribute type) {
  return type == Attribute::kMessageIntegrity || type == Attribute::kMessageIntegritySha256 ||
         type == Attribute::kFingerprint;
}

void read_values(const MessageView& message) {
  for (const AttributeView& attribute : message.attributes()) {
    read_address(attribute.value);
    read_error(attribute.value);
    if (const auto domain = read_domain(attribute.value)) PARLEY_ASSERT(is_domain(*domain));
    if (const auto address = read_xor_address(attribute.value, message.transaction_id())) {
      MessageBuilder builder(Class::kSuccess, message);
      builder.add_xor_address(attribute.type, *address);
      const auto again = MessageView::parse(builder.view());
      PARLEY_ASSERT(read_xor_address(again->find(attribute.type).value(),
                                     message.transaction_id()) == address);
    }
  }
}

// The same attributes, sealed by us, read back the same and verify.
void check_round_trip(const MessageView& message) {
  MessageBuilder builder(message.message_class(), message);
  std::vector<AttributeView> written;
  for (const AttributeView& attribute : message.attributes()) {
    if (is_built_from_its_content(attribute.type)) continue;
    builder.add(attribute.type, attribute.value);
    written.push_back(attribute);
  }
  if (builder.size() > 60'000) return;  // Leaves room for what follows.
  builder.add_integrity(as_bytes("key"));
  builder.add_integrity_sha256(as_bytes("key"));
  builder.add_fingerprint();
  const auto again = MessageView::parse(builder.view());
  PARLEY_ASSERT(again.has_value());
  PARLEY_ASSERT(again->method() == message.method());
  PARLEY_ASSERT(again->transaction_id() == message.transaction_id());
  PARLEY_ASSERT(check_integrity(*again, as_bytes("key")) == Check::kValid);
  PARLEY_ASSERT(check_integrity_sha256(*again, as_bytes("key")) == Check::kValid);
  PARLEY_ASSERT(check_fingerprint(*again) == Check::kValid);
  auto attribute = again->attributes().begin();
  for (const AttributeView& expected : written) {
    PARLEY_ASSERT(attribute->type == expected.type);
    PARLEY_ASSERT(as_text(attribute->value) == as_text(expected.value));
    ++attribute;
  }
}

// An answer is a well-formed message and never much longer than what it answers. With discovery it
// names three addresses more, and leaves from one of four.
void check_server(Bytes datagram, bool discovery) {
  static SeededRandom random(1);
  const auto address = [](std::uint8_t last, std::uint16_t port) {
    return net::SocketAddress{
        net::IpAddress::v6({0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last}), port};
  };
  static const DiscoveryAddresses four{address(1, 1), address(2, 2)};
  static std::array servers{BindingServer({}, random), BindingServer({.discovery = four}, random)};
  const net::Path path{.local = four.primary, .remote = address(7, 7)};
  static Time now{std::chrono::hours{1}};
  now += std::chrono::milliseconds{10};
  const auto answer = servers[discovery].handle(now, path, datagram);
  if (!answer) return;
  const auto message = MessageView::parse(answer->message);
  PARLEY_ASSERT(message.has_value());
  const std::size_t more = discovery ? 3 * 24 + 4 : 0;
  PARLEY_ASSERT(answer->message.size() <= std::max(datagram.size() + 24, 52 + more));
  PARLEY_ASSERT(check_fingerprint(*message) != Check::kInvalid);
  PARLEY_ASSERT(four.has(answer->path) && answer->path.remote.ip == path.remote.ip);
  PARLEY_ASSERT(discovery || answer->path == path);
}

// A stream cut by the framer is the same however it arrives.
void check_framer(Bytes stream) {
  StreamFramer whole(2048);
  StreamFramer pieces(2048);
  std::vector<std::vector<std::uint8_t>> expected;
  whole.append(stream);
  for (auto next = whole.next(); next && *next; next = whole.next()) {
    expected.emplace_back((*next)->begin(), (*next)->end());
  }
  std::size_t seen = 0;
  for (std::size_t at = 0; at < stream.size(); at += 7) {
    pieces.append(stream.subspan(at, std::min<std::size_t>(7, stream.size() - at)));
    for (auto next = pieces.next(); next && *next; next = pieces.next()) {
      PARLEY_ASSERT(seen < expected.size());
      PARLEY_ASSERT(as_text(**next) == as_text(expected[seen]));
      ++seen;
    }
  }
  PARLEY_ASSERT(seen == expected.size());
}

}  // namespace
}  // namespace parley::stun

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley;
  using namespace parley::stun;
  const Bytes input(data, size);
  check_framer(input);
  check_server(input, false);
  check_server(input, true);
  const auto message = MessageView::parse(input);
  if (!message) return 0;
  check_integrity(*message, as_bytes("key"));
  check_integrity_sha256(*message, as_bytes("key"));
  check_fingerprint(*message);
  message->unknown_attributes({});
  read_values(*message);
  check_round_trip(*message);
  return 0;
}
