#pragma once

#include "base/data_rate.h"
#include "base/time.h"
#include "rtp/sent_log.h"

namespace parley::cc {

// A short burst at a rate above the present one, to see whether the path carries it.
struct ProbeCluster {
  rtp::ProbeId id = {};
  DataRate rate = {};
  int min_packets = 5;
  DataSize min_size = {};

  friend bool operator==(const ProbeCluster&, const ProbeCluster&) = default;
};

}  // namespace parley::cc
