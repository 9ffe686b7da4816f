#include "rtp/jitter_buffer.h"

#include <algorithm>
#include <utility>

namespace parley::rtp {
namespace {

constexpr Duration kBucket = std::chrono::milliseconds{5};

}  // namespace

DelayEstimator::DelayEstimator(Config config)
    : config_(config),
      histogram_(static_cast<std::size_t>(config.max / kBucket) + 1),
      target_(config.min) {}

void DelayEstimator::handle(Time now, Duration transit) {
  const bool is_first = fastest_ == Duration::max();
  update_fastest(now, transit);
  const auto bucket =
      static_cast<std::size_t>(std::max<std::int64_t>(0, (transit - fastest_) / kBucket));
  const double kept = is_first ? 0 : config_.forgetting;
  for (double& weight : histogram_) weight *= kept;
  histogram_[std::min(bucket, histogram_.size() - 1)] += 1 - kept;
  update_target();
}

// The minimum of the last one to two half windows: a clock that drifts, or a path that became
// longer, is followed.
void DelayEstimator::update_fastest(Time now, Duration transit) {
  if (!half_began_ || now - *half_began_ >= config_.window / 2) {
    fastest_ = std::exchange(fastest_in_next_, transit);
    half_began_ = now;
  }
  fastest_in_next_ = std::min(fastest_in_next_, transit);
  fastest_ = std::min(fastest_, transit);
}

void DelayEstimator::update_target() {
  double in_time = 0;
  std::size_t bucket = 0;
  while (bucket + 1 < histogram_.size() && (in_time += histogram_[bucket]) < config_.quantile) {
    ++bucket;
  }
  // The first bucket is no lateness at all; else wait until the bucket's end.
  const Duration wanted = bucket == 0 ? Duration() : Duration(kBucket * (bucket + 1));
  target_ = std::clamp(wanted, config_.min, config_.max);
}

void JitterBuffer::insert(Time now, Packet packet) {
  delay_.handle(now, now.time_since_epoch() - media_time(packet.timestamp));
  if (next_ && packet.seq < *next_) {
    ++counters_.late;
    return;
  }
  const SeqNo seq = packet.seq;
  if (!packets_.try_emplace(seq, std::move(packet)).second) {
    ++counters_.duplicate;
    return;
  }
  if (packets_.size() <= config_.capacity) return;
  next_ = packets_.begin()->first + 1;
  packets_.erase(packets_.begin());
  ++counters_.overflowed;
}

std::optional<JitterBuffer::Packet> JitterBuffer::poll(Time now) {
  if (now < next_deadline()) return std::nullopt;
  Packet packet = std::move(packets_.extract(packets_.begin()).mapped());
  packet.lost_before = next_ ? packet.seq - *next_ : 0;
  counters_.lost += packet.lost_before;
  next_ = packet.seq + 1;
  return packet;
}

Time JitterBuffer::next_deadline() const {
  return packets_.empty() ? kNever : due(packets_.begin()->second.timestamp);
}

Duration JitterBuffer::media_time(std::uint64_t timestamp) const {
  const std::uint64_t rate = config_.clock_rate;
  return std::chrono::seconds(timestamp / rate) +
         Duration(static_cast<std::int64_t>(timestamp % rate * 1'000'000 / rate));
}

Time JitterBuffer::due(std::uint64_t timestamp) const {
  return Time(media_time(timestamp) + delay_.fastest() + delay_.target());
}

}  // namespace parley::rtp
