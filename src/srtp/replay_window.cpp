#include "srtp/replay_window.h"

namespace parley::srtp {
namespace {

constexpr std::uint64_t bit_of(std::uint64_t index) {
  return std::uint64_t{1} << (index % 64);
}

constexpr std::size_t word_of(std::uint64_t index) {
  return index % ReplayWindow::kSize / 64;
}

}  // namespace

ReplayWindow ReplayWindow::starting_at(std::uint64_t index) {
  ReplayWindow window(index);
  window.taken_[word_of(index)] |= bit_of(index);
  return window;
}

ReplayWindow ReplayWindow::closed_up_to(std::uint64_t index) {
  ReplayWindow window(index);
  window.taken_.fill(~std::uint64_t{0});
  return window;
}

ReplayWindow::Verdict ReplayWindow::check(std::uint64_t index) const {
  if (index > highest_) return Verdict::kNew;
  if (highest_ - index >= kSize) return Verdict::kTooOld;
  return (taken_[word_of(index)] & bit_of(index)) == 0 ? Verdict::kNew : Verdict::kReplayed;
}

void ReplayWindow::take(std::uint64_t index) {
  if (index > highest_) {
    forget_between(highest_, index);
    highest_ = index;
  }
  taken_[word_of(index)] |= bit_of(index);
}

// Frees the places in the ring of the indices in (from, to], which older ones still hold.
void ReplayWindow::forget_between(std::uint64_t from, std::uint64_t to) {
  if (to - from >= kSize) {
    taken_.fill(0);
    return;
  }
  for (std::uint64_t index = from + 1; index <= to; ++index) {
    taken_[word_of(index)] &= ~bit_of(index);
  }
}

}  // namespace parley::srtp
