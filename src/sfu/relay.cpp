#include "sfu/relay.h"

#include <algorithm>

namespace parley::sfu {

std::size_t RelayBatch::drop_packets() {
  bytes.clear();
  return std::erase_if(messages, [](const RelayMessage& message) {
    return std::holds_alternative<relay::Packet>(message.what);
  });
}

void RelayOutbox::add_packet(NodeId to, RoomId room, ParticipantId publisher, relay::Packet packet,
                             Bytes bytes) {
  RelayBatch& batch = batch_for(to);
  packet.size = static_cast<std::uint16_t>(bytes.size());
  RelayMessage& message = batch.messages.emplace_back();
  message.room = room;
  message.publisher = publisher;
  std::get<relay::Packet>(message.what) = packet;  // As which it begins.
  batch.bytes.insert(batch.bytes.end(), bytes.begin(), bytes.end());
}

std::optional<RelayOutbox::ForNode> RelayOutbox::take() {
  for (ForNode& each : batches_) {
    if (each.batch.empty()) continue;
    return ForNode{.node = each.node, .batch = std::exchange(each.batch, {})};
  }
  return std::nullopt;
}

RelayBatch& RelayOutbox::batch_for(NodeId node) {
  const auto it = std::ranges::find(batches_, node, &ForNode::node);
  if (it != batches_.end()) return it->batch;
  return batches_.emplace_back(ForNode{.node = node}).batch;
}

}  // namespace parley::sfu
