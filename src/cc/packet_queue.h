#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/data_rate.h"
#include "base/time.h"
#include "rtp/identifiers.h"

namespace parley::cc {

// In the order of importance.
enum class Priority : std::uint8_t { kAudio, kRetransmission, kVideo, kPadding };

// Packets that wait to be sent. The more important first; among those of a priority the streams
// share by bytes (fair queueing: who has had less is next), so that one stream's key frame does not
// hold up the others; within a stream in the order they came.
//
// Each stream is a chain of nodes of one vector, which grows to what once waited at the same time:
// nothing is allocated for a packet. Streams are few, so they are looked through in a row.
template <class Packet>
class PacketQueue {
 public:
  struct Config {
    std::size_t max_packets = 2'048;             // All together.
    Duration max_age = std::chrono::seconds{5};  // Nobody waits for what is older.
  };
  struct Entry {
    Priority priority = Priority::kVideo;
    rtp::Ssrc stream = {};
    DataSize size = {};
    Packet packet = {};
    Time enqueued = {};
  };
  struct Dropped {
    std::uint64_t full = 0;
    std::uint64_t old = 0;
  };

  PacketQueue() : PacketQueue(Config{}) {}
  explicit PacketQueue(Config config) : config_(config) {}

  // Where it is full, the last of the least important leaves: it may be the new one.
  void push(Entry entry) {
    Level& level = levels_.at(std::to_underlying(entry.priority));
    Stream& stream = stream_of(level, entry.stream);
    stream.finish = std::max(stream.finish, level.taken) + entry.size;
    size_ += entry.size;
    ++level.packets;
    append(stream, std::move(entry));
    if (++packets_ > config_.max_packets) drop_one();
  }

  // The priority of what take() would give, were it not too old; none if it is empty.
  std::optional<Priority> next() const {
    for (std::size_t i = 0; i < levels_.size(); ++i) {
      if (levels_[i].packets > 0) return static_cast<Priority>(i);
    }
    return std::nullopt;
  }

  std::optional<Entry> take(Time now) {
    for (Level& level : levels_) {
      while (level.packets > 0) {
        Stream& stream = *std::ranges::min_element(level.streams, {}, [&](const Stream& s) {
          return std::pair(s.first == kNone, turn_of(s.first));  // Those that wait come first.
        });
        level.taken = nodes_[stream.first].turn.finish;
        Entry entry = remove(level, stream, stream.first);
        if (now - entry.enqueued <= config_.max_age) return entry;
        ++dropped_.old;
      }
    }
    return std::nullopt;
  }

  // Drops all that waits of a stream at this priority, and returns how many they were.
  std::size_t drop(Priority priority, rtp::Ssrc ssrc) {
    Level& level = levels_.at(std::to_underlying(priority));
    const auto it = std::ranges::find(level.streams, ssrc, &Stream::ssrc);
    if (it == level.streams.end()) return 0;
    std::size_t dropped = 0;
    // The last packet of all takes the streams with it.
    for (std::uint32_t node = it->first, next = kNone; node != kNone; node = next) {
      next = nodes_[node].next;
      remove(level, *it, node);
      ++dropped;
    }
    return dropped;
  }

  // Of a stream, at this priority.
  std::size_t packets(Priority priority, rtp::Ssrc ssrc) const {
    const Level& level = levels_.at(std::to_underlying(priority));
    const auto it = std::ranges::find(level.streams, ssrc, &Stream::ssrc);
    return it == level.streams.end() ? 0 : it->packets;
  }

  bool empty() const { return packets_ == 0; }
  std::size_t packets() const { return packets_; }
  DataSize size() const { return size_; }
  const Dropped& dropped() const { return dropped_; }

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  // When a packet would be through if all streams were sent at once, at an equal pace.
  struct Turn {
    DataSize finish = {};
    std::uint64_t order = 0;

    friend auto operator<=>(const Turn&, const Turn&) = default;
  };
  struct Node {
    Entry entry = {};
    Turn turn = {};
    std::uint32_t previous = kNone, next = kNone;  // In its stream, or free.
  };
  struct Stream {
    rtp::Ssrc ssrc = {};
    DataSize finish = {};  // Of its last packet.
    std::uint32_t first = kNone, last = kNone;
    std::size_t packets = 0;
  };
  struct Level {
    std::vector<Stream> streams = {};  // Those that something waits of, and more.
    std::size_t packets = 0;
    DataSize taken = {};  // The turn that was taken last.
  };

  static Stream& stream_of(Level& level, rtp::Ssrc ssrc) {
    const auto it = std::ranges::find(level.streams, ssrc, &Stream::ssrc);
    return it != level.streams.end() ? *it : level.streams.emplace_back(Stream{.ssrc = ssrc});
  }

  Turn turn_of(std::uint32_t node) const { return node == kNone ? Turn{} : nodes_[node].turn; }

  void append(Stream& stream, Entry entry) {
    if (free_ == kNone) {
      free_ = static_cast<std::uint32_t>(nodes_.size());
      nodes_.emplace_back();
    }
    const std::uint32_t at = free_;
    Node& node = nodes_[at];
    free_ = node.next;
    node = {.entry = std::move(entry),
            .turn = {stream.finish, pushed_++},
            .previous = stream.last,
            .next = kNone};
    (stream.last == kNone ? stream.first : nodes_[stream.last].next) = at;
    stream.last = at;
    ++stream.packets;
  }

  Entry remove(Level& level, Stream& stream, std::uint32_t at) {
    Node& node = nodes_[at];
    (node.previous == kNone ? stream.first : nodes_[node.previous].next) = node.next;
    (node.next == kNone ? stream.last : nodes_[node.next].previous) = node.previous;
    Entry entry = std::exchange(node.entry, Entry{});
    node.next = std::exchange(free_, at);
    --stream.packets;
    --packets_;
    size_ -= entry.size;
    if (--level.packets == 0) {  // Nobody has had more than another.
      level.streams.clear();
      level.taken = {};
    }
    if (packets_ == 0) forget_nodes();
    return entry;
  }

  void forget_nodes() {
    constexpr std::size_t kKept = 16;  // More wait rarely, and then for long.
    if (nodes_.size() <= kKept) return;
    nodes_ = std::vector<Node>();
    free_ = kNone;
  }

  void drop_one() {
    for (std::size_t i = levels_.size(); i-- > 0;) {
      Level& level = levels_[i];
      if (level.packets == 0) continue;
      Stream& stream = *std::ranges::max_element(level.streams, {}, [&](const Stream& s) {
        return std::pair(s.last != kNone, turn_of(s.last));
      });
      remove(level, stream, stream.last);
      ++dropped_.full;
      return;
    }
  }

  Config config_;
  std::array<Level, std::to_underlying(Priority::kPadding) + 1> levels_;
  std::vector<Node> nodes_;  // Never more than config_.max_packets + 1.
  std::uint32_t free_ = kNone;
  std::size_t packets_ = 0;
  DataSize size_ = {};
  std::uint64_t pushed_ = 0;
  Dropped dropped_;
};

}  // namespace parley::cc
