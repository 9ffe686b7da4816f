#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/small_queue.h"
#include "cc/probe_cluster.h"

namespace parley::cc {

// Times probe clusters, one after the other: the next packet of one is due when those before it are
// through at the cluster's rate.
class ProbeBurst {
 public:
  struct Config {
    Duration max_late = std::chrono::milliseconds{20};  // Later, and the rate is no longer its own.
    Duration max_wait = std::chrono::seconds{5};        // For its turn.
    std::size_t max_clusters = 8;
  };

  ProbeBurst() : ProbeBurst(Config{}) {}
  explicit ProbeBurst(Config config) : config_(config) {}

  void add(Time now, const ProbeCluster& cluster);

  bool empty() const { return clusters_.empty(); }
  // The cluster of which a packet is due at `now`; none if nothing is.
  std::optional<rtp::ProbeId> due(Time now);
  // A packet of the cluster that due() named.
  void handle_sent(Time now, DataSize size);

  Time next_deadline() const;
  std::uint64_t abandoned() const { return abandoned_; }  // Clusters that came too late.

 private:
  struct Progress {
    ProbeCluster plan = {};
    Time added = {};
    std::optional<Time> started = {};
    DataSize sent = {};
    int packets = 0;
  };

  static Time due_time(const Progress& progress);
  bool is_stale(Time now, const Progress& progress) const;

  Config config_;
  SmallQueue<Progress> clusters_;  // Never more than config_.max_clusters. The first is under way.
  std::uint64_t abandoned_ = 0;
};

}  // namespace parley::cc
