#include "cc/pacing_budget.h"

#include <algorithm>

namespace parley::cc {

void PacingBudget::set_rate(Time now, DataRate rate) {
  if (rate == rate_) return;
  pay(now);
  rate_ = rate;
}

void PacingBudget::handle_sent(Time now, DataSize size) {
  pay(now);
  debt_ = std::min(debt_ + size, std::max(rate_ * config_.max_debt, min_burst_ + size));
}

Time PacingBudget::next_deadline() const {
  if (rate_ <= DataRate()) return kNever;
  if (debt_ <= DataSize()) return kAtOnce;
  return paid_ + debt_ / rate_ - std::max(config_.burst, min_burst_ / rate_);
}

bool PacingBudget::allows(Time now) {
  pay(now);
  return rate_ > DataRate() && debt_ <= allowance();
}

void PacingBudget::pay(Time now) {
  if (now <= paid_) return;
  if (debt_ > DataSize()) {
    // A debt is small and so is the time it lasts: no need to multiply by more.
    const Duration elapsed = std::min<Duration>(now - paid_, std::chrono::hours{1});
    debt_ = std::max(debt_ - rate_ * elapsed, DataSize());
  }
  paid_ = now;
}

}  // namespace parley::cc
