#include "mcu/rate_choice.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/assert.h"

namespace parley::mcu {
namespace {

// Of a budget: the rest is for frames that are larger than others, and a step up needs some.
constexpr double kUsable = 0.85;
// What even the smallest quality is too much for sees half of its frames.
constexpr double kTooMuch = 0.5;
// Higher rates are left only for a clear gain, in the mean of all viewers.
constexpr double kClearly = 0.01;

double in_bps(DataRate rate) {
  return static_cast<double>(rate.in_bps());
}

}  // namespace

RateChoice::RateChoice(Config config) : config_(std::move(config)) {
  PARLEY_ASSERT(config_.bounds.size() <= sfu::ViewerBudgets::kEncodings);
  qualities_.resize(config_.bounds.size());
}

DataRate RateChoice::rate(std::size_t quality) const {
  return rate(quality, qualities_[quality].step);
}

DataRate RateChoice::rate(std::size_t quality, std::size_t step) const {
  const Bounds& bounds = config_.bounds[quality];
  if (step + 1 == kSteps) return bounds.most;
  const double share = static_cast<double>(step) / (kSteps - 1);
  const double ratio = in_bps(bounds.most) / in_bps(bounds.least);
  return bounds.least * std::pow(ratio, share);
}

bool RateChoice::handle(Time now, const sfu::ViewerBudgets& budgets) {
  if (budgets.empty()) return false;
  const std::vector<std::size_t> wanted = best(budgets);
  bool changed = false;
  for (std::size_t i = 0; i < qualities_.size(); ++i) {
    changed = follow(now, qualities_[i], wanted[i]) || changed;
  }
  return changed;
}

// It goes as far as was wanted all the time.
bool RateChoice::follow(Time now, Quality& quality, std::size_t wanted) const {
  const bool is_down = wanted < quality.step;
  const bool goes_on = wanted != quality.step && quality.since != kNever &&
                       is_down == (quality.wanted < quality.step);
  if (!goes_on) {
    quality.since = wanted == quality.step ? kNever : now;
    quality.wanted = wanted;
    return false;
  }
  quality.wanted = is_down ? std::max(quality.wanted, wanted) : std::min(quality.wanted, wanted);
  if (now - quality.since < (is_down ? config_.down_after : config_.up_after)) return false;
  quality.step = quality.wanted;
  quality.since = kNever;
  return true;
}

// All of them are tried: there are 216 at most.
std::vector<std::size_t> RateChoice::best(const sfu::ViewerBudgets& budgets) const {
  std::vector<std::size_t> steps(qualities_.size(), kSteps - 1);
  std::vector<std::size_t> best = steps;
  double most = worth(budgets, steps);
  const auto next = [&] {
    for (std::size_t& step : steps) {
      if (step > 0) {
        --step;
        return true;
      }
      step = kSteps - 1;
    }
    return false;
  };
  const double lowered =
      kClearly / (static_cast<double>(kSteps) * static_cast<double>(steps.size()));
  while (next()) {
    double costs = 0;  // Of rates that are lower than they could be.
    for (const std::size_t step : steps) costs += lowered * static_cast<double>(kSteps - 1 - step);
    const double value = worth(budgets, steps) - costs;
    if (value <= most) continue;
    most = value;
    best = steps;
  }
  return best;
}

// In the mean of all viewers.
double RateChoice::worth(const sfu::ViewerBudgets& budgets,
                         const std::vector<std::size_t>& steps) const {
  double sum = 0;
  double viewers = 0;
  for (std::size_t largest = 0; largest < sfu::ViewerBudgets::kEncodings; ++largest) {
    for (std::size_t at = 0; at < sfu::ViewerBudgets::kSteps; ++at) {
      const std::uint32_t count = budgets.count(largest, at);
      if (count == 0) continue;
      const double usable = kUsable * in_bps(sfu::ViewerBudgets::rate(at));
      double gets = kTooMuch * std::min(usable, in_bps(rate(0, steps[0])));
      for (std::size_t i = 0; i <= largest && i < steps.size(); ++i) {
        const double one = in_bps(rate(i, steps[i]));
        if (one <= usable) gets = std::max(gets, one);
      }
      sum += count * std::log(gets);
      viewers += count;
    }
  }
  return sum / viewers;
}

}  // namespace parley::mcu
