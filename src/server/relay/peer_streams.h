#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>

#include "io/event_loop.h"
#include "io/tcp_listener.h"
#include "net/address.h"
#include "server/relay/client_stream.h"
#include "server/relay/relay_config.h"
#include "turn/server_output.h"

namespace parley::server {

// TCP between relayed addresses and peers (RFC 6062): who listens there, who connects from there,
// and the joins of such connections to those of clients.
class PeerStreams {
 public:
  class Handler {
   public:
    virtual void on_peer_connected(turn::ConnectionId id) = 0;
    virtual void on_peer_failed(turn::ConnectionId id) = 0;
    // As what it is to be known; nothing: it is not wanted.
    virtual std::optional<turn::ConnectionId> on_peer_accepted(turn::RelayId relay,
                                                               const net::SocketAddress& peer) = 0;
    virtual void on_peer_closed(turn::ConnectionId id) = 0;
    // False: these bytes are too many for now.
    virtual bool take_bandwidth(turn::ConnectionId id, std::size_t bytes) = 0;

   protected:
    ~Handler() = default;
  };

  struct Counters {
    std::uint64_t joins = 0;
    std::uint64_t bytes_to_peers = 0, bytes_to_clients = 0;
  };

  // All three outlive it.
  PeerStreams(io::EventLoop& loop, const RelayConfig& config, Handler& handler);
  ~PeerStreams();

  bool listen(turn::RelayId id, const net::SocketAddress& local);  // False: it cannot.
  void stop_listening(turn::RelayId id);                           // Nothing if there is none.
  void connect(turn::ConnectionId id, const net::SocketAddress& local,
               const net::SocketAddress& peer);
  void join(turn::ConnectionId id, ClientStream& client);
  // The client's end, too. What was on its way is still sent.
  void close(turn::ConnectionId id);

  std::size_t listeners() const { return listeners_.size(); }
  std::size_t joined() const;
  const Counters& counters() const { return counters_; }

 private:
  class PeerStream;

  void accept(turn::RelayId relay, io::Fd fd, const net::SocketAddress& peer);

  io::EventLoop& loop_;
  const RelayConfig& config_;
  Handler& handler_;
  Counters counters_;
  std::unordered_map<turn::RelayId, std::unique_ptr<io::TcpListener>> listeners_;
  std::unordered_map<turn::ConnectionId, std::unique_ptr<PeerStream>> streams_;
};

}  // namespace parley::server
