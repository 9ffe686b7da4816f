#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "base/data_rate.h"
#include "base/time.h"
#include "rtp/identifiers.h"

namespace parley::cc {

// In the order of importance.
enum class Priority : std::uint8_t { kAudio, kRetransmission, kVideo, kPadding };

// Packets that wait to be sent. The more important first; among those of a priority the streams
// share by bytes (fair queueing: who has had less is next), so that one stream's key frame does not
// hold up the others; within a stream in the order they came.
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
    DataSize& finish = level.finish[entry.stream];
    finish = std::max(finish, level.taken) + entry.size;
    size_ += entry.size;
    level.entries.emplace(Turn{finish, pushed_++}, std::move(entry));
    if (++packets_ > config_.max_packets) drop_one();
  }

  // The priority of what take() would give, were it not too old; none if it is empty.
  std::optional<Priority> next() const {
    for (const Level& level : levels_) {
      if (!level.entries.empty()) return level.entries.begin()->second.priority;
    }
    return std::nullopt;
  }

  std::optional<Entry> take(Time now) {
    for (Level& level : levels_) {
      while (!level.entries.empty()) {
        level.taken = level.entries.begin()->first.finish;
        Entry entry = remove(level, level.entries.begin());
        if (now - entry.enqueued <= config_.max_age) return entry;
        ++dropped_.old;
      }
    }
    return std::nullopt;
  }

  bool empty() const { return packets_ == 0; }
  std::size_t packets() const { return packets_; }
  DataSize size() const { return size_; }
  const Dropped& dropped() const { return dropped_; }

 private:
  // When a packet would be through if all streams were sent at once, at an equal pace.
  struct Turn {
    DataSize finish = {};
    std::uint64_t order = 0;

    friend auto operator<=>(const Turn&, const Turn&) = default;
  };
  using Entries = std::map<Turn, Entry>;
  struct Level {
    Entries entries = {};
    std::map<rtp::Ssrc, DataSize> finish = {};  // Of each stream's last packet.
    DataSize taken = {};                        // The turn that was taken last.
  };

  Entry remove(Level& level, typename Entries::iterator it) {
    Entry entry = std::move(it->second);
    level.entries.erase(it);
    --packets_;
    size_ -= entry.size;
    if (level.entries.empty()) {  // Nobody has had more than another.
      level.finish.clear();
      level.taken = {};
    }
    return entry;
  }

  void drop_one() {
    for (std::size_t i = levels_.size(); i-- > 0;) {
      if (levels_[i].entries.empty()) continue;
      remove(levels_[i], std::prev(levels_[i].entries.end()));
      ++dropped_.full;
      return;
    }
  }

  Config config_;
  std::array<Level, std::to_underlying(Priority::kPadding) + 1> levels_;
  std::size_t packets_ = 0;
  DataSize size_ = {};
  std::uint64_t pushed_ = 0;
  Dropped dropped_;
};

}  // namespace parley::cc
