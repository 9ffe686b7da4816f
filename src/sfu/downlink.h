#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/data_rate.h"
#include "base/random.h"
#include "base/time.h"
#include "cc/send_controller.h"
#include "net/datagram_batch.h"
#include "net/path.h"
#include "rtp/extension_map.h"
#include "rtp/rtcp/message.h"
#include "sfu/identifiers.h"
#include "sfu/subscription.h"
#include "srtp/sender.h"

namespace parley::sfu {

struct Member;

// What one participant receives: its slots, and the one path by which all of them go to it. It says
// when each packet leaves (congestion control and pacing over all slots), answers requests for lost
// packets (RTX), fills up to probe the path, and sends the reports.
//
// A packet that the path has room for leaves with the batch in which it came: the packets of a
// frame stay together and leave as one run. Only what is more than the pace allows waits, sound
// never. Padding and retransmissions come out of the histories of the publications.
//
// After each call that takes a time, and at next_deadline(): fill() while has_packets(), and
// poll_rtcp() until it returns nothing.
class Downlink {
 public:
  struct SlotConfig {
    std::string mid = {};
    bool video = false;
    Subscription::Config stream = {};
    rtp::ExtensionMap extensions = {};  // By the receiver's ids.
  };
  struct Config {
    std::vector<SlotConfig> slots = {};
    std::string cname = {};  // One for all slots: they are played together.
    cc::SendController::Limits limits = {};
    Duration report_interval = std::chrono::seconds{1};
    std::size_t max_waiting = 512;  // Packets that wait for the pace; the oldest frame makes room.
  };
  struct Counters {
    std::uint64_t packets = 0, bytes = 0;  // Sent, RTX and padding with them.
    std::uint64_t retransmitted = 0;
    std::uint64_t padding = 0;
    std::uint64_t nacked = 0;           // Asked for again by the receiver.
    std::uint64_t unknown_nack = 0;     // Of these: never sent, or gone, or asked for too often.
    std::uint64_t picture_losses = 0;   // PLI and FIR.
    std::uint64_t dropped_waiting = 0;  // Waited too long, or max_waiting.
    std::uint64_t dropped_srtp = 0;     // SRTP refused it.
  };

  // `random` outlives it. Slots have the order of `config`.
  Downlink(Config config, Random& random);

  std::size_t slots() const;
  Subscription& slot(std::size_t index);
  const SlotConfig& slot_config(std::size_t index) const;

  // The path carries media from now on; before it, what is pushed is dropped.
  void start(Time now);
  void handle_route_change(Time now);

  // From Router::forward(): `packet` of a slot is to leave. The hot path.
  void push(Time now, std::size_t slot, Forwarded packet);
  // Whether something may leave now.
  bool has_packets(Time now) const;
  // Puts what may leave now into `batch`, for `path`, and appends to `work` what is to be encrypted
  // there: the caller gives it to srtp::protect_rtp(), together with that of other receivers,
  // before it sends the batch. False: the batch is full, and there is more.
  bool fill(Time now, srtp::Sender& sender, const net::Path& path, net::DatagramBatch& batch,
            std::vector<srtp::Protection>& work);

  // The messages of RTCP that concern what we send: reports, NACK, PLI, FIR, REMB, transport-wide
  // feedback, XR. A picture that was lost is asked of the publication.
  void handle_rtcp(Time now, const rtp::rtcp::Message& message);
  // Asks the publications for the key frames that the slots wait for.
  void ask_for_key_frames(Time now);
  void handle_timeout(Time now);
  std::optional<std::vector<std::uint8_t>> poll_rtcp(Time now);  // In clear.
  Time next_deadline() const;

  // What the path carries, by congestion control; and what of it is left for video.
  DataRate estimate() const;
  DataRate video_budget() const;
  // What the slots could make use of: so far probing goes.
  void set_desired(Time now, DataRate rate);
  std::optional<Duration> round_trip_time() const;
  double loss() const;  // As the receiver reports it, 0 to 1.

  const Counters& counters() const { return counters_; }

  // Whether it is in the list of those that have something to send; for Node, which would otherwise
  // have to look at everyone.
  bool listed = false;
  Member* member = nullptr;  // Whose it is; set by the same.

 private:
  Counters counters_;
};

}  // namespace parley::sfu
