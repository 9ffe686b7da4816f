#pragma once

#include <cstddef>
#include <map>
#include <optional>

#include "cc/probe_cluster.h"

namespace parley::cc {

// What a probe cluster says of the path: the slower of how fast it was sent and how fast it came.
// Of a proof the second half counts as well: a token bucket is empty by then.
class ProbeEstimator {
 public:
  struct Config {
    Duration max_interval = std::chrono::seconds{1};  // Longer than that is no burst.
    double min_share = 0.8;                           // Of a cluster has to arrive; ...
    double min_share_of_proof = 0.9;                  // ... the end of a proof tells most.
    double max_speed_up = 2;  // Came so much faster than sent: a queue on the way collected it.
    double saturated_below = 0.9;  // Came slower than that: this is the capacity; stay below it.
    double saturated_use = 0.95;
    std::size_t max_clusters = 16;
  };
  struct Result {
    DataRate rate = {};
    ProbeKind kind = ProbeKind::kPlain;
  };

  ProbeEstimator() : ProbeEstimator(Config{}) {}
  explicit ProbeEstimator(Config config) : config_(config) {}

  void expect(const ProbeCluster& cluster);

  // A packet of a cluster that arrived. An estimate once enough did, better with each after it.
  std::optional<Result> handle_packet(const rtp::SentLog::PacketResult& result);

 private:
  struct Half {  // What came after the packet by which it began.
    Duration begins = {};
    DataSize size = {};
  };
  struct Cluster {
    ProbeCluster plan = {};
    int packets = 0;
    DataSize size = {};
    Time first_sent = Time::max();
    Time last_sent = Time::min();
    Duration first_received = Duration::max();
    Duration last_received = Duration::min();
    DataSize size_last_sent = {};
    DataSize size_first_received = {};
    std::optional<Half> second = {};
  };

  std::optional<DataRate> estimate(const Cluster& cluster) const;
  std::optional<DataRate> rate_of_second_half(const Cluster& cluster) const;

  Config config_;
  std::map<rtp::ProbeId, Cluster> clusters_;  // Never more than config_.max_clusters.
};

}  // namespace parley::cc
