#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "rtp/extension_values.h"
#include "rtp/identifiers.h"
#include "rtp/seq_no.h"

namespace parley::rtp {

// A packet of one stream, as it waits for its turn.
struct OrderedPacket {
  SeqNo seq = {};
  std::uint64_t timestamp = 0;  // Extended.
  bool marker = false;
  PayloadType payload_type = {};
  std::vector<std::uint8_t> payload = {};  // Empty: padding.
  std::optional<AudioLevel> audio_level = {};
  std::optional<VideoOrientation> orientation = {};
  bool starts_key_frame = false;
  bool lost_before = false;  // The packet before it is missing for good. Set by poll().
  Time arrived = {};         // Set by insert().
};

// Puts the packets of one stream back into their order, and gives each out as soon as it may: the
// next in order at once, one behind a gap when the gap is filled, or `patience` after it came. A
// whole key frame makes what is missing before it useless: nothing waits for that any more.
class ReorderBuffer {
 public:
  struct Config {
    Duration patience = std::chrono::milliseconds{100};
    std::size_t capacity = 2'048;  // Packets; more, and the oldest gap is given up.
  };
  struct Counters {
    std::uint64_t late = 0;  // Given up before they came.
    std::uint64_t duplicate = 0;
    std::uint64_t lost = 0;
  };

  explicit ReorderBuffer(Config config) : config_(config) {}

  void insert(Time now, OrderedPacket packet);
  std::optional<OrderedPacket> poll(Time now);
  // When poll() has something to give; kNever: not before another packet comes.
  Time next_deadline() const;

  std::size_t size() const { return packets_.size(); }
  const Counters& counters() const { return counters_; }

 private:
  bool is_next(SeqNo seq) const { return !next_ || seq == *next_; }
  bool is_whole(SeqNo first) const;

  Config config_;
  std::map<SeqNo, OrderedPacket> packets_;  // Never more than config_.capacity.
  std::optional<SeqNo> next_;               // None before the first packet.
  std::optional<SeqNo> key_frame_;          // Where the newest begins.
  std::optional<SeqNo> no_gaps_before_;     // That count.
  bool overflowed_ = false;
  Counters counters_;
};

}  // namespace parley::rtp
