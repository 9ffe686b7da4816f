#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"

namespace parley::sim {

using Datagram = std::vector<std::uint8_t>;

// What one direction of a path does to datagrams. The default is a perfect wire.
struct LinkConfig {
  Duration latency = Duration::zero();
  Duration jitter = Duration::zero();  // Added to the latency: even between zero and this.
  bool reorder = false;                // Jitter may let one datagram overtake another.
  double loss = 0;                     // The share that is lost, 0 to 1.
  double burst = 1;                    // How many in a row are lost on average, from 1 (no bursts).
  double duplicate = 0;                // The share that comes twice.
  std::uint64_t bits_per_second =
      0;  // 0: no limit. Each datagram costs 28 bytes of IP and UDP more.
  Duration queue =
      std::chrono::milliseconds{300};  // What would wait longer for its turn is dropped.
  std::size_t bucket = 0;  // Bytes that pass without delay once so much was not used (of tokens).
};

// One direction of a path, in virtual time. The same seed and the same calls give the same run.
//
// Drive it with send() for what enters, and with poll(), until it returns nothing, at
// next_deadline(). A link that is down (see set_down) loses all that enters.
class Link {
 public:
  struct Counters {
    std::uint64_t sent = 0;
    std::uint64_t delivered = 0;   // With duplicates.
    std::uint64_t lost = 0;        // At random, or because the link was down.
    std::uint64_t overflowed = 0;  // The queue was full.
    std::uint64_t bytes = 0;       // Delivered; without IP and UDP.
    Duration longest_queue = Duration::zero();
  };

  explicit Link(const LinkConfig& config, std::uint64_t seed = 1)
      : config_(config), random_(seed) {}

  void send(Time now, Bytes datagram);
  std::optional<Datagram> poll(Time now);  // The next that has arrived by `now`.
  Time next_deadline() const;

  void set_config(const LinkConfig& config) { config_ = config; }
  void set_down(bool down) { down_ = down; }
  // How long a datagram that entered now would wait before it is on the wire.
  Duration queueing_delay(Time now) const;
  const Counters& counters() const { return counters_; }

 private:
  Duration on_wire(std::size_t bytes) const;  // Where there is a limit.
  bool is_lost();
  bool chance(double share) {
    return share > 0 && std::uniform_real_distribution(0.0, 1.0)(random_) < share;
  }
  void deliver(Time at, Bytes datagram);

  LinkConfig config_;
  std::mt19937_64 random_;
  bool down_ = false;
  bool in_burst_ = false;
  Time wire_free_ = kAtOnce;  // When the last datagram has left the queue.
  Time last_arrival_ = kAtOnce;
  std::uint64_t entered_ = 0;
  // By arrival, then by the order in which they entered.
  std::map<std::pair<Time, std::uint64_t>, Datagram> under_way_;
  Counters counters_;
};

}  // namespace parley::sim
