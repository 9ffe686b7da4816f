#include "net/source_limiter.h"

#include <algorithm>
#include <bit>

namespace parley::net {
namespace {

constexpr double kSecondsPerMillisecond = 1e-3;

// Repeats after 49 days. A source that comes back just then may find its bucket as it left it.
std::uint32_t milliseconds(Time now) {
  return static_cast<std::uint32_t>(now.time_since_epoch() / std::chrono::milliseconds{1});
}

// Multiplies to 128 bits and folds them: every bit of both reaches every bit of the result.
std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// The part of an address that stands for one source: all of IPv4, a /64 of IPv6.
std::uint64_t prefix_of(const IpAddress& source) {
  ByteReader reader(source.bytes());
  return source.is_v4() ? reader.u32() : reader.u64();
}

}  // namespace

SourceLimiter::SourceLimiter(Config config, Random& random)
    : config_(config),
      secret_{random.u64() | 1, random.u64()},
      rows_(std::bit_ceil(std::max(config.sources / kWays, std::size_t{1}))) {}

bool SourceLimiter::allow(Time now, const IpAddress& source) {
  if (source.is_loopback()) return true;
  const std::uint32_t at = milliseconds(now);
  Bucket& bucket = bucket_of(key_of(source), at);
  const float tokens = tokens_at(bucket, at);
  bucket.filled_at = at;
  bucket.tokens = tokens >= 1 ? tokens - 1 : tokens;
  return tokens >= 1;
}

std::uint64_t SourceLimiter::key_of(const IpAddress& source) const {
  const std::uint64_t family = source.is_v4() ? 4 : 6;
  const std::uint64_t key = fold(prefix_of(source) ^ secret_[0], secret_[1] ^ family);
  return key == 0 ? 1 : key;
}

float SourceLimiter::tokens_at(const Bucket& bucket, std::uint32_t now) const {
  const double rested = static_cast<double>(now - bucket.filled_at) * kSecondsPerMillisecond;
  return static_cast<float>(std::min(config_.burst, bucket.tokens + rested * config_.per_second));
}

// The bucket of that key; if there is none, the fullest of its row becomes a fresh one.
SourceLimiter::Bucket& SourceLimiter::bucket_of(std::uint64_t key, std::uint32_t now) {
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
