#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "rtp/extension_map.h"
#include "rtp/packet.h"
#include "rtp/rtcp/message.h"
#include "sdp/codec.h"
#include "sfu/encoding_order.h"
#include "sfu/encoding_stream.h"
#include "sfu/identifiers.h"
#include "sfu/layer.h"
#include "sfu/packet.h"
#include "sfu/sender_clock.h"

namespace parley::sfu {

class Downlink;

// One track that a participant publishes, with all its encodings: what arrived, what is missing,
// what may be asked for again, and which layers there are. Whoever subscribes holds none of it.
//
// Drive it with handle_packet(), and with poll_feedback() at next_deadline().
class Publication {
 public:
  struct Encoding {
    std::string rid = {};  // Empty: the only one.
  };
  struct Config {
    ParticipantId participant = {};
    Source source = Source::kCamera;
    std::vector<Encoding> encodings = {{}};  // In the order of the offer.
    std::vector<sdp::Codec> codecs = {};     // By the publisher's payload types.
    rtp::ExtensionMap extensions = {};       // By the publisher's ids.
    // Publications of one timeline say the same moment by the same timestamp: who goes over from
    // one to another keeps the time exactly.
    std::optional<std::uint64_t> timeline = {};
    // What may be asked for again, of video; and how old a key frame may be for who is new to begin
    // with it. More is no gain, as all that came since has to reach him first. Where viewers come
    // each 1.2 s, by links of 3 Mbit/s to a picture of 1.2, each sees what is now after 134 ms.
    // With 2 s half as many key frames are asked for, and he sees a first picture after 93 ms, but
    // what is now after 1.1 s, for four times the packets; with 5 s after 1.6 s, and hardly fewer
    // key frames are asked for than with 1 s. What is held grows, too: by 156 packets (270 KB) a
    // second. The key frame alone, kept until the next, would be a still picture, and the request
    // no less needed: what follows cannot be decoded without all that lies between.
    Duration history = std::chrono::seconds{1};
    std::size_t max_history = 1'024;  // Packets of one encoding.
  };
  // To the publisher, of one of its streams.
  struct Feedback {
    rtp::Ssrc ssrc = {};
    std::vector<std::uint16_t> nack = {};
    bool key_frame = false;  // A PLI, or a FIR where it knows no PLI.
  };
  using Counters = PublicationCounters;

  // `clock` is the participant's, one for all its publications; it outlives them. Null: one of its
  // own.
  Publication(Config config, PacketPool& pool, SenderClock* clock = nullptr);
  Publication(const Publication&) = delete;  // Subscriptions point to it.
  Publication& operator=(const Publication&) = delete;

  const Config& config() const { return config_; }
  bool is_video() const { return sfu::is_video(config_.source); }

  // An RTP packet of encoding `encoding`, in clear, restored if it came by RTX (`repaired`).
  // Returns it as it is to be forwarded; nothing where it is not: a duplicate, too late, malformed.
  PacketRef handle_packet(Time now, const rtp::PacketView& packet, std::size_t encoding,
                          bool repaired);
  void handle_sender_report(Time now, std::size_t encoding, const rtp::rtcp::SenderReport& report);
  void set_round_trip_time(Duration rtt);
  // For a while it was not permitted, and nothing was handled: what comes now begins anew.
  void interrupt();
  void interrupt(std::size_t encoding);  // Of one encoding.

  // Somebody needs a key frame of this encoding: asked for at once, or joined with one under way.
  void request_key_frame(Time now, std::size_t encoding);

  // What to ask of the publisher now; call it until it returns nothing.
  std::optional<Feedback> poll_feedback(Time now);
  Time next_deadline() const;
  // Of the stream of `encoding`, for a receiver report; nothing before the first packet.
  std::optional<rtp::rtcp::ReportBlock> report(Time now, std::size_t encoding);

  // A packet that may be sent again; nothing where it never was, or is too old.
  PacketRef find(Time now, std::size_t encoding, rtp::SeqNo seq) const;
  // The same, by what the publisher calls it.
  PacketRef find_on_wire(Time now, rtp::Ssrc ssrc, std::uint16_t number) const;
  // The newest key frame of `encoding` and all that came after it, in order, if all of it is there:
  // who begins with it sees a picture at once. Empty otherwise.
  std::vector<PacketRef> since_key_frame(Time now, std::size_t encoding) const;

  // The layers that come in at the moment (something of each came within the last second, of a
  // screen within three, since one that stands still is sent once a second), by encoding, spatial,
  // temporal. Of sound: at most one.
  std::vector<Layer> layers(Time now) const;
  bool is_active(Time now, std::size_t encoding) const;
  // Which of its encodings are larger than which, by the layers of it that its room knows. Whether
  // that has changed.
  bool update_order(std::span<const Layer> known) { return order_.update(known); }
  // As the node says where the publisher is, to which all encodings come.
  void set_order(const EncodingOrder& order) { order_ = order; }
  const EncodingOrder& order() const { return order_; }
  // The last sender report of an encoding; nothing before the first.
  std::optional<EncodingStream::SenderReport> last_report(std::size_t encoding) const;
  // The SSRC that an encoding comes by; nothing before the first packet.
  std::optional<rtp::Ssrc> ssrc(std::size_t encoding) const;
  // The RTP timestamp of encoding `to` for the moment that `timestamp` is of encoding `from`, by
  // their sender reports; nothing before there were any.
  std::optional<std::uint64_t> convert_timestamp(std::size_t from, std::uint64_t timestamp,
                                                 std::size_t to) const;
  // The moment of our clock at which `timestamp` of this encoding was captured, by its last sender
  // report as it came here, or by the arrival of its packets before there was one. The same offset
  // for all publications of one participant, so that lips and voice stay together.
  std::optional<Time> capture_time(std::size_t encoding, std::uint64_t timestamp) const;

  // Who gets its packets, as Router sets it.
  struct Subscriber {
    Downlink* downlink = nullptr;
    std::size_t slot = 0;

    friend bool operator==(const Subscriber&, const Subscriber&) = default;
  };
  std::vector<Subscriber>& subscribers() { return subscribers_; }
  // What has come and is still to be forwarded to them; kept by the same.
  std::vector<PacketRef>& arrived() { return arrived_; }

  const Counters& counters() const { return counters_; }

 private:
  bool has_stalled(Time now, std::size_t encoding) const;
  Duration active_window() const;

  Config config_;
  PacketPool* pool_;
  SenderClock own_clock_;
  SenderClock* clock_;
  std::vector<EncodingStream> streams_;  // By encoding.
  std::vector<Subscriber> subscribers_;
  std::vector<PacketRef> arrived_;
  EncodingOrder order_;
  Counters counters_;
};

}  // namespace parley::sfu
