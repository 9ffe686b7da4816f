#pragma once

#include "base/data_rate.h"
#include "base/time.h"
#include "rtp/sent_log.h"

namespace parley::cc {

enum class ProbeKind : std::uint8_t {
  kPlain,
  kTrial,  // Too short to be believed: what it finds is to be proven.
  kProof,  // So long that it does not pass by what a token bucket has saved up.
};

// A short burst at a rate above the present one, to see whether the path carries it.
struct ProbeCluster {
  rtp::ProbeId id = {};
  DataRate rate = {};
  int min_packets = 5;
  DataSize min_size = {};
  ProbeKind kind = ProbeKind::kPlain;

  friend bool operator==(const ProbeCluster&, const ProbeCluster&) = default;
};

}  // namespace parley::cc
