#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace parley::srtp {

// Why a packet was not protected, or was dropped.
enum class Error : std::uint8_t {
  kTruncated,  // Shorter than its own header, or than what the profile appends.
  kMalformed,  // Not version 2.
  kBadTag,     // Forged or damaged, or for another key.
  kReplayed,   // This index was taken before. When sending: would encrypt twice under one nonce.
  kTooOld,     // Behind the replay window, or before the stream's beginning.
  kIndexExhausted,  // 2^48 RTP or 2^31 RTCP packets were sent: only new keys help.
  kTooManyStreams,
  kOutputTooSmall,
};

inline constexpr std::size_t kErrorCount = 8;

std::string_view to_string(Error error);

struct Counters {
  std::uint64_t rtp_packets = 0;  // Protected, or unprotected; without those dropped.
  std::uint64_t rtcp_packets = 0;
  std::array<std::uint64_t, kErrorCount> dropped = {};  // RTP and RTCP, by Error.

  std::uint64_t dropped_for(Error error) const { return dropped[std::to_underlying(error)]; }

  friend bool operator==(const Counters&, const Counters&) = default;
};

}  // namespace parley::srtp
