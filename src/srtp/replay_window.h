#pragma once

#include <array>
#include <cstdint>

namespace parley::srtp {

// Which of the latest 1,024 packet indices were taken (RFC 3711, 3.3.2, which asks for 64 at
// least). A retransmission may be a second late; at 8 Mbit/s that is about 1,000 packets.
class ReplayWindow {
 public:
  static constexpr std::uint64_t kSize = 1024;

  enum class Verdict : std::uint8_t { kNew, kReplayed, kTooOld };

  // `index` is the first that was taken; those before it may still come.
  static ReplayWindow starting_at(std::uint64_t index);
  // Nothing up to `index` is new any more.
  static ReplayWindow closed_up_to(std::uint64_t index);

  Verdict check(std::uint64_t index) const;
  // Once check() said kNew.
  void take(std::uint64_t index);

  std::uint64_t highest() const { return highest_; }

 private:
  explicit ReplayWindow(std::uint64_t highest) : highest_(highest) {}

  void forget_between(std::uint64_t from, std::uint64_t to);

  std::uint64_t highest_;
  std::array<std::uint64_t, kSize / 64> taken_ = {};  // A ring of bits: index modulo kSize.
};

}  // namespace parley::srtp
