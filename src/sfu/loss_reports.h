#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "rtp/rtcp/message.h"

namespace parley::sfu {

// What a receiver's reports say is lost on the way to it: of what was expected since its report
// before, over all slots (RFC 3550, 6.4.1 and appendix A.3).
class LossReports {
 public:
  struct Loss {
    std::uint64_t lost = 0;
    std::uint64_t expected = 0;

    friend bool operator==(const Loss&, const Loss&) = default;
  };

  explicit LossReports(std::size_t slots = 0) : last_(slots) {}

  // So many slots there are from now on: no fewer than before.
  void set_slots(std::size_t slots) { last_.resize(slots); }

  // The block about `slot`; what is new in it.
  Loss handle(std::size_t slot, const rtp::rtcp::ReportBlock& block);
  // All that the blocks of one report came to.
  void handle_report(const Loss& sum);

  double share() const { return share_; }  // Lost of all, smoothed.

 private:
  struct Last {
    bool known = false;
    std::uint32_t highest_sequence = 0;
    std::int32_t cumulative_lost = 0;
  };

  std::vector<Last> last_;  // By slot.
  double share_ = 0;
};

}  // namespace parley::sfu
