#include "socketio/recovery.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace parley::socketio {
namespace {

std::optional<std::uint64_t> parse_offset(std::string_view text) {
  std::uint64_t offset = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), offset);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return offset;
}

bool is_for(const Targets& targets, const SavedSocket& socket) {
  const auto holds = [&](const std::string& room) {
    return room == socket.id || std::ranges::find(socket.rooms, room) != socket.rooms.end();
  };
  return (targets.rooms.empty() || std::ranges::any_of(targets.rooms, holds)) &&
         std::ranges::none_of(targets.excepts, holds);
}

}  // namespace

void Recovery::record(Time now, const Encoded& event, Targets targets) {
  ++last_offset_;
  bytes_ += event.size();
  events_.push_back(
      {.offset = last_offset_, .at = now, .packet = event, .targets = std::move(targets)});
  forget_old(now);
}

void Recovery::save(Time now, std::string private_id, SavedSocket socket) {
  by_private_id_[private_id] = next_key_;
  saved_[next_key_++] = {.private_id = std::move(private_id),
                         .until = now + config_.max_disconnection,
                         .socket = std::move(socket)};
  forget_old(now);
}

std::optional<Recovery::Restored> Recovery::restore(Time now, std::string_view private_id,
                                                    std::optional<std::string_view> offset) {
  forget_old(now);
  const auto known = by_private_id_.find(private_id);
  if (known == by_private_id_.end()) return std::nullopt;
  const auto saved = saved_.find(known->second);
  Restored restored{.socket = std::move(saved->second.socket)};
  saved_.erase(saved);
  by_private_id_.erase(known);

  const auto last = offset ? parse_offset(*offset) : restored.socket.first_offset;
  const std::uint64_t forgotten = last_offset_ - events_.size();
  if (!last || *last < forgotten || *last > last_offset_) return std::nullopt;
  for (std::size_t i = *last - forgotten; i < events_.size(); ++i) {
    if (is_for(events_[i].targets, restored.socket)) restored.missed.push_back(events_[i].packet);
  }
  return restored;
}

void Recovery::forget_old(Time now) {
  const auto useless = [&](const Event& event) {
    return events_.size() > config_.max_packets || bytes_ > config_.max_bytes ||
           event.at + config_.max_disconnection < now;
  };
  while (!events_.empty() && useless(events_.front())) {
    bytes_ -= events_.front().packet.size();
    events_.pop_front();
  }
  while (!saved_.empty() &&
         (saved_.size() > config_.max_sessions || saved_.begin()->second.until < now)) {
    by_private_id_.erase(saved_.begin()->second.private_id);
    saved_.erase(saved_.begin());
  }
}

}  // namespace parley::socketio
