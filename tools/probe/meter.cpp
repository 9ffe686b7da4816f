#include "probe/meter.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace parley::probe {
namespace {

// In kbit/s. The last is the bound: a probe is to measure a network, not to fill it, and the relay
// gives one user no more than a few times that.
constexpr std::array<std::int64_t, 8> kSteps{500,   1'000,  2'000,  4'000,
                                             8'000, 12'000, 16'000, 20'000};

Duration median(std::vector<Duration> durations) {
  if (durations.empty()) return {};
  const auto middle = durations.begin() + static_cast<std::ptrdiff_t>(durations.size() / 2);
  std::ranges::nth_element(durations, middle);
  return *middle;
}

Duration mean_difference(const std::vector<Duration>& durations) {
  if (durations.size() < 2) return {};
  Duration sum{};
  for (std::size_t i = 1; i < durations.size(); ++i) {
    sum += std::chrono::abs(durations[i] - durations[i - 1]);
  }
  return sum / static_cast<Duration::rep>(durations.size() - 1);
}

}  // namespace

void Meter::start(Time now) {
  began_ = now;
}

std::optional<std::uint32_t> Meter::poll(Time now) {
  if (began_ == kNever || all_sent()) return std::nullopt;
  if (now < began_ + Duration(kSpacing * sent_.size())) return std::nullopt;
  sent_.push_back(now);
  seen_.push_back(false);
  return static_cast<std::uint32_t>(sent_.size() - 1);
}

void Meter::received(Time now, std::uint32_t number) {
  if (number >= sent_.size() || seen_[number]) return;
  seen_[number] = true;
  travelled_.push_back(now - sent_[number]);
}

bool Meter::is_over(Time now) const {
  return all_received() || (all_sent() && now >= sent_.back() + kPatience);
}

Time Meter::next_deadline() const {
  if (began_ == kNever) return kNever;
  if (all_received()) return kAtOnce;
  return all_sent() ? sent_.back() + kPatience : began_ + Duration(kSpacing * sent_.size());
}

Quality Meter::result() const {
  return {.sent = sent_.size(),
          .received = travelled_.size(),
          .round_trip = median(travelled_),
          .jitter = mean_difference(travelled_)};
}

Ramp::Ramp(Duration length) : step_length_(length / static_cast<Duration::rep>(kSteps.size())) {
  std::uint32_t next = 0;
  for (const auto kbps : kSteps) {
    const auto bytes = kbps * 1'000 / 8 * step_length_.count() / 1'000'000;
    const auto packets = std::max<std::size_t>(4, static_cast<std::size_t>(bytes) / kPacketSize);
    steps_.push_back({.packets = packets, .first = next});
    next += static_cast<std::uint32_t>(packets);
  }
  seen_.resize(next);
}

void Ramp::start(Time now) {
  began_ = now;
}

Duration Ramp::spacing(std::size_t step) const {
  return step_length_ / static_cast<Duration::rep>(steps_[step].packets);
}

std::optional<std::uint32_t> Ramp::poll(Time now) {
  if (began_ == kNever || stopped_) return std::nullopt;
  const Time due = next_deadline();
  if (now < due) return std::nullopt;
  const auto number = steps_[step_].first + static_cast<std::uint32_t>(sent_);
  if (++sent_ == steps_[step_].packets) {
    stopped_ = is_full() || step_ + 1 == steps_.size();
    stopped_at_ = now;
    if (!stopped_) {
      ++step_;
      sent_ = 0;
    }
  }
  return number;
}

// Judged by the step before, of which all has had time to arrive.
bool Ramp::is_full() const {
  return step_ > 0 && steps_[step_ - 1].received * 10 < steps_[step_ - 1].packets * 6;
}

void Ramp::received(Time now, std::uint32_t number) {
  if (number >= seen_.size() || seen_[number]) return;
  seen_[number] = true;
  const auto after = std::ranges::upper_bound(steps_, number, {}, &Step::first);
  Step& step = *std::prev(after);
  ++step.received;
  if (step.first_at == kNever) step.first_at = now;
  step.last_at = now;
}

bool Ramp::is_over(Time now) const {
  if (!stopped_) return false;
  const Step& last = steps_[step_];
  return last.received == last.packets || now >= stopped_at_ + kPatience;
}

Time Ramp::next_deadline() const {
  if (began_ == kNever) return kNever;
  if (stopped_) return stopped_at_ + kPatience;
  return began_ + step_length_ * static_cast<Duration::rep>(step_) +
         spacing(step_) * static_cast<Duration::rep>(sent_);
}

// By the time in which they arrived: where a queue holds them back, that is longer than the time in
// which they left.
DataRate Ramp::rate_of(const Step& step) const {
  if (step.received == 0) return {};
  const Duration took = std::max(step_length_, step.last_at - step.first_at);
  const auto bits = static_cast<std::int64_t>(step.received * kPacketSize * 8);
  return DataRate::bps(bits * 1'000'000 / std::max<Duration::rep>(1, took.count()));
}

DataRate Ramp::rate() const {
  DataRate best;
  for (const Step& step : steps_) best = std::max(best, rate_of(step));
  return best;
}

bool Ramp::is_at_least() const {
  const Step& last = steps_.back();
  return last.received * 100 >= last.packets * 95 &&
         last.last_at - last.first_at < step_length_ * 5 / 4;
}

}  // namespace parley::probe
