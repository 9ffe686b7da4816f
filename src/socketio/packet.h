#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "socketio/engineio/packet.h"

namespace parley::socketio {

// What an event or an acknowledgement carries. A Json::Binary anywhere in it travels beside the
// text, as an attachment.
using Arguments = std::vector<Json>;

// Packets of the Socket.IO protocol, revision 5. Its reference:
// https://github.com/socketio/socket.io-protocol
enum class PacketType : std::uint8_t {
  kConnect,
  kDisconnect,
  kEvent,
  kAck,
  kConnectError,
  kBinaryEvent,  // On the wire only: a Packet says kEvent.
  kBinaryAck,    // On the wire only: a Packet says kAck.
};

struct Packet {
  PacketType type = PacketType::kEvent;
  std::string nsp = "/";
  std::optional<std::uint64_t> id = {};  // Asks for an acknowledgement, or is one.
  Json data = {};  // An object (connecting) or an array (event: its name comes first); else null.

  friend bool operator==(const Packet&, const Packet&) = default;
};

// A packet as Engine.IO carries it: one text message, and one binary message an attachment. Encoded
// once, whatever the number of its receivers.
struct Encoded {
  engineio::Packet text = {};
  std::vector<engineio::Packet> attachments = {};

  std::size_t size() const;  // Bytes.
};

Encoded encode(const Packet& packet);

// An event, without a Packet made of it first.
Encoded encode_event(std::string_view nsp, std::string_view event, const Arguments& arguments,
                     std::optional<std::uint64_t> id = std::nullopt);

}  // namespace parley::socketio
