#include "sfu/loss_reports.h"

#include <algorithm>
#include <utility>

namespace parley::sfu {

LossReports::Loss LossReports::handle(std::size_t slot, const rtp::rtcp::ReportBlock& block) {
  const Last before = std::exchange(last_[slot], Last{.known = true,
                                                      .highest_sequence = block.highest_sequence,
                                                      .cumulative_lost = block.cumulative_lost});
  constexpr std::uint32_t kMost = 1 << 16;  // What goes back or jumps so far began anew.
  const std::uint32_t expected = block.highest_sequence - before.highest_sequence;
  if (!before.known || expected > kMost) return {};
  const std::int64_t lost = std::int64_t{block.cumulative_lost} - before.cumulative_lost;
  return {.lost = static_cast<std::uint64_t>(std::clamp<std::int64_t>(lost, 0, expected)),
          .expected = expected};
}

void LossReports::handle_report(const Loss& sum) {
  if (sum.expected == 0) return;
  const double share = static_cast<double>(sum.lost) / static_cast<double>(sum.expected);
  share_ = (3 * share_ + share) / 4;
}

}  // namespace parley::sfu
