#include "cc/loss_tally.h"

#include <algorithm>

namespace parley::cc {

std::optional<LossReport> LossTally::handle_results(
    Time now, std::span<const rtp::SentLog::PacketResult> results) {
  LossReport report{.sent_first = Time::max(), .sent_last = Time::min()};
  for (const auto& result : results) {
    const DataSize size = DataSize::bytes(result.size);
    if (!result.received) {
      missing_.try_emplace(result.seq, Missing{.reported = now, .sent = result.sent, .size = size});
      continue;
    }
    missing_.erase(result.seq);
    count(report, result.sent, size, false);
  }
  // They are in the order of sending, and nearly in that of reporting.
  while (!missing_.empty()) {
    const Missing& oldest = missing_.begin()->second;
    if (now - oldest.reported < config_.grace && missing_.size() <= config_.max_missing) break;
    count(report, oldest.sent, oldest.size, true);
    missing_.erase(missing_.begin());
  }
  if (report.packets == 0) return std::nullopt;
  return report;
}

void LossTally::count(LossReport& report, Time sent, DataSize size, bool lost) {
  report.sent_first = std::min(report.sent_first, sent);
  report.sent_last = std::max(report.sent_last, sent);
  report.size += size;
  ++report.packets;
  report.lost += lost;
}

}  // namespace parley::cc
