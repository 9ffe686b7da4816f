#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "base/sans_io.h"
#include "base/time.h"
#include "ice/agent.h"
#include "net/address.h"
#include "net/path.h"
#include "peer/error.h"
#include "peer/ice_servers.h"
#include "peer/media/frame.h"
#include "peer/media/media_session.h"
#include "peer/negotiation/negotiation.h"
#include "peer/states.h"
#include "peer/stats.h"
#include "peer/transport.h"
#include "sctp/data_channels.h"

namespace parley::peer {

// RTCSessionDescription.
struct Description {
  SdpType type = SdpType::kOffer;
  std::string sdp = {};

  friend bool operator==(const Description&, const Description&) = default;
};

// RTCIceCandidate.
struct IceCandidate {
  std::string candidate = {};  // "candidate:..."; empty: there are no more.
  std::string mid = {};
  std::string username_fragment = {};

  friend bool operator==(const IceCandidate&, const IceCandidate&) = default;
};

// RTCPeerConnection in C++, without a socket: the W3C's methods are methods, its events are
// outputs.
//
//   offerer                                    answerer
//   create_data_channel(), add_track() ...
//   set_local_description(now)
//   local_description()  ---- signalling --->  set_remote_description(now, offer)
//                                              set_local_description(now)
//   set_remote_description(now, answer)  <---  local_description()
//   IceCandidateFound  <---- signalling ---->  add_ice_candidate(now, candidate)
//
// It is a SansIo engine (base/sans_io.h): its owner hands in datagrams, sends what Transmit says,
// tells it its local addresses, and polls after each call that takes a time. Media goes in and out
// as encoded frames. Every section shares one path (max-bundle), with rtcp-mux.
class PeerConnection {
 public:
  // RTCConfiguration, and what a browser knows by itself.
  struct Configuration {
    std::shared_ptr<const dtls::Certificate> certificate = {};  // Must be set.
    // TURN's, over UDP, TCP and TLS, and STUN's.
    std::vector<IceServer> ice_servers = {};
    ice::TransportPolicy ice_transport_policy = ice::TransportPolicy::kAll;
    ice::Timers ice_timers = {};
    ice::Limits ice_limits = {};
    bool ice_lite = false;
    sdp::Setup preferred_setup = sdp::Setup::kActive;  // In answers: kPassive for a server.
    MediaConfig media = {};
    MediaSession::Config session = {};
    sctp::DataChannels::Config data_channels = {};
    std::size_t max_candidates = 256;  // That are kept until a description can take them.
  };

  using Datagram = Transport::Datagram;
  using Input = Datagram;

  // --- For the sockets ---
  using Transmit = Transport::Transmit;
  using ConnectTcp = ice::ConnectTcp;
  using CloseTcp = ice::CloseTcp;
  using ConnectServer = ice::ConnectServer;
  using ToServer = ice::ToServer;
  using CloseServer = ice::CloseServer;
  // Ask DNS for all addresses of a TURN or STUN server's name, and tell host_resolved().
  struct ResolveHost {
    std::string name = {};
  };
  // --- Events of RTCPeerConnection ---
  struct NegotiationNeeded {};
  struct SignalingStateChanged {
    SignalingState state = {};
  };
  struct IceGatheringStateChanged {
    GatheringState state = {};
  };
  struct IceConnectionStateChanged {
    ice::State state = {};
  };
  struct ConnectionStateChanged {
    ConnectionState state = {};
  };
  struct IceCandidateFound {  // "icecandidate": for the peer.
    IceCandidate candidate = {};
  };
  // RTCPeerConnectionIceErrorEvent: this server will give us no candidates, or no longer has what
  // it gave.
  struct IceCandidateError {
    std::string url = {};
    std::optional<net::SocketAddress> address = {};  // The host candidate that asked.
    int error_code = 0;                              // STUN's, or 701: it cannot be reached.
    std::string error_text = {};
  };
  struct Track {  // "track": frames of this transceiver may come from now on.
    TransceiverId transceiver = {};
  };
  struct TrackRemoved {  // "mute": no longer.
    TransceiverId transceiver = {};
  };
  struct DataChannelAnnounced {  // "datachannel": the peer has opened one; it is open.
    sctp::ChannelId channel = {};
    sctp::ChannelOptions options = {};
  };
  // --- Events of RTCDataChannel ---
  using DataChannelOpened = sctp::DataChannels::ChannelOpened;
  using MessageReceived = sctp::DataChannels::MessageReceived;
  using BufferedAmountLow = sctp::DataChannels::BufferedAmountLow;
  using DataChannelClosing = sctp::DataChannels::ChannelClosing;
  using DataChannelClosed = sctp::DataChannels::ChannelClosed;
  // --- Media ---
  using FrameReceived = MediaSession::FrameReceived;
  using KeyFrameRequested = MediaSession::KeyFrameRequested;
  using TargetBitrateChanged = MediaSession::TargetBitrateChanged;

  using Output =
      std::variant<Transmit, NegotiationNeeded, SignalingStateChanged, IceGatheringStateChanged,
                   IceConnectionStateChanged, ConnectionStateChanged, IceCandidateFound, Track,
                   TrackRemoved, DataChannelAnnounced, DataChannelOpened, MessageReceived,
                   BufferedAmountLow, DataChannelClosing, DataChannelClosed, FrameReceived,
                   KeyFrameRequested, TargetBitrateChanged, ice::ConnectTcp, ice::CloseTcp,
                   ice::ResolveName, Transport::Refused, ice::ConnectServer, ice::ToServer,
                   ice::CloseServer, ResolveHost, IceCandidateError>;

  // `random` and `provider` outlive it.
  PeerConnection(Configuration configuration, Random& random, srtp::Provider& provider);

  // --- Descriptions ---
  // Of an offer with `ice_restart`, the path is looked for anew as soon as it is made.
  std::expected<Description, Error> create_offer(Time now, bool ice_restart = false);
  std::expected<Description, Error> create_answer(Time now);
  // Makes the offer, or the answer, that the state asks for, and sets it.
  std::expected<void, Error> set_local_description(Time now);
  // What create_offer() or create_answer() gave last, unchanged; or a rollback.
  std::expected<void, Error> set_local_description(Time now, const Description& description);
  // An offer that meets one of ours rolls that back. To be impolite is the application's affair.
  std::expected<void, Error> set_remote_description(Time now, const Description& description);
  // As they stand now, with the candidates found so far; nothing before the first.
  std::optional<Description> local_description() const;
  std::optional<Description> remote_description() const;
  // The next offer looks for the path anew; NegotiationNeeded follows.
  void restart_ice(Time now);

  // --- Candidates ---
  std::expected<void, Error> add_ice_candidate(Time now, const IceCandidate& candidate);
  // Our own: ice::Candidate::host() for each socket. They are told to the peer once a local
  // description has been set.
  void add_local_candidate(Time now, ice::Candidate candidate);
  void remove_local(Time now, const net::SocketAddress& base);
  void name_resolved(Time now, std::string_view name, std::optional<net::IpAddress> address);
  void tcp_connected(Time now, const net::Path& asked, const net::Path& actual);
  void tcp_closed(Time now, const net::Path& path);

  // --- TURN servers ---
  // What became of ConnectServer and ResolveHost; see ice::Agent.
  void server_connected(Time now, ice::ServerStream stream);
  void server_closed(Time now, ice::ServerStream stream);
  void server_data(Time now, ice::ServerStream stream, Bytes bytes);
  void host_resolved(Time now, std::string_view name, const std::vector<net::IpAddress>& addresses);

  // --- Media ---
  std::expected<TransceiverId, Error> add_transceiver(Time now, MediaKind kind,
                                                      TransceiverInit init = {});
  // Takes a transceiver that the peer's offer made, if one is free, else adds one.
  std::expected<TransceiverId, Error> add_track(Time now, MediaKind kind,
                                                TransceiverInit init = {});
  std::expected<void, Error> remove_track(Time now, TransceiverId id);
  std::expected<void, Error> set_direction(Time now, TransceiverId id, Direction direction);
  // From the configuration's; the next offer or answer has them in this order.
  std::expected<void, Error> set_codec_preferences(TransceiverId id,
                                                   std::vector<sdp::Codec> codecs);
  std::expected<void, Error> set_active(Time now, TransceiverId id, std::string_view rid,
                                        bool active);
  std::expected<void, Error> stop(Time now, TransceiverId id);
  const std::deque<Transceiver>& transceivers() const { return negotiation_.transceivers(); }
  const Transceiver* find(TransceiverId id) const { return negotiation_.find(id); }
  // The codecs that frames may be sent in, the peer's preferred one first; empty: none yet.
  std::vector<sdp::Codec> send_codecs(TransceiverId id) const;

  std::expected<void, Error> send_frame(Time now, TransceiverId id, const OutgoingFrame& frame);
  // Of a stream that is received; an empty rid: of all its encodings.
  void request_key_frame(Time now, TransceiverId id, std::string_view rid = {});

  // --- Data channels ---
  std::expected<sctp::ChannelId, Error> create_data_channel(Time now,
                                                            const sctp::ChannelOptions& options);
  std::expected<void, sctp::ChannelSendError> send(Time now, sctp::ChannelId channel,
                                                   sctp::DataChannels::Kind kind, Bytes payload);
  void close_data_channel(Time now, sctp::ChannelId channel);
  void set_buffered_amount_low_threshold(sctp::ChannelId channel, std::size_t bytes);
  const sctp::DataChannels& data_channels() const { return data_channels_; }

  // Ends all of it; the peer is told. Only what is to be sent comes afterwards: TURN servers are
  // told too, for a few seconds.
  void close(Time now);

  // --- The engine ---
  void handle_input(Time now, Datagram datagram);
  void handle_timeout(Time now);
  std::optional<Output> poll_output();
  Time next_deadline() const;

  // --- How it stands ---
  SignalingState signaling_state() const { return negotiation_.state(); }
  GatheringState ice_gathering_state() const { return gathering_state_; }
  ice::State ice_connection_state() const { return ice_state_; }
  ConnectionState connection_state() const { return connection_state_; }
  StatsReport get_stats(Time now) const;
  const Transport* transport() const { return transport_ ? &*transport_ : nullptr; }

 private:
  enum class DtlsState : std::uint8_t { kNew, kConnecting, kConnected, kClosed, kFailed };

  Transport& ensure_transport(Time now, bool controlling);
  TransportParameters transport_parameters() const;
  void begin_gathering(Time now);
  void gather(Time now);
  void apply_remote_transport(Time now);
  void apply_changes(Time now, SignalingState before, const DescriptionChanges& changes);
  void apply_agreements(Time now);
  void begin_data_channels(Time now);
  void check_negotiation();
  void tell_candidates();
  void update_connection_state();
  std::string transport_mid() const;
  void add_transport_stats(StatsReport& report) const;
  void add_channel_stats(sctp::ChannelId id, StatsReport& report) const;

  void pump(Time now);
  bool pump_transport(Time now);  // Whether there was anything; as the next two.
  bool pump_data_channels(Time now);
  bool pump_media(Time now);

  // What the transport says.
  void on(Time now, Transport::RtpReceived event);
  void on(Time now, Transport::RtcpReceived event);
  void on(Time now, Transport::DataReceived event);
  void on(Time now, Transport::Connected event);
  void on(Time now, Transport::Closed event);
  void on(Time now, Transport::Failed event);
  void on(Time now, ice::StateChanged event);
  void on(Time now, ice::Selected event);
  void on(Time now, ice::CandidateFound event);
  void on(Time now, ice::GatheringComplete event);
  void on(Time now, ice::ServerFailed event);
  // What the data channels say.
  void on(Time now, sctp::DataChannels::Transmit event);
  void on(Time now, sctp::DataChannels::Connected event);
  void on(Time now, sctp::DataChannels::ChannelAnnounced event);
  void on(Time now, sctp::DataChannels::ChannelOpened event);
  void on(Time now, sctp::DataChannels::ChannelClosed event);
  void on(Time now, sctp::DataChannels::Closed event);
  // What the media says.
  void on(Time now, MediaSession::SendRtp event);
  void on(Time now, MediaSession::SendRtcp event);
  // The rest goes to the application as it is.
  template <class Event>
  void on(Time, Event event) {
    outputs_.push_back(std::move(event));
  }

  Configuration configuration_;
  Random* random_;
  srtp::Provider* provider_;
  Negotiation negotiation_;
  IceServers ice_servers_;
  std::optional<Transport> transport_;  // From the first description on: only then roles are known.
  MediaSession media_;
  sctp::DataChannels data_channels_;

  std::vector<ice::Candidate> early_local_;  // Before there was a transport.
  std::vector<IceCandidate> early_remote_;   // Before there was a remote description.
  std::vector<ice::Candidate> found_;        // What goes into local_description().
  std::size_t told_candidates_ = 0;          // How many of them the application knows.
  bool may_tell_candidates_ = false;         // A local description has been set.
  bool restart_wanted_ = false;
  bool told_negotiation_needed_ = false;

  GatheringState gathering_state_ = GatheringState::kNew;
  ice::State ice_state_ = ice::State::kNew;
  DtlsState dtls_state_ = DtlsState::kNew;
  ConnectionState connection_state_ = ConnectionState::kNew;
  bool data_started_ = false;
  std::vector<sctp::ChannelId> channels_;  // Open or to be opened.
  std::uint64_t channels_opened_ = 0;
  std::uint64_t channels_closed_ = 0;
  bool closed_ = false;
  std::deque<Output> outputs_;
};

static_assert(SansIo<PeerConnection>);

}  // namespace parley::peer
