#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/shared_bytes.h"

namespace parley::engineio {

// Packets of the Engine.IO protocol, revision 4. Its reference:
// https://github.com/socketio/engine.io-protocol
enum class PacketType : std::uint8_t { kOpen, kClose, kPing, kPong, kMessage, kUpgrade, kNoop };

// A packet to a client, encoded as the WebSocket frame that carries it: a text frame is the digit
// of its type and its text, a binary frame is the content of a message. Copies share the bytes, so
// a broadcast is encoded once.
struct Packet {
  SharedBytes frame = {};
  bool binary = false;

  static Packet text(PacketType type, std::string_view data = {});
  static Packet message(std::string_view data) { return text(PacketType::kMessage, data); }
  static Packet message(Bytes data) { return {.frame = SharedBytes(data), .binary = true}; }

  friend bool operator==(const Packet&, const Packet&) = default;
};

// A packet from a client. `data` borrows: from the frame or the request that brought it, or from
// `decoded` where it came as Base64. So a copy of one is not to be made.
struct Received {
  PacketType type = PacketType::kMessage;
  bool binary = false;
  Bytes data = {};
  std::vector<std::uint8_t> decoded = {};
};

// A text frame, or one part of a long-polling payload that is no binary message.
std::optional<Received> parse_packet(std::string_view text);

// The packets of a long-polling request: separated by 0x1e, binary ones "b" and Base64.
class PayloadReader {
 public:
  explicit PayloadReader(std::string_view body) : rest_(body) {}

  enum class Stop : std::uint8_t { kEnd, kMalformed };

  // The next packet, or why there is none.
  std::expected<Received, Stop> next();

 private:
  std::string_view rest_;
  bool at_end_ = false;
};

// Writes the packets as the body of a long-polling response. A single text packet is shared, not
// copied.
SharedBytes encode_payload(const std::vector<Packet>& packets);

}  // namespace parley::engineio
