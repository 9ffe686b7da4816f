#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "io/event_loop.h"
#include "io/port_share.h"
#include "net/address.h"
#include "net/path.h"
#include "server/port_sharer.h"
#include "server/relay/client_moves.h"
#include "server/relay/client_port.h"
#include "server/relay/client_streams.h"
#include "server/relay/peer_relays.h"
#include "server/relay/peer_streams.h"
#include "server/relay/relay_config.h"
#include "server/relay/relay_counters.h"
#include "turn/server.h"

namespace parley::server {

// STUN and TURN on one loop: turn::Server, and the sockets that it is told of and asks for. What
// the functions mean is said at RelayWorkers.
class RelayService final : private ClientPort::Handler,
                           private ClientStreams::Handler,
                           private PeerRelays::Handler,
                           private PeerStreams::Handler {
 public:
  using Listening = std::expected<net::SocketAddress, std::string>;

  // `loop` and `random` outlive it. Of those who share addresses it is the `share`th.
  RelayService(io::EventLoop& loop, RelayConfig config, io::PortShare share, Random& random);
  ~RelayService();

  Listening listen_udp(const net::SocketAddress& address);
  Listening listen_tcp(const net::SocketAddress& address);
  Listening listen_tls(const net::SocketAddress& address);
  void stop_listening(const net::SocketAddress& address);  // Whatever does there.

  void serve(std::optional<turn::ServerConfig> turn,
             std::optional<stun::DiscoveryAddresses> discovery = {});
  void set_secrets(std::vector<std::string> secrets);
  void set_host(std::vector<net::IpAddress> own, std::vector<net::Network> neighbours);
  void set_certificate(std::shared_ptr<const tls::Context> certificate);
  void adopt(tls::Handover connection, const net::SocketAddress& local);

  // Of clients that have moved here (ClientMoves): where their packets go, and what comes so.
  void set_pass_on(ClientMoves::PassOn pass_on) { moves_.set_pass_on(std::move(pass_on)); }
  void on_passed_on(const net::Path& path, Bytes packet);

  // What comes by UDP and is for `sharer` goes there, until stop_sharing(). Returns the socket;
  // null: there is none.
  io::UdpSocket* share(PortSharer& sharer);
  void stop_sharing() { sharer_ = nullptr; }

  RelayCounters counters() const;

 private:
  // ClientPort::Handler
  void on_packet(const net::Path& path, std::span<std::uint8_t> packet) override;
  void on_batch_end() override { settle(); }
  // ClientStreams::Handler
  void on_stream_packet(const net::Path& path, Bytes packet) override;
  void on_stream_closed(const net::Path& path) override;
  bool is_served(const net::Path& path) override;
  // PeerRelays::Handler
  void on_peer_packet(turn::RelayId relay, const net::SocketAddress& peer,
                      turn::PeerPacket packet) override;
  void on_icmp_error(turn::RelayId relay, const net::SocketAddress& peer,
                     const turn::IcmpError& error) override;
  // PeerStreams::Handler
  void on_peer_connected(turn::ConnectionId id) override;
  void on_peer_failed(turn::ConnectionId id) override;
  std::optional<turn::ConnectionId> on_peer_accepted(turn::RelayId relay,
                                                     const net::SocketAddress& peer) override;
  void on_peer_closed(turn::ConnectionId id) override;
  bool take_bandwidth(turn::ConnectionId id, std::size_t bytes) override;

  // What the engine asks for, until it asks for nothing more.
  void settle();
  void on(const turn::SendToClient& answer);
  void on(const turn::OpenRelay& relay);
  void on(const turn::CloseRelay& relay);
  void on(const turn::ConnectPeer& connection);
  void on(const turn::JoinPeer& join);
  void on(const turn::ClosePeer& connection);

  void relay(const net::Path& path, Bytes packet);
  ClientPort* port_of(const net::SocketAddress& local);
  void answer_binding(const net::Path& path, Bytes packet);
  void send_answer(const net::Path& path, Bytes packet);
  void on_due();
  void tell_calendar();

  io::EventLoop& loop_;
  RelayConfig config_;
  io::PortShare share_;
  Random& random_;
  // One of them from serve() on.
  std::optional<stun::BindingServer> binding_;  // Where TURN is off.
  std::optional<turn::Server> turn_;
  PortSharer* sharer_ = nullptr;
  ClientMoves moves_;
  std::vector<std::unique_ptr<ClientPort>> ports_;
  ClientStreams clients_;
  PeerRelays relays_;
  PeerStreams peers_;
  std::uint64_t relays_refused_ = 0;
  io::Timer timer_;
  io::Timer calendar_;
};

}  // namespace parley::server
