#pragma once

#include <cstddef>
#include <vector>

#include "base/data_rate.h"
#include "base/time.h"
#include "sfu/viewer_budgets.h"

namespace parley::mcu {

// How much each quality of a mix is to cost, by what the links of those who watch it carry. Each
// viewer gets the largest quality that their link carries; the rates are those with which the
// room's people see most in all: the sum, over all of them, of the logarithm of what each gets. So
// one who has little is worth a little loss of the many, and no large one; where many have little
// the rates come down to them, instead of all of them falling to the next lower quality.
//
// Within bounds for each quality: below the lower one the smaller quality looks better, above the
// upper one nobody would see more. It goes down once that was better for a while, and up only after
// a longer one, as estimates swing.
class RateChoice {
 public:
  struct Bounds {
    DataRate least = {};
    DataRate most = {};
  };
  struct Config {
    std::vector<Bounds> bounds = {};  // The smallest quality first.
    Duration down_after = std::chrono::seconds{3};
    Duration up_after = std::chrono::seconds{8};
  };

  explicit RateChoice(Config config);

  // What viewers have now, told once a second. True: rate() of some quality is another.
  bool handle(Time now, const sfu::ViewerBudgets& budgets);

  std::size_t size() const { return qualities_.size(); }
  DataRate rate(std::size_t quality) const;
  DataRate most(std::size_t quality) const { return config_.bounds[quality].most; }

 private:
  static constexpr std::size_t kSteps = 6;  // From the least to the most, evenly by ratio.

  struct Quality {
    std::size_t step = kSteps - 1;
    std::size_t wanted = kSteps - 1;  // The nearest to `step` since it was another.
    Time since = kNever;              // Since when what is wanted is above `step`, or below.
  };

  DataRate rate(std::size_t quality, std::size_t step) const;
  std::vector<std::size_t> best(const sfu::ViewerBudgets& budgets) const;
  double worth(const sfu::ViewerBudgets& budgets, const std::vector<std::size_t>& steps) const;
  bool follow(Time now, Quality& quality, std::size_t wanted) const;

  Config config_;
  std::vector<Quality> qualities_;
};

}  // namespace parley::mcu
