#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <vector>

#include "base/prefetch.h"
#include "srtp/error.h"
#include "srtp/replay_window.h"

namespace parley::srtp {

// What a peer, who has the keys, can make us remember by using ever new SSRCs.
struct StreamLimits {
  // Streams whose packets may come out of order: 152 bytes each.
  std::size_t max_windows = 256;
  // All streams ever: 16 bytes each. A packet of one more is refused.
  std::size_t max_streams = 1024;
};

// The packet indices that were taken, by SSRC: what stops replays, and what a sequence number that
// has wrapped is extended with.
//
// With more than `max_windows` streams, the one that was silent for longest gives up its window and
// keeps only its highest index: when it comes back, all that is newer is taken and nothing else. So
// no packet is ever taken twice, whatever was forgotten; that is why streams beyond `max_streams`
// are refused rather than others removed.
class StreamTable {
 public:
  explicit StreamTable(StreamLimits limits = {}) : limits_(limits) {}

  // The 48-bit index of an RTP packet, which is the one nearest to the highest taken (RFC
  // 3711, 3.3.1 and appendix A); of a new stream, the sequence number itself. Errors are those of
  // check().
  std::expected<std::uint64_t, Error> extend(std::uint32_t ssrc, std::uint16_t sequence) const;

  // Whether `index` is new: else kReplayed, kTooOld, kTooManyStreams or kIndexExhausted. Changes
  // nothing, so one may ask before the packet was verified.
  std::expected<void, Error> check(std::uint32_t ssrc, std::uint64_t index) const;

  // Records an index that extend() gave or check() let through, with nothing taken in between.
  void take(std::uint32_t ssrc, std::uint64_t index);

  // Fetches memory that the others will need of the first few streams, but for its own.
  void prefetch() const {
    constexpr std::size_t kFew = 2;  // A picture and a voice.
    parley::prefetch(streams_.data(), std::min(streams_.size(), kFew) * sizeof(Stream));
    parley::prefetch(slots_.data(), std::min(slots_.size(), kFew) * sizeof(Slot));
  }
  std::size_t size() const { return streams_.size(); }

 private:
  static constexpr std::uint32_t kNoWindow = ~std::uint32_t{0};

  struct Stream {
    std::uint32_t ssrc = 0;
    std::uint32_t window = kNoWindow;
    std::uint64_t highest = 0;
  };
  struct Slot {
    ReplayWindow window;
    std::uint32_t ssrc = 0;       // Whose it is.
    std::uint64_t last_take = 0;  // In takes since the beginning.
  };

  std::vector<Stream>::const_iterator position(std::uint32_t ssrc) const;
  const Stream* find(std::uint32_t ssrc) const;
  std::expected<void, Error> check(const Stream* stream, std::uint64_t index) const;
  void give_window(Stream& stream, const ReplayWindow& window);

  StreamLimits limits_;
  std::vector<Stream> streams_;  // Sorted by ssrc; never longer than max_streams.
  std::vector<Slot> slots_;      // Never longer than max_windows.
  std::uint64_t takes_ = 0;
};

}  // namespace parley::srtp
