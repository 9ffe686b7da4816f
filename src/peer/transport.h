#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "base/sans_io.h"
#include "base/small_queue.h"
#include "base/time.h"
#include "dtls/connection.h"
#include "ice/agent.h"
#include "net/demux.h"
#include "net/path.h"
#include "peer/transport_counters.h"
#include "srtp/receiver.h"
#include "srtp/sender.h"

namespace parley::peer {

// One path to one peer, for all that they exchange: ICE finds and keeps it, DTLS proves who is at
// its end and agrees on keys, SRTP protects sound and picture. RTP, RTCP and the packets of data
// channels go in and out as they are, in clear.
//
// It is a SansIo engine. Its owner has the sockets, carries candidates, credentials and
// fingerprints to and from the peer, and after each handle_*() polls until nothing is left: what
// RtpReceived and RtcpReceived show is borrowed from the datagram that was handed in.
class Transport {
  using Connection = dtls::Connection;

 public:
  struct Config {
    ice::Config ice = {};
    std::shared_ptr<const dtls::Certificate> certificate = {};  // Must be set.
    bool media = true;                                          // false: data channels alone.
    std::size_t mtu = 1'200;                                    // Of DTLS's handshake.
    srtp::StreamLimits streams = {};
    // DTLS from a validated path before start_dtls(): a ClientHello in three fragments, twice.
    std::size_t max_early_datagrams = 6;
  };

  struct Datagram {
    net::Path path = {};
    std::span<std::uint8_t> payload =
        {};  // Borrowed until all outputs are polled; decrypted in place.
  };
  using Input = Datagram;

  using Transmit = ice::Transmit;
  using ConnectTcp = ice::ConnectTcp;
  using CloseTcp = ice::CloseTcp;
  using ConnectServer = ice::ConnectServer;
  using ToServer = ice::ToServer;
  using CloseServer = ice::CloseServer;
  struct RtpReceived {
    std::span<std::uint8_t> packet = {};
  };
  struct RtcpReceived {
    std::span<std::uint8_t> packet = {};
  };
  struct DataReceived {
    std::vector<std::uint8_t> packet = {};  // An SCTP packet (RFC 8261).
  };
  // Media and data may flow from now on. Once.
  struct Connected {};
  // DTLS has ended, in agreement or not; nothing more comes or goes. Once.
  struct Closed {
    bool by_peer = false;
  };
  struct Failed {
    Connection::Reason reason = {};
  };
  // Something was dropped for this reason for the first time. For the log: the counters have the
  // rest.
  struct Refused {
    net::Path path = {};
    std::string_view reason = {};
  };
  using Output =
      std::variant<Transmit, RtpReceived, RtcpReceived, DataReceived, Connected, Closed, Failed,
                   Refused, ice::StateChanged, ice::Selected, ice::CandidateFound,
                   ice::GatheringComplete, ice::ConnectTcp, ice::CloseTcp, ice::ResolveName,
                   ice::ConnectServer, ice::ToServer, ice::CloseServer, ice::ServerFailed>;

  // `random` and `provider` outlive the transport; a provider serves all transports of one thread.
  Transport(Config config, Random& random, srtp::Provider& provider);

  // The agent, for what concerns the path alone: candidates, STUN servers, TCP, names. Whoever
  // commands it calls poll_output() afterwards, as after any other call.
  ice::Agent& ice() { return ice_; }
  const ice::Agent& ice() const { return ice_; }

  // Once the peer's description is here: our role, and whom its certificate must belong to. A
  // second call is ignored, as DTLS goes on over an ICE restart.
  void start_dtls(Time now, dtls::Role role, std::vector<dtls::Fingerprint> peer_fingerprints);

  // A whole RTP packet, or a compound or reduced-size RTCP packet, in clear. False: not connected,
  // no path at the moment, or refused by SRTP; it is counted then.
  bool send_rtp(Bytes packet);
  bool send_rtcp(Bytes packet);
  // An SCTP packet.
  bool send_data(Time now, Bytes packet);

  // Tells the peer (close_notify), then falls silent.
  void close(Time now);

  void handle_input(Time now, Datagram datagram);
  // What came from a TURN server over TCP or TLS: this instead of the agent's.
  void server_data(Time now, ice::ServerStream stream, Bytes bytes);
  void handle_timeout(Time now);
  std::optional<Output> poll_output();
  Time next_deadline() const;

  bool is_connected() const { return connected_ && !ended_; }
  const std::optional<net::Path>& path() const { return path_; }
  // For srtp::protect_rtp() over many transports, and count_sent() for what it made; null until
  // Connected.
  srtp::Sender* srtp_sender() { return sender_ ? &*sender_ : nullptr; }
  void count_sent(std::size_t bytes);
  // Fetch memory that this and path() will need; the second, which is to come some time later, what
  // srtp::protect_rtp() will.
  void prefetch_sender() const {
    prefetch(path_);
    prefetch(sender_);
  }
  void prefetch_keys() const {
    if (sender_) sender_->prefetch();
  }

  const TransportCounters& counters() const { return counters_; }
  const Connection* dtls() const { return dtls_ ? &*dtls_ : nullptr; }
  const srtp::Sender* srtp_sender() const { return sender_ ? &*sender_ : nullptr; }
  const srtp::Receiver* srtp_receiver() const { return receiver_ ? &*receiver_ : nullptr; }

 private:
  void handle_packet(Time now, const Datagram& datagram);
  void handle_dtls(Time now, const Datagram& datagram);
  void handle_media(const Datagram& datagram, net::Protocol protocol);
  void pump(Time now);
  void take_from(auto& engine);
  bool send(std::vector<std::uint8_t> out, std::size_t room,
            const std::expected<std::size_t, srtp::Error>& size);
  bool transmit(const net::Path& path, std::vector<std::uint8_t> packet);
  bool drop(const net::Path& path, Drop reason);  // Always false.

  void on(ice::Selected event);
  void on(ice::StateChanged event);
  void on(ice::Refused event);
  template <class Event>
  void on(Event event) {  // What only the owner can do something about.
    outputs_.push_back(std::move(event));
  }
  void on(Connection::Transmit event);
  void on(Connection::Connected event);
  void on(Connection::Data event);
  void on(Connection::Closed event);
  void on(Connection::Failed event);

  Config config_;
  srtp::Provider* provider_;
  ice::Agent ice_;
  std::optional<Connection> dtls_;
  std::optional<srtp::Sender> sender_;
  std::optional<srtp::Receiver> receiver_;
  std::optional<net::Path> path_;  // Of the last Selected; none once consent to it is lost.
  // Came before start_dtls(); never more than config_.max_early_datagrams.
  std::vector<std::vector<std::uint8_t>> early_;
  std::optional<net::Path> dtls_path_;  // Where the peer's last DTLS came from.
  bool handshake_due_ = false;          // There is a path, and DTLS has not been told.
  bool connected_ = false;
  bool ended_ = false;
  bool has_borrowed_ = false;  // An output shows memory of the caller, or of arrived_.
  std::vector<std::vector<std::uint8_t>> arrived_;  // Out of one piece of a stream.
  SmallQueue<Output> outputs_;
  TransportCounters counters_;
};

static_assert(SansIo<Transport>);

}  // namespace parley::peer
