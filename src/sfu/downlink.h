#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/data_rate.h"
#include "base/random.h"
#include "base/time.h"
#include "cc/pacer.h"
#include "cc/send_controller.h"
#include "net/datagram_batch.h"
#include "net/path.h"
#include "rtp/extension_map.h"
#include "rtp/key_frame_requests.h"
#include "rtp/receiver_references.h"
#include "rtp/rtcp/message.h"
#include "rtp/sent_log.h"
#include "rtp/statistics.h"
#include "sfu/departures.h"
#include "sfu/identifiers.h"
#include "sfu/loss_reports.h"
#include "sfu/packet_header_writer.h"
#include "sfu/picture_losses.h"
#include "sfu/retransmissions.h"
#include "sfu/sender_reports.h"
#include "sfu/sent_shares.h"
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
  static constexpr std::size_t kMaxSlots = 64;  // Each is a bit of a word.

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
    // Packets that wait for the pace. Beyond it the slot that is furthest behind starts afresh,
    // with a key frame.
    std::size_t max_waiting = 512;
  };
  struct Counters {
    std::uint64_t packets = 0, bytes = 0;  // Sent, RTX and padding with them.
    std::uint64_t retransmitted = 0;
    std::uint64_t padding = 0;
    std::uint64_t nacked = 0;            // Asked for again by the receiver.
    std::uint64_t unknown_nack = 0;      // Of these: never sent, or gone, or asked for too often.
    std::uint64_t picture_losses = 0;    // PLI and FIR.
    std::uint64_t dropped_waiting = 0;   // A key frame overtook it, max_waiting, or for too long.
    std::uint64_t dropped_size = 0;      // Larger than a datagram, with its new header.
    std::uint64_t dropped_srtp = 0;      // SRTP refused it, as its owner sees.
    std::uint64_t ignored_feedback = 0;  // On packets, by the receiver: it made no sense.
  };

  // `random` outlives it. Slots have the order of `config`.
  Downlink(Config config, Random& random);
  Downlink(const Downlink&) = delete;  // Publications know it.
  Downlink& operator=(const Downlink&) = delete;

  // Behind those that there are.
  void add_slots(std::vector<SlotConfig> slots);
  std::size_t slots() const { return slots_.size(); }
  Subscription& slot(std::size_t index) { return slots_[index].subscription; }
  // Without `stream`, which slot(index).config() is.
  const SlotConfig& slot_config(std::size_t index) const { return slots_[index].config; }

  // The path carries media from now on; before it, what is pushed is dropped.
  void start(Time now);
  void handle_route_change(Time now);

  // Something has come (Publication::arrived()) of what the slot shows; from Router.
  void note_arrived(std::size_t slot) { arrived_ |= std::uint64_t{1} << slot; }
  // What has come, by all of its slots that were told of it: what they let through is to leave. The
  // hot path.
  void forward_arrived(Time now);
  // The same by any slot, whether it was told or not. What went already does not go again.
  void forward_all_arrived(Time now);
  // `packet` of a slot is to leave.
  void push(Time now, std::size_t slot, Forwarded packet);
  // Whether something may leave now.
  bool has_packets(Time now) const;
  // Puts what may leave now into `batch`, for `path`, and appends to `work` what is to be encrypted
  // there: the caller gives it to srtp::protect_rtp(), together with that of other receivers,
  // before it sends the batch and before any other packet is taken in, whose memory it may need.
  // False: the batch is full, and there is more.
  bool fill(Time now, srtp::Sender& sender, const net::Path& path, net::DatagramBatch& batch,
            std::vector<srtp::Protection>& work);

  // The messages of RTCP that concern what we send: reports, NACK, PLI, FIR, REMB, transport-wide
  // feedback, XR. A picture that was lost is asked of the publication.
  void handle_rtcp(Time now, const rtp::rtcp::Message& message);
  // What the slot shows is more than the path carries: nothing more of it leaves, not even what was
  // lost, until a key frame comes of what it is to show.
  void give_up_picture(Time now, std::size_t slot);
  // Asks the publications for the key frames that the slots wait for.
  void ask_for_key_frames(Time now);
  // Whether a publication was asked for a key frame since the last call: its publisher is to be
  // told.
  bool take_asked() { return std::exchange(has_asked_, false); }
  void handle_timeout(Time now);
  std::optional<std::vector<std::uint8_t>> poll_rtcp(Time now);  // In clear.
  Time next_deadline() const;

  // What the path carries, by congestion control; and what of it is left for video.
  DataRate estimate() const;
  DataRate video_budget() const;
  // What the slots could make use of: so far probing goes.
  void set_desired(Time now, DataRate rate);
  // Whether the path may carry more than the estimate, which is only as high as was desired, or is
  // being probed further.
  bool may_carry_more(Time now) const;
  // Whether the path was ever too full.
  bool has_found_limit() const { return controller_.has_found_limit(); }
  std::optional<Duration> round_trip_time() const;
  double loss() const;  // As the receiver reports it, 0 to 1.

  Counters counters() const;

  // Fetch memory that forward_arrived() and fill() will need. The first finds out where that of the
  // second is, and this where that of the third is: so some time should lie between them.
  void prefetch_self() const;
  void prefetch_slots() const;
  void prefetch_streams() const;

  // Whether it is in the list of those that have something to send; for Node, which would otherwise
  // have to look at everyone.
  bool listed = false;
  Member* member = nullptr;  // Whose it is; set by the same.

 private:
  // What each packet needs comes first, to lie together.
  struct Slot {
    rtp::Ssrc ssrc = {};
    bool video = false;
    bool can_repeat = false;  // By RTX: what was lost, and padding.
    bool sent = false;        // Anything yet.
    bool resumed = false;
    std::uint16_t newest = 0;        // Sequence number of what was pushed.
    std::uint16_t resumed_with = 0;  // What came before this was dropped here, if `resumed`.
    std::uint16_t rtx_sequence = 0;  // The next.
    // How many more say which section they are of, of the stream and of what repeats it.
    std::uint8_t mid_packets = 0;
    std::uint8_t rtx_mid_packets = 0;
    std::uint32_t last_timestamp = 0;
    PacketHeaderWriter header;
    SlotReport report = {};
    Subscription subscription;
    SlotConfig config = {};
    rtp::FirFilter fir = {};
    PictureLosses losses = {};
  };
  // Where fill() puts things.
  struct Filling {
    Time now;
    srtp::Sender& sender;
    const net::Path& path;
    net::DatagramBatch& batch;
    std::vector<srtp::Protection>& work;
    std::size_t tag_size;
    std::size_t bytes = 0;  // With all headers.
    bool padding = false;   // What is put there now.
  };
  using Pacer = cc::Pacer<Departure>;

  // What UDP, IP and SRTP add to each packet; a few bytes more or less are no matter.
  static constexpr std::size_t kOverhead = 16 + 28;
  // A path that was not yet found to be narrow takes a frame of so much in one piece.
  static constexpr DataSize kMinBurst = DataSize::bytes(12'500);

  std::optional<std::size_t> find_slot(rtp::Ssrc ssrc) const;
  static std::optional<rtp::PayloadType> rtx_type(const Slot& slot, rtp::PayloadType type);
  static std::optional<rtp::PayloadType> first_rtx_type(const Slot& slot);

  // Towards the batch.
  template <class Visit>
  void each_arrived(Visit&& visit) const {  // Each slot that something has come for.
    for (std::uint64_t rest = arrived_; rest != 0; rest &= rest - 1) {
      visit(static_cast<std::size_t>(std::countr_zero(rest)));
    }
  }
  void forward_arrived(Time now, std::size_t slot);
  void note_newest(Time now, Slot& slot, const Forwarded& packet);
  void depart(Time now, cc::Priority priority, Departure&& departure);
  void make_room(Time now);
  void start_afresh(Time now, Slot& slot, std::uint16_t with);
  static void give_up_before(Slot& slot, std::uint16_t sequence_number);
  bool fill_departures(Filling& filling);
  bool fill_paced(Filling& filling);
  bool fill_padding(Filling& filling);
  void write(Filling& filling, const Departure& departure);
  void write_empty_padding(Filling& filling, Slot& slot);
  static rtp::Header header_of(const Slot& slot, const Forwarded& packet);
  static rtp::Header next_rtx_header(Slot& slot, const Forwarded& packet);
  std::uint16_t number(Time now, std::size_t size, rtp::ProbeId probe);
  void note_sent(Slot& slot, const Departure& departure);
  void count(Filling& filling, std::size_t size, std::size_t rest);

  // What the receiver says.
  void on(Time now, std::span<const rtp::rtcp::ReportBlock> blocks);
  void on(Time now, const rtp::rtcp::Nack& nack);
  void on(Time now, const rtp::rtcp::FullIntraRequest& request);
  void on(Time now, const rtp::rtcp::ExtendedReport& report);
  void on(Time now, const rtp::rtcp::TransportFeedback& feedback);
  bool is_near_max() const;
  bool send_again(Time now, std::size_t index, std::uint16_t sequence_number);
  void on_picture_loss(Time now, Slot& slot);
  void ask_for_key_frame(Time now, Slot& slot);
  void adapt_redundancy();
  void apply_round_trip_time(Time now);
  void tell_sent(Time now);
  void drain_controller(Time now);
  std::optional<std::vector<std::uint8_t>> answer_references(Time now);

  // What each packet needs comes first, to lie together: down to `config_`.
  std::uint64_t arrived_ = 0;  // The slots that something has come for.
  bool started_ = false;
  bool numbered_ = false;                    // The receiver tells of each packet.
  std::optional<std::size_t> padding_slot_;  // By whose RTX the path is probed: the last to send.
  std::vector<Slot> slots_;
  Departures departures_;
  std::int64_t padding_left_ = 0;  // Bytes to be sent now.
  std::size_t untold_ = 0;         // Bytes that the controller has not heard of.
  Time told_ = {};                 // When it heard last.
  Time controller_due_ = kNever;   // Its deadline.
  Time next_report_ = kNever;
  Time last_report_ = kAtOnce;
  Counters counters_;
  SentShares shares_;
  rtp::SentLog sent_;
  Pacer pacer_;

  Config config_;  // Its slots are in slots_.
  Random& random_;
  rtp::ProbeId padding_probe_ = {};
  std::uint16_t padding_turn_ = 0;  // Which of the last packets is repeated next.
  cc::SendController controller_;
  DataRate max_;                 // As the controller was told last.
  DataRate target_;              // As it told last.
  Time probed_until_ = kAtOnce;  // By then it is known whether the path carries `max_`.
  Retransmissions retransmissions_;
  rtp::RoundTripTime round_trip_;
  LossReports losses_;
  bool redundant_ = false;  // See Subscription::set_redundant().

  rtp::ReceiverReferences references_;
  bool references_due_ = false;
  bool has_asked_ = false;          // See take_asked().
  std::size_t reported_slots_ = 0;  // Of the round of reports that is under way.
};

}  // namespace parley::sfu
