#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>

#include "base/data_rate.h"
#include "base/time.h"
#include "rtp/sent_log.h"

namespace parley::cc {

// What became of packets that were sent within a stretch of time.
struct LossReport {
  Time sent_first = {};
  Time sent_last = {};
  std::size_t packets = 0;  // Received and lost.
  std::size_t lost = 0;
  DataSize size = {};  // Of them all.
};

// Counts losses out of feedback. A packet that is missing when others after it are reported may
// only have been overtaken, so it counts as lost when it has been missing for a while.
class LossTally {
 public:
  struct Config {
    Duration grace = std::chrono::milliseconds{150};  // Two reports of a browser, and some.
    std::size_t max_missing = 4'096;
  };

  LossTally() : LossTally(Config{}) {}
  explicit LossTally(Config config) : config_(config) {}

  // What is certain since the last call; none if nothing is.
  std::optional<LossReport> handle_results(Time now,
                                           std::span<const rtp::SentLog::PacketResult> results);

 private:
  struct Missing {
    Time reported = {};
    Time sent = {};
    DataSize size = {};
  };

  static void count(LossReport& report, Time sent, DataSize size, bool lost);

  Config config_;
  std::map<rtp::SeqNo, Missing> missing_;  // Never more than config_.max_missing.
};

}  // namespace parley::cc
