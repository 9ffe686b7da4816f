#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/time.h"
#include "rtp/identifiers.h"
#include "rtp/seq_no.h"

namespace parley::sfu {

// The numbers of one stream, as forwarding wants them: sequence numbers and timestamps that do not
// wrap and never break, whatever the publisher does to its own.
//
// A publisher that begins anew (another SSRC; a sequence that goes on somewhere else, as RFC 3550,
// A.1 tells it from a stray packet) goes on directly behind what was there, but for one number that
// never comes: so each receiver knows that something is missing, and waits for a key frame. A
// timestamp that jumps goes on by the time that has passed.
class StreamNumbers {
 public:
  static constexpr std::int64_t kMaxJump = 1'000;  // Packets; what is further away begins anew.
  static constexpr Duration kMaxTimeJump = std::chrono::seconds{10};
  // Between two beginnings: what comes of a third stream meanwhile is refused.
  static constexpr Duration kMinRestart = std::chrono::milliseconds{250};

  enum class Kind : std::uint8_t {
    kNewest,
    kLate,       // Behind the newest; not seen before.
    kRestarted,  // The newest, and the first of a stream that has begun anew.
    kDuplicate,
    kTooLate,  // So far behind that nobody knows whether it has been seen.
    kRefused,  // Of another stream than the one that is followed, or a stray.
  };
  struct Numbers {
    Kind kind = Kind::kRefused;
    rtp::SeqNo seq = {};
    std::uint64_t timestamp = 0;
    rtp::SeqNo wire = {};  // By the publisher's own count, for reports.
  };

  explicit StreamNumbers(std::uint32_t clock_rate) : clock_rate_(clock_rate) {}

  // `repaired`: it came by RTX, and begins nothing.
  Numbers handle_packet(Time now, rtp::Ssrc ssrc, std::uint16_t sequence_number,
                        std::uint32_t timestamp, bool repaired);
  // The next packet begins anew, whatever it is: what came meanwhile was not shown here.
  void interrupt() { interrupted_ = ssrc_.has_value(); }

  std::optional<rtp::Ssrc> ssrc() const { return ssrc_; }
  rtp::SeqNo newest() const { return newest_; }
  std::uint64_t newest_timestamp() const { return newest_timestamp_; }
  // As the publisher numbers it.
  std::uint16_t on_wire(rtp::SeqNo seq) const;
  // The reverse, of a number that is at most 2^15 away from the newest.
  rtp::SeqNo from_wire(std::uint16_t number) const;
  // Of a timestamp that is not in a packet: that of a sender report.
  std::uint64_t extend_timestamp(std::uint32_t timestamp) const;
  std::uint64_t timestamp_jumps() const { return timestamp_jumps_; }

 private:
  static constexpr std::size_t kWindow = 1'024;

  // Where a sequence may go on, if the next packet says so, too.
  struct Suspicion {
    rtp::Ssrc ssrc = {};
    std::uint16_t next = 0;
  };

  Numbers begin(Time now, rtp::Ssrc ssrc, std::uint16_t sequence_number, std::uint32_t timestamp);
  Numbers restart(Time now, rtp::Ssrc ssrc, std::uint16_t sequence_number, std::uint32_t timestamp,
                  std::uint64_t step);
  Numbers jump(Time now, rtp::Ssrc ssrc, std::uint16_t sequence_number, std::uint32_t timestamp);
  Numbers advance(Time now, std::uint16_t sequence_number, std::uint32_t timestamp);
  bool may_restart(Time now) const;
  std::uint64_t units_since_newest(Time now) const;
  void follow_timestamp(Time now, std::uint32_t timestamp);
  void forget(rtp::SeqNo seq);
  bool seen(rtp::SeqNo seq) const;
  void note(rtp::SeqNo seq);

  std::uint32_t clock_rate_;
  std::optional<rtp::Ssrc> ssrc_;
  rtp::SeqNo newest_ = {};
  rtp::SeqNo newest_wire_ = {};
  std::uint64_t newest_timestamp_ = 0;
  std::uint32_t newest_wire_timestamp_ = 0;
  Time newest_arrived_ = {};
  std::optional<Time> last_restart_;
  std::optional<Suspicion> suspicion_;
  bool interrupted_ = false;
  std::uint64_t timestamp_jumps_ = 0;
  std::array<std::uint64_t, kWindow / 64> seen_ = {};  // A bit each, of the newest kWindow.
};

}  // namespace parley::sfu
