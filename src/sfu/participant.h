#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/prefetch.h"
#include "base/random.h"
#include "base/sans_io.h"
#include "base/small_queue.h"
#include "base/time.h"
#include "peer/transport.h"
#include "sctp/data_channels.h"
#include "sfu/answer.h"
#include "sfu/downlink.h"
#include "sfu/identifiers.h"
#include "sfu/participant_counters.h"
#include "sfu/uplink.h"

namespace parley::sfu {

// One participant's connection with this server: the path, what comes in by it, what goes out by
// it, and the data channels. It composes and passes on; the parts decide.
//
// A SansIo engine, made by accept(). After each call that takes a time poll until nothing is left;
// what RtpArrived shows is to be forwarded at once.
class Participant {
 public:
  struct Config {
    peer::Transport::Config transport = {};
    Uplink::Config uplink = {};
    // Its limits; slots are filled in. At the start there is room for two pictures of people.
    // Up to a page of 25 large pictures; more than a link carries is found out by what is sent.
    Downlink::Config downlink = {
        .limits = {.start = DataRate::kbps(600), .max = DataRate::mbps(100)}};
    sctp::DataChannels::Config data = {};
    // Whoever has no connection by then never will.
    Duration connect_timeout = std::chrono::seconds{30};
    // Bytes that wait for one who reads too slowly; more messages pass it by. What may be lost is
    // worth nothing once it is late.
    std::size_t max_reliable_waiting = 262'144;
    std::size_t max_unreliable_waiting = 16'384;
  };
  // What its parts need; all of it outlives it.
  struct Surroundings {
    PacketPool& pool;
    Random& random;
    srtp::Provider& provider;
  };

  using Input = peer::Transport::Datagram;
  using Transmit = peer::Transport::Transmit;
  using CloseTcp = peer::Transport::CloseTcp;
  // A packet of a publication, to be forwarded.
  struct RtpArrived {
    Publication* publication = nullptr;
    PacketRef packet = {};
  };
  // The receiver has said how it fares: the estimate may have moved, and publications that it sees
  // may have been asked for key frames.
  struct FeedbackArrived {};
  struct MessageReceived {  // By a data channel.
    bool reliable = true;
    sctp::DataChannels::Kind kind = {};
    std::vector<std::uint8_t> payload = {};
  };
  struct Connected {};     // Media flows; again after each Disconnected.
  struct Disconnected {};  // No path for the moment; it may come back.
  struct Failed {          // The last.
    std::string_view reason = {};
  };
  using Output = std::variant<Transmit, CloseTcp, RtpArrived, FeedbackArrived, MessageReceived,
                              Connected, Disconnected, Failed>;

  // Answers the offer: `answer` is SDP. The error is a sentence. `config` outlives it.
  struct Accepted {
    std::unique_ptr<Participant> participant = {};
    std::string answer = {};
  };
  static std::expected<Accepted, std::string> accept(Time now, ParticipantId id,
                                                     const Config& config, const Offer& offer,
                                                     const std::vector<ice::Candidate>& candidates,
                                                     const AnswerLimits& limits,
                                                     const Surroundings& around);

  ParticipantId id() const { return id_; }
  Uplink& uplink() { return *uplink_; }
  Downlink& downlink() { return *downlink_; }
  const Uplink& uplink() const { return *uplink_; }
  const Downlink& downlink() const { return *downlink_; }

  // Another offer of this connection; what may differ is said at answer(). Returns the answer, with
  // new credentials of ours where ICE restarts. Nothing changes where it is refused.
  std::expected<std::string, std::string> renegotiate(Time now, const Offer& offer,
                                                      const std::vector<ice::Candidate>& candidates,
                                                      const AnswerLimits& limits);
  void tcp_closed(Time now, const net::Path& path);
  // Tells the peer and falls silent; what it still has to send is to be polled.
  void close(Time now);

  void handle_input(Time now, Input datagram);
  void handle_timeout(Time now);
  std::optional<Output> poll_output();
  Time next_deadline() const;

  // Puts what its downlink has to send now into `batch`; see Downlink::fill().
  bool fill(Time now, net::DatagramBatch& batch, std::vector<srtp::Protection>& work);
  // Fetch memory that fill() will need, but for that of the downlink; the second some time later.
  void prefetch_transport() const {
    prefetch(failed_);
    transport_.prefetch_sender();
  }
  void prefetch_keys() const { transport_.prefetch_keys(); }

  bool has_channel(bool reliable) const {  // It is open.
    return channel(reliable) != sctp::ChannelId{};
  }
  // By one of its data channels. False: it is not open, or too much waits already.
  bool send_message(Time now, bool reliable, sctp::DataChannels::Kind kind, Bytes payload);

  bool is_connected() const { return connected_; }
  const std::string& ice_ufrag() const { return transport_.ice().local_credentials().ufrag; }
  bool is_validated(const net::Path& path) const { return transport_.ice().is_validated(path); }
  // By which it gets what it gets now; nothing while there is none.
  const std::optional<net::Path>& path() const { return transport_.path(); }
  ParticipantCounters counters() const;

 private:
  Participant(Time now, ParticipantId id, const Config& config, const Surroundings& around);

  std::expected<std::string, std::string> answer_first(
      Time now, const Offer& offer, const std::vector<ice::Candidate>& candidates,
      const AnswerLimits& limits);
  peer::TransportParameters our_side() const;
  sctp::ChannelId channel(bool reliable) const { return reliable ? reliable_ : unreliable_; }
  void begin_data();
  void share_round_trip_time();

  void pump(Time now);
  bool pump_data(Time now);
  void pump_rtcp(Time now);
  void set_connected(bool connected);
  void fail(Ending ending);

  void on(Time now, peer::Transport::RtpReceived event);
  void on(Time now, peer::Transport::RtcpReceived event);
  void on(Time now, peer::Transport::DataReceived event);
  void on(Time now, peer::Transport::Connected event);
  void on(Time now, peer::Transport::Closed event);
  void on(Time now, peer::Transport::Failed event);
  void on(Time now, ice::StateChanged event);
  void on(Time now, ice::Selected event);
  void on(Time now, Transmit event);
  void on(Time now, CloseTcp event);
  // An agent at a public address says nothing else that matters.
  template <class Event>
  void on(Time, const Event&) {}
  void on(Time now, sctp::DataChannels::Transmit event);
  void on(Time now, sctp::DataChannels::ChannelOpened event);
  void on(Time now, sctp::DataChannels::MessageReceived event);
  void on(Time now, sctp::DataChannels::ChannelClosed event);

  ParticipantId id_;
  const Config* config_;
  Surroundings around_;
  peer::Transport transport_;
  Agreed agreed_;  // What renegotiate() has to know of it.
  std::optional<Uplink> uplink_;
  std::optional<Downlink> downlink_;
  std::unique_ptr<sctp::DataChannels> data_;  // Null: not offered.
  sctp::ChannelId reliable_ = {};             // Zero: not open.
  sctp::ChannelId unreliable_ = {};
  bool started_ = false;  // There were keys once.
  bool connected_ = false;
  bool failed_ = false;
  Time connect_by_;
  SmallQueue<Output> outputs_;

  // What no part of it counts; see counters().
  std::uint64_t connects_ = 0, disconnects_ = 0;
  std::uint64_t malformed_rtcp_ = 0, unagreed_data_ = 0;
  std::optional<Ending> ended_ = {};
};

static_assert(SansIo<Participant>);

}  // namespace parley::sfu
