#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/data_rate.h"
#include "base/time.h"

namespace parley::sfu {

inline constexpr std::size_t kMaxSpatialLayers = 4;
inline constexpr std::size_t kMaxTemporalLayers = 4;

// What the layers of one stream carry, over the last second.
class LayerRates {
 public:
  // `spatial` and `temporal` are below their maxima.
  void add(Time now, std::uint8_t spatial, std::uint8_t temporal, std::size_t bytes,
           bool ends_frame);

  struct Measured {
    std::uint8_t spatial = 0;
    std::uint8_t temporal = 0;
    DataRate rate = {};  // With the layers below it.
    double frames_per_second = 0;
    bool settled = false;  // It has gone on for long enough to be measured.
  };
  // Calls `visit(Measured)` for each layer of which something came since `since`, the lowest first.
  template <class Visit>
  void for_each(Time now, Time since, Visit&& visit) const {
    for (std::size_t i = 0; i < meters_.size(); ++i) {
      if (meters_[i].used && meters_[i].last >= since) visit(measure(now, i));
    }
  }

 private:
  static constexpr std::size_t kBuckets = 10;
  static constexpr Duration kBucket = std::chrono::milliseconds{100};

  struct Meter {
    struct Bucket {
      std::uint32_t bytes = 0;
      std::uint32_t frames = 0;
    };
    std::array<Bucket, kBuckets> buckets = {};
    std::int64_t newest = 0;  // Which bucket of all time is the newest.
    Time first = {};          // Since when it has run without a pause.
    Time last = {};
    bool used = false;
  };
  struct Flow {
    double bytes = 0;  // Both a second.
    double frames = 0;
  };

  static void turn_to(Meter& meter, Time now);
  static Flow flow(const Meter& meter, Time now);
  Measured measure(Time now, std::size_t index) const;

  std::vector<Meter> meters_;  // By spatial * kMaxTemporalLayers + temporal.
};

}  // namespace parley::sfu
