#include "cc/probe_burst.h"

#include "base/assert.h"

namespace parley::cc {

void ProbeBurst::add(Time now, const ProbeCluster& cluster) {
  if (cluster.rate <= DataRate()) return;
  if (clusters_.size() >= config_.max_clusters) {
    ++abandoned_;
    return;
  }
  clusters_.push_back({.plan = cluster, .added = now});
}

std::optional<rtp::ProbeId> ProbeBurst::due(Time now) {
  while (!clusters_.empty() && is_stale(now, clusters_.front())) {
    clusters_.pop_front();
    ++abandoned_;
  }
  if (clusters_.empty() || next_deadline() > now) return std::nullopt;
  return clusters_.front().plan.id;
}

void ProbeBurst::handle_sent(Time now, DataSize size) {
  PARLEY_ASSERT(!clusters_.empty());
  Progress& progress = clusters_.front();
  if (!progress.started) progress.started = now;
  progress.sent += size;
  ++progress.packets;
  if (progress.packets >= progress.plan.min_packets && progress.sent >= progress.plan.min_size) {
    clusters_.pop_front();
  }
}

Time ProbeBurst::next_deadline() const {
  return clusters_.empty() ? kNever : due_time(clusters_.front());
}

Time ProbeBurst::due_time(const Progress& progress) {
  if (!progress.started) return progress.added;
  return *progress.started + progress.sent / progress.plan.rate;
}

bool ProbeBurst::is_stale(Time now, const Progress& progress) const {
  if (!progress.started) return now - progress.added > config_.max_wait;
  return now - due_time(progress) > config_.max_late;
}

}  // namespace parley::cc
