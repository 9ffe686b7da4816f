#pragma once

#include <cstdint>
#include <map>

namespace parley::server {

struct ApiCounters {
  std::map<int, std::uint64_t> answers = {};  // By status.
  std::uint64_t log_ins = 0, wrong_log_ins = 0, registrations = 0, refreshes = 0;
  std::uint64_t reused_tokens = 0;  // Refresh tokens that somebody had used before.
};

}  // namespace parley::server
