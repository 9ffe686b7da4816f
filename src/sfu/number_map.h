#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace parley::sfu {

// The numbers of a stream of which some are taken out on the way: as they come in, without
// wrapping, and as they go out, where nothing shows what was taken out. What is missing keeps its
// number, so that it can still come. Both ways work for what is some way back, too.
class NumberMap {
 public:
  // `in` goes out as `out`; nothing before it has a number.
  void start(std::uint64_t in, std::uint16_t out);

  std::uint64_t newest() const { return newest_; }
  // The highest number that goes out for what came so far; of what is missing, too.
  std::uint16_t last() const { return static_cast<std::uint16_t>(newest_ + shift_); }

  // `in` is newer than newest(): it gets the number that is returned.
  std::uint16_t take(std::uint64_t in) {
    newest_ = in;
    return last();
  }
  // `in` is newer than newest(): it gets none. Nor does what is missing in front of it,
  // `with_missing`.
  void drop(std::uint64_t in, bool with_missing = false);

  // What a number not above newest() goes out as. Nothing: it was taken out, or is too far back.
  std::optional<std::uint16_t> find(std::uint64_t in) const;
  // What goes out as this number, not above last().
  std::optional<std::uint64_t> find_in(std::uint16_t out) const;

 private:
  // What was taken out in a row, by its low bits. Some seconds of a stream that loses the upper
  // half of its layers.
  struct Dropped {
    std::uint32_t begin = 0, end = 0;

    std::uint32_t size() const { return end - begin; }
  };
  static constexpr std::size_t kRemembered = 64;

  // How far `number` is behind what comes next: 1 is newest().
  std::uint32_t behind(std::uint32_t number) const {
    return static_cast<std::uint32_t>(newest_ + 1) - number;
  }
  const Dropped& dropped(std::size_t age) const {
    return dropped_[(drops_ - 1 - age) % kRemembered];
  }
  std::size_t remembered() const { return drops_ < kRemembered ? drops_ : kRemembered; }

  std::uint64_t newest_ = 0;
  std::uint64_t oldest_ = 0;  // What came before cannot be told any more.
  std::uint16_t shift_ = 0;   // Of newest(): what is to be added.
  std::size_t drops_ = 0;
  std::vector<Dropped> dropped_;  // A ring; nothing is ever taken out of most streams.
};

}  // namespace parley::sfu
