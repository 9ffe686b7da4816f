#include "cc/probe_estimator.h"

#include <algorithm>

namespace parley::cc {

void ProbeEstimator::expect(const ProbeCluster& cluster) {
  if (clusters_.size() >= config_.max_clusters) clusters_.erase(clusters_.begin());
  clusters_.emplace(cluster.id, Cluster{.plan = cluster});
}

std::optional<DataRate> ProbeEstimator::handle_packet(const rtp::SentLog::PacketResult& result) {
  if (!result.received || !result.probe) return std::nullopt;
  const auto it = clusters_.find(result.probe);
  if (it == clusters_.end()) return std::nullopt;
  Cluster& cluster = it->second;
  const DataSize size = DataSize::bytes(result.size);
  if (result.sent < cluster.first_sent) cluster.first_sent = result.sent;
  if (result.sent >= cluster.last_sent) {
    cluster.last_sent = result.sent;
    cluster.size_last_sent = size;
  }
  if (*result.received < cluster.first_received) {
    cluster.first_received = *result.received;
    cluster.size_first_received = size;
  }
  cluster.last_received = std::max(cluster.last_received, *result.received);
  cluster.size += size;
  ++cluster.packets;
  return estimate(cluster);
}

// The last that was sent took no time of the interval in which they were sent, nor did the first
// that was received.
std::optional<DataRate> ProbeEstimator::estimate(const Cluster& cluster) const {
  if (cluster.packets < config_.min_share * cluster.plan.min_packets) return std::nullopt;
  if (cluster.size < cluster.plan.min_size * config_.min_share) return std::nullopt;
  const Duration sending = cluster.last_sent - cluster.first_sent;
  const Duration receiving = cluster.last_received - cluster.first_received;
  const auto is_burst = [&](Duration interval) {
    return interval > Duration::zero() && interval <= config_.max_interval;
  };
  if (!is_burst(sending) || !is_burst(receiving)) return std::nullopt;
  const DataRate sent = (cluster.size - cluster.size_last_sent) / sending;
  const DataRate received = (cluster.size - cluster.size_first_received) / receiving;
  if (received > sent * config_.max_speed_up) return std::nullopt;
  if (received < sent * config_.saturated_below) return received * config_.saturated_use;
  return std::min(sent, received);
}

}  // namespace parley::cc
