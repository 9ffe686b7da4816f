#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/shared_bytes.h"
#include "base/time.h"
#include "rtp/seq_no.h"

namespace parley::rtp {

// The newest packets of one stream, for whoever asks for one again (RFC 4585, 6.2.1). It belongs to
// the track: however many receivers there are, a packet is kept once.
class PacketHistory {
 public:
  struct Config {
    std::size_t capacity = 1'024;                // Packets: two seconds of a 5 Mbit/s picture.
    Duration max_age = std::chrono::seconds{2};  // Later, nobody can use it.
  };

  PacketHistory() : PacketHistory(Config{}) {}
  explicit PacketHistory(Config config);

  void add(Time now, SeqNo seq, SharedBytes packet);
  // Nothing where it never was, or is too old.
  std::optional<SharedBytes> find(Time now, SeqNo seq) const;
  void clear();

 private:
  struct Entry {
    SeqNo seq = {};
    Time added = kAtOnce;
    SharedBytes packet = {};
  };

  Config config_;
  std::vector<Entry> ring_;  // At seq % capacity; grows to config_.capacity as packets come.
};

// Decides which of the packets that one receiver asks for are sent again: each at most once a round
// trip, for a request that crosses its answer is no second loss, and not for ever.
class NackResponder {
 public:
  struct Config {
    Duration min_interval = std::chrono::milliseconds{10};
    std::uint8_t max_resends = 10;  // Of one packet.
    std::size_t memory = 256;       // How many packets it keeps count of.
  };

  NackResponder() : NackResponder(Config{}) {}
  explicit NackResponder(Config config) : config_(config) {}

  void set_round_trip_time(Duration rtt) { rtt_ = rtt; }

  // Whether to send `seq` again now. True counts as sent.
  bool allow(Time now, SeqNo seq);

 private:
  struct Resend {
    SeqNo seq = {};
    Time last = kAtOnce;
    std::uint8_t count = 0;
  };

  Config config_;
  Duration rtt_ = std::chrono::milliseconds{100};
  std::vector<Resend> resends_;  // Never longer than config_.memory; the oldest makes room.
  std::size_t oldest_ = 0;
};

}  // namespace parley::rtp
