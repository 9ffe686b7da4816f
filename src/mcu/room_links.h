#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "sfu/identifiers.h"
#include "sfu/relay.h"

namespace parley::mcu {

// The nodes that carry one room, and what its mixer has for them.
class RoomLinks {
 public:
  using What = decltype(sfu::RelayMessage::what);

  // `outbox` outlives it.
  RoomLinks(sfu::RoomId room, sfu::RelayOutbox& outbox) : room_(room), outbox_(outbox) {}

  // False: it was there.
  bool add(sfu::NodeId node) {
    if (std::ranges::find(nodes_, node) != nodes_.end()) return false;
    nodes_.push_back(node);
    return true;
  }
  const std::vector<sfu::NodeId>& nodes() const { return nodes_; }
  sfu::RoomId room() const { return room_; }

  void tell(sfu::NodeId node, sfu::ParticipantId publisher, What what) {
    outbox_.add(node, {.room = room_, .publisher = publisher, .what = std::move(what)});
  }
  void send(sfu::NodeId node, sfu::ParticipantId publisher, sfu::relay::Packet packet,
            Bytes bytes) {
    packet.size = static_cast<std::uint16_t>(bytes.size());
    outbox_.add_packet(node, room_, publisher, packet, bytes);
    ++packets_;
  }
  std::uint64_t packets() const { return packets_; }  // That were sent, once a node.

 private:
  sfu::RoomId room_;
  sfu::RelayOutbox& outbox_;
  std::vector<sfu::NodeId> nodes_;
  std::uint64_t packets_ = 0;
};

}  // namespace parley::mcu
