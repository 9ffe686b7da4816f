#include "cc/probe_estimator.h"

#include <algorithm>

namespace parley::cc {

void ProbeEstimator::expect(const ProbeCluster& cluster) {
  if (clusters_.size() >= config_.max_clusters) clusters_.erase(clusters_.begin());
  clusters_.emplace(cluster.id, Cluster{.plan = cluster});
}

std::optional<ProbeEstimator::Result> ProbeEstimator::handle_packet(
    const rtp::SentLog::PacketResult& result) {
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
  if (cluster.second) {
    cluster.second->size += size;
  } else if (cluster.size >= cluster.plan.min_size * 0.5) {
    cluster.second = {.begins = *result.received};
  }
  const auto rate = estimate(cluster);
  if (!rate) return std::nullopt;
  return Result{.rate = *rate, .kind = cluster.plan.kind};
}

// The last that was sent took no time of the interval in which they were sent, nor did the first
// that was received.
std::optional<DataRate> ProbeEstimator::estimate(const Cluster& cluster) const {
  const bool is_proof = cluster.plan.kind == ProbeKind::kProof;
  const double share = is_proof ? config_.min_share_of_proof : config_.min_share;
  if (cluster.packets < share * cluster.plan.min_packets) return std::nullopt;
  if (cluster.size < cluster.plan.min_size * share) return std::nullopt;
  const Duration sending = cluster.last_sent - cluster.first_sent;
  const Duration receiving = cluster.last_received - cluster.first_received;
  const auto is_burst = [&](Duration interval) {
    return interval > Duration::zero() && interval <= config_.max_interval;
  };
  if (!is_burst(sending) || !is_burst(receiving)) return std::nullopt;
  const DataRate sent = (cluster.size - cluster.size_last_sent) / sending;
  DataRate received = (cluster.size - cluster.size_first_received) / receiving;
  if (received > sent * config_.max_speed_up) return std::nullopt;
  if (is_proof) received = std::min(received, rate_of_second_half(cluster).value_or(received));
  if (received < sent * config_.saturated_below) return received * config_.saturated_use;
  return std::min(sent, received);
}

std::optional<DataRate> ProbeEstimator::rate_of_second_half(const Cluster& cluster) const {
  if (!cluster.second || cluster.last_received <= cluster.second->begins) return std::nullopt;
  return cluster.second->size / (cluster.last_received - cluster.second->begins);
}

}  // namespace parley::cc
