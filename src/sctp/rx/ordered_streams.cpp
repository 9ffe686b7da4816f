#include "sctp/rx/ordered_streams.h"

#include <utility>

#include "sctp/packet/tsn.h"

namespace parley::sctp {

void OrderedStreams::add(std::uint16_t ssn, Message message, std::deque<Message>& delivered) {
  Stream& stream = streams_[message.stream];
  const std::uint64_t number = extend(stream.next, ssn);
  if (number < stream.next) return;
  if (number == stream.next) {
    delivered.push_back(std::move(message));
    ++stream.next;
    deliver_in_order(stream, delivered);
    return;
  }
  const std::size_t size = message.payload.size() + kOverhead;
  if (stream.waiting.try_emplace(number, std::move(message)).second) held_bytes_ += size;
}

// What is there of the skipped goes out, in order: the sender only gave up the rest.
void OrderedStreams::skip(StreamId id, std::uint16_t ssn, std::deque<Message>& delivered) {
  Stream& stream = streams_[id];
  const std::uint64_t number = extend(stream.next, ssn);
  if (number < stream.next) return;
  while (!stream.waiting.empty() && stream.waiting.begin()->first <= number) {
    stream.next = stream.waiting.begin()->first;
    deliver_in_order(stream, delivered);
  }
  if (stream.next <= number) stream.next = number + 1;
  deliver_in_order(stream, delivered);
}

void OrderedStreams::reset(std::span<const StreamId> streams) {
  if (streams.empty()) {
    for (auto& [id, stream] : streams_) reset(stream);
  }
  for (const StreamId id : streams) {
    if (const auto found = streams_.find(id); found != streams_.end()) reset(found->second);
  }
}

void OrderedStreams::deliver_in_order(Stream& stream, std::deque<Message>& delivered) {
  while (!stream.waiting.empty() && stream.waiting.begin()->first == stream.next) {
    Message& message = stream.waiting.begin()->second;
    held_bytes_ -= message.payload.size() + kOverhead;
    delivered.push_back(std::move(message));
    stream.waiting.erase(stream.waiting.begin());
    ++stream.next;
  }
}

void OrderedStreams::reset(Stream& stream) {
  for (const auto& [number, message] : stream.waiting) {
    held_bytes_ -= message.payload.size() + kOverhead;
  }
  stream = {};
}

}  // namespace parley::sctp
