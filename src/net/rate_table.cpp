#include "net/rate_table.h"

#include <algorithm>
#include <bit>

namespace parley::net {
namespace {

constexpr double kSecondsPerMillisecond = 1e-3;

// Repeats after 49 days. A key that comes back just then may find its bucket as it left it.
std::uint32_t milliseconds(Time now) {
  return static_cast<std::uint32_t>(now.time_since_epoch() / std::chrono::milliseconds{1});
}

std::uint64_t not_zero(std::uint64_t key) {
  return key == 0 ? 1 : key;
}

}  // namespace

RateTable::RateTable(Config config)
    : config_(config), rows_(std::bit_ceil(std::max(config.keys / kWays, std::size_t{1}))) {}

bool RateTable::take(Time now, std::uint64_t key) {
  const std::uint32_t at = milliseconds(now);
  Bucket& bucket = bucket_of(not_zero(key), at);
  const float tokens = tokens_at(bucket, at);
  bucket.filled_at = at;
  bucket.tokens = tokens >= 1 ? tokens - 1 : tokens;
  return tokens >= 1;
}

void RateTable::give_back(Time now, std::uint64_t key) {
  const std::uint32_t at = milliseconds(now);
  Bucket& bucket = bucket_of(not_zero(key), at);
  bucket.tokens = std::min(static_cast<float>(config_.burst), tokens_at(bucket, at) + 1);
  bucket.filled_at = at;
}

Duration RateTable::wait(Time now, std::uint64_t key) const {
  const Row& row = rows_[not_zero(key) & (rows_.size() - 1)];
  const auto bucket = std::ranges::find(row, not_zero(key), &Bucket::key);
  if (bucket == row.end()) return Duration::zero();
  const double missing = 1 - static_cast<double>(tokens_at(*bucket, milliseconds(now)));
  if (missing <= 0) return Duration::zero();
  if (config_.per_second <= 0) return Duration::max();
  return std::chrono::ceil<Duration>(std::chrono::duration<double>(missing / config_.per_second));
}

float RateTable::tokens_at(const Bucket& bucket, std::uint32_t now) const {
  const double rested = static_cast<double>(now - bucket.filled_at) * kSecondsPerMillisecond;
  return static_cast<float>(std::min(config_.burst, bucket.tokens + rested * config_.per_second));
}

// The bucket of that key; if there is none, the fullest of its row becomes a fresh one.
RateTable::Bucket& RateTable::bucket_of(std::uint64_t key, std::uint32_t now) {
  Row& row = rows_[key & (rows_.size() - 1)];
  Bucket* fullest = nullptr;
  float most = -1;
  for (Bucket& bucket : row) {
    if (bucket.key == key) return bucket;
    const float tokens =
        bucket.key == 0 ? static_cast<float>(config_.burst) + 1 : tokens_at(bucket, now);
    if (tokens <= most) continue;
    fullest = &bucket;
    most = tokens;
  }
  *fullest = {.key = key, .tokens = static_cast<float>(config_.burst), .filled_at = now};
  return *fullest;
}

}  // namespace parley::net
