#pragma once

#include <algorithm>

#include "base/time.h"

namespace parley::cc {

// Thirty years either way: no difference of two such times overflows, nor a sum with a pause.
inline constexpr Duration kEternity = std::chrono::hours{24 * 365 * 30};

// The latest time that the owner told. It does not go back, whatever is said; nor further than can
// be reckoned with.
class ToldTime {
 public:
  Time advance(Time now) { return latest_ = std::clamp(now, latest_, Time(kEternity)); }
  Time latest() const { return latest_; }

 private:
  Time latest_{-kEternity};
};

}  // namespace parley::cc
