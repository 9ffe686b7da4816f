#pragma once

#include <cstddef>
#include <memory>

#include "base/bytes.h"
#include "io/event_loop.h"
#include "io/fd.h"
#include "io/tcp.h"
#include "io/tcp_connector.h"
#include "io/turn_end.h"
#include "net/address.h"
#include "server/relay/client_stream.h"
#include "server/relay/peer_streams.h"
#include "turn/protocol.h"

namespace parley::server {

// One connection to a peer: connecting, then kept unread, then joined to a client's, then closing.
class PeerStreams::PeerStream final : private io::TcpStream::Handler,
                                      private ClientStream::Joined,
                                      private io::TurnEnd {
 public:
  PeerStream(PeerStreams& owner, turn::ConnectionId id, const net::SocketAddress& peer);

  void connect(const net::SocketAddress& local);
  void keep(io::Fd fd) { fd_ = std::move(fd); }
  void join(ClientStream& client);
  bool close();  // False: nothing is left to be sent, it can be destroyed.
  bool is_joined() const { return client_ != nullptr; }

 private:
  // From the peer.
  void on_data(Bytes data) override;
  void on_drained() override { pace(); }
  void on_ended(io::StreamEnd end) override;
  // From the client.
  void on_client_data(Bytes data) override;
  void on_client_drained() override { pace(); }

  void on_connected(io::Fd fd);
  void on_turn_end() override;
  void on_due();
  void passed_on(std::size_t bytes);
  void pace();

  PeerStreams& owner_;
  turn::ConnectionId id_;
  net::SocketAddress peer_;
  std::unique_ptr<io::TcpConnector> connector_;
  io::Fd fd_;  // Connected, and not yet joined.
  std::unique_ptr<io::TcpStream> stream_;
  ClientStream* client_ = nullptr;
  std::size_t owed_ = 0;  // Bytes passed on that no bandwidth was taken for yet.
  io::Timer timer_;       // To look again whether both may go on; while closing, the end of that.
  bool closing_ = false;
};

}  // namespace parley::server
