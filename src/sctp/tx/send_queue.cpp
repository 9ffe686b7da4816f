#include "sctp/tx/send_queue.h"

#include <algorithm>

namespace parley::sctp {

void SendQueue::add(Message message, const SendOptions& options, Time expires) {
  const StreamId id = message.stream;
  Stream& stream = streams_[id];
  stream.buffered += message.payload.size();
  buffered_ += message.payload.size();
  stream.messages.emplace_back(OutgoingMessage{.message = std::move(message),
                                               .ordered = options.ordered,
                                               .max_retransmits = options.max_retransmits,
                                               .expires = expires});
  update_ready(id, stream);
}

std::optional<SendQueue::Fragment> SendQueue::next(Time now, std::size_t room) {
  while (current_ == nullptr) {
    if (ready_.empty()) return std::nullopt;
    const auto found = streams_.find(ready_.begin()->second);
    if (drop_expired(now, found->first, found->second)) continue;
    current_ = &*found;
  }
  auto& [id, stream] = *current_;
  const MessageRef message = stream.messages.front();
  const std::size_t rest = message->message.payload.size() - message->cut;
  if (rest > room && room < kShortestCut) {
    if (message->cut == 0) current_ = nullptr;
    return std::nullopt;
  }
  if (message->cut == 0 && message->ordered) message->ssn = stream.next_ssn++;
  Fragment fragment{.message = message, .offset = message->cut, .length = std::min(rest, room)};
  message->cut += fragment.length;
  if (message->is_wholly_cut()) {
    turn_ = stream.turn;
    const Turn cost = message->message.payload.size() * kNormalPriority / stream.priority + 1;
    pop_front(id, stream, stream.turn + cost);
    current_ = nullptr;
  }
  subtract(id, stream, fragment.length);
  return fragment;
}

std::optional<MessageRef> SendQueue::unfinished() const {
  if (current_ == nullptr) return std::nullopt;
  return current_->second.messages.front();
}

void SendQueue::discard_unfinished() {
  auto& [id, stream] = *std::exchange(current_, nullptr);
  const MessageRef message = stream.messages.front();
  pop_front(id, stream, stream.turn);
  subtract(id, stream, message->message.payload.size() - message->cut);
}

void SendQueue::begin_reset(StreamId id) {
  Stream& stream = streams_[id];
  stream.before_reset = stream.messages.size();
  update_ready(id, stream);
}

bool SendQueue::is_stopped(StreamId id) const {
  const auto found = streams_.find(id);
  return found != streams_.end() && found->second.before_reset == 0;
}

void SendQueue::finish_reset(StreamId id, bool performed) {
  Stream& stream = streams_[id];
  stream.before_reset.reset();
  if (performed) stream.next_ssn = 0;
  update_ready(id, stream);
}

void SendQueue::restart() {
  if (current_ != nullptr) discard_unfinished();
  for (auto& [id, stream] : streams_) {
    stream.next_ssn = 0;
    stream.before_reset.reset();
    update_ready(id, stream);
  }
}

std::size_t SendQueue::buffered(StreamId id) const {
  const auto found = streams_.find(id);
  return found == streams_.end() ? 0 : found->second.buffered;
}

void SendQueue::set_low_threshold(StreamId id, std::size_t bytes) {
  streams_[id].low_threshold = bytes;
}

void SendQueue::set_priority(StreamId id, std::uint16_t priority) {
  streams_[id].priority = std::max<std::uint16_t>(priority, 1);
}

std::optional<StreamId> SendQueue::poll_low() {
  if (low_.empty()) return std::nullopt;
  const StreamId stream = low_.front();
  low_.pop_front();
  return stream;
}

// A stream that comes back after a pause does not make up for it: it begins where the others are.
void SendQueue::update_ready(StreamId id, Stream& stream) {
  const bool ready = !stream.messages.empty() && stream.before_reset != 0;
  if (ready == stream.is_ready) return;
  if (ready) {
    stream.turn = std::max(stream.turn, turn_);
    ready_.emplace(stream.turn, id);
  } else {
    ready_.erase({stream.turn, id});
  }
  stream.is_ready = ready;
}

// Whether the stream's first message was dropped.
bool SendQueue::drop_expired(Time now, StreamId id, Stream& stream) {
  const MessageRef message = stream.messages.front();
  if (message->expires > now) return false;
  ++expired_;
  pop_front(id, stream, stream.turn);
  subtract(id, stream, message->message.payload.size());
  return true;
}

void SendQueue::pop_front(StreamId id, Stream& stream, Turn turn) {
  stream.messages.pop_front();
  if (stream.before_reset) --*stream.before_reset;
  auto node = ready_.extract({stream.turn, id});
  stream.turn = turn;
  stream.is_ready = !stream.messages.empty() && stream.before_reset != 0;
  if (!stream.is_ready) return;
  node.value() = {turn, id};
  ready_.insert(std::move(node));
}

void SendQueue::subtract(StreamId id, Stream& stream, std::size_t bytes) {
  const bool was_above = stream.buffered > stream.low_threshold;
  stream.buffered -= bytes;
  buffered_ -= bytes;
  if (was_above && stream.buffered <= stream.low_threshold) low_.push_back(id);
}

}  // namespace parley::sctp
