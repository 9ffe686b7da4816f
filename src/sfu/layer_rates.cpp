#include "sfu/layer_rates.h"

#include <algorithm>

#include "base/assert.h"

namespace parley::sfu {
namespace {

constexpr std::int64_t bucket_of(Time now, Duration bucket) {
  return now.time_since_epoch() / bucket;
}

// A stream that has just begun, with a key frame, is no measure of itself.
constexpr Duration kLeast = std::chrono::milliseconds{500};

}  // namespace

void LayerRates::add(Time now, std::uint8_t spatial, std::uint8_t temporal, std::size_t bytes,
                     bool ends_frame) {
  PARLEY_ASSERT(spatial < kMaxSpatialLayers && temporal < kMaxTemporalLayers);
  const std::size_t index = spatial * kMaxTemporalLayers + temporal;
  if (index >= meters_.size()) meters_.resize(index + 1);
  Meter& meter = meters_[index];
  turn_to(meter, now);
  meter.last = now;
  Meter::Bucket& bucket = meter.buckets[static_cast<std::size_t>(meter.newest) % kBuckets];
  bucket.bytes += static_cast<std::uint32_t>(bytes);
  bucket.frames += ends_frame ? 1 : 0;
}

void LayerRates::turn_to(Meter& meter, Time now) {
  const std::int64_t current = bucket_of(now, kBucket);
  if (meter.used && current <= meter.newest) return;
  if (!meter.used || current - meter.newest > static_cast<std::int64_t>(kBuckets)) {
    meter = {.newest = current, .first = now, .used = true};
    return;
  }
  while (meter.newest < current) {
    meter.buckets[static_cast<std::size_t>(++meter.newest) % kBuckets] = {};
  }
}

LayerRates::Flow LayerRates::flow(const Meter& meter, Time now) {
  const std::int64_t current = bucket_of(now, kBucket);
  const std::int64_t oldest = current - static_cast<std::int64_t>(kBuckets) + 1;
  Flow sum;
  for (std::int64_t i = std::max(oldest, meter.newest - static_cast<std::int64_t>(kBuckets) + 1);
       i <= meter.newest; ++i) {
    const Meter::Bucket& bucket = meter.buckets[static_cast<std::size_t>(i) % kBuckets];
    sum.bytes += bucket.bytes;
    sum.frames += bucket.frames;
  }
  const Time window = Time(oldest * kBucket);
  const Duration span = std::max(now - std::max(window, meter.first), kLeast);
  const double seconds = std::chrono::duration<double>(span).count();
  return {.bytes = sum.bytes / seconds, .frames = sum.frames / seconds};
}

// A layer needs those below it, in both directions; each picture has one frame in each spatial one.
LayerRates::Measured LayerRates::measure(Time now, std::size_t index) const {
  const std::size_t spatial = index / kMaxTemporalLayers;
  const std::size_t temporal = index % kMaxTemporalLayers;
  Flow sum;
  for (std::size_t i = 0; i <= index; ++i) {
    if (i % kMaxTemporalLayers > temporal || !meters_[i].used) continue;
    const Flow one = flow(meters_[i], now);
    sum.bytes += one.bytes;
    if (i / kMaxTemporalLayers == spatial) sum.frames += one.frames;
  }
  return {.spatial = static_cast<std::uint8_t>(spatial),
          .temporal = static_cast<std::uint8_t>(temporal),
          .rate = DataRate::bps(static_cast<std::int64_t>(sum.bytes * 8)),
          .frames_per_second = sum.frames,
          .settled = now - meters_[index].first >= kLeast};
}

}  // namespace parley::sfu
