#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"
#include "sctp/config.h"
#include "sctp/packet/data.h"
#include "sctp/packet/forward_tsn.h"
#include "sctp/packet/packet_writer.h"
#include "sctp/packet/tsn.h"
#include "sctp/rx/reassembly.h"
#include "sctp/rx/received_tsns.h"
#include "sctp/rx/sack_schedule.h"
#include "sctp/types.h"

namespace parley::sctp {

// The receiving half of an association: DATA in, messages and SACKs out.
//
// Its window: what it holds of unfinished messages never exceeds Config::receive_buffer by more
// than one message, which only the chunk that fills the first gap may use (RFC 9260, 6.2).
class Receiver {
 public:
  enum class Verdict : std::uint8_t {
    kAccepted,  // Or a duplicate, or dropped for want of room: nothing to answer but a SACK.
    kNoSuchStream,
    kNoUserData,
    kTooLong,
    kBrokenFragments,
  };

  // `config` and `counters` must outlive it.
  Receiver(const Config& config, Counters& counters, Tsn first, std::uint16_t streams);

  Verdict handle_data(const Data& data);
  void handle_forward_tsn(const ForwardTsn& forward);
  // After the last chunk of each packet: decides about the SACK.
  void finish_packet(Time now);

  enum class Reset : std::uint8_t { kPerformed, kWasPerformed, kMustWait };
  // The peer begins streams anew behind `last` (RFC 6525, 5.2.2). Where that has to wait for what
  // is missing, poll_reset() tells when it is done.
  Reset reset_streams(std::uint32_t last, const std::vector<StreamId>& streams);
  // The streams of a reset that had to wait and is done now.
  std::optional<std::vector<StreamId>> poll_reset();

  std::optional<Reassembly::Received> poll_message() { return reassembly_.take(); }

  SackSchedule& sack_schedule() { return schedule_; }
  const SackSchedule& sack_schedule() const { return schedule_; }
  void write_sack(PacketWriter& writer);

  std::uint32_t cumulative_tsn() const { return tsns_.cumulative().wire(); }
  std::size_t held_bytes() const { return reassembly_.held_bytes(); }
  // False where that would be more than Config allows.
  bool add_streams(std::uint16_t count);

 private:
  struct PendingReset {
    Tsn last = {};
    std::vector<StreamId> streams = {};
  };

  bool has_room(Tsn tsn, std::size_t size) const;
  void advance_reset();

  const Config& config_;
  Counters& counters_;
  std::uint16_t streams_;
  ReceivedTsns tsns_;
  Reassembly reassembly_;
  SackSchedule schedule_;
  std::optional<PendingReset> waiting_reset_;
  std::optional<PendingReset> finished_reset_;  // The last that had to wait.
  std::optional<std::vector<StreamId>> reset_to_tell_;
  bool packet_had_data_ = false;
  bool sack_at_once_ = false;
};

}  // namespace parley::sctp
