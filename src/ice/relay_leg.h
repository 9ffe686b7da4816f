#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "ice/config.h"
#include "ice/output.h"
#include "ice/relay_server.h"
#include "net/address.h"
#include "net/path.h"
#include "turn/client.h"
#include "turn/stream_framer.h"

namespace parley::ice {

// A packet of a peer's, and the path that it came by; borrowed.
struct Arrived {
  net::Path path = {};
  std::span<std::uint8_t> payload = {};
};

// What the relays have to say: to the owner, and to the agent about its candidates.
struct RelayNews {
  struct Change {
    bool gained = false;
    net::SocketAddress relayed = {};
    net::SocketAddress mapped = {};  // Of what was gained; as the relay sees us.
    net::SocketAddress base = {};    // UDP: the host candidate behind it.
    RelayProtocol protocol = RelayProtocol::kUdp;
    net::SocketAddress server = {};
    std::string url = {};
  };

  std::vector<Output> outputs = {};
  std::vector<Change> changes = {};
};

// One way to one TURN server, and the allocation there: gets it, keeps it, and if it is lost tries
// again, less and less often, unless the server has said that it never will.
class RelayLeg {
 public:
  // `base` is the host candidate that datagrams leave from; of a stream it is empty.
  RelayLeg(RelayServer server, const net::SocketAddress& base, const Timers& timers,
           Random& random);

  // `stream` is for this attempt alone. Each of these may have something to tell.
  void start(Time now, ServerStream stream, RelayNews& news);
  void close(Time now, RelayNews& news);
  // At once, and without a word to the server.
  void abandon(RelayNews& news);
  void connected(Time now, RelayNews& news);
  void disconnected(Time now, RelayNews& news);
  void append(Bytes bytes) { framer_.append(bytes); }
  // The next packet of a peer's in what was appended; nothing until more has come.
  std::optional<turn::PeerData> next(Time now, RelayNews& news);
  std::optional<turn::PeerData> unwrap(Time now, std::span<std::uint8_t> packet, RelayNews& news);
  void send(Time now, const net::SocketAddress& peer, Bytes payload, RelayNews& news);
  void permit(Time now, const net::IpAddress& peer, RelayNews& news);
  void handle_timeout(Time now, RelayNews& news);

  // A packet behind turn::Client::kRoom bytes of room, as it goes to the server.
  std::optional<Output> wrap(const net::SocketAddress& peer, std::vector<std::uint8_t> packet);

  Time next_deadline() const;
  // When start() is to be called again; kNever: it is not to be.
  Time retry_at() const { return retry_at_; }
  void retry_soon(Time now);  // Something has changed: why it failed may be over.

  const RelayServer& server() const { return server_; }
  const net::SocketAddress& base() const { return base_; }
  ServerStream stream() const { return stream_; }
  bool is_udp() const { return server_.protocol == RelayProtocol::kUdp; }
  bool is_for(const RelayServer& server) const { return asked_ == server; }
  std::optional<Arrived> arrived(const turn::PeerData& data) const;
  bool owns(const net::SocketAddress& relayed) const;
  bool is_pending() const { return !settled_; }  // Neither there nor failed since the first start.
  bool is_closed() const { return closing_ && client_ == nullptr; }
  RelayStats stats() const;

 private:
  void pump(Time now, RelayNews& news);
  Output to_server(std::vector<std::uint8_t> packet) const;
  void gain(const turn::Allocated& allocated, RelayNews& news);
  void lose(RelayNews& news);
  void fail(Time now, const turn::ClientFailed& failed, RelayNews& news);
  void redirect(const turn::ClientFailed& failed);
  void end_stream(RelayNews& news);

  RelayServer asked_;
  RelayServer server_;  // The same, or where that one has sent us.
  net::SocketAddress base_;
  Timers timers_;
  Random* random_;
  ServerStream stream_;
  bool stream_open_ = false;  // Asked for, and not ended.
  std::unique_ptr<turn::Client> client_;
  turn::StreamFramer framer_;
  std::vector<std::uint8_t> packet_;  // Of the stream; what next() gave is a part of it.
  std::vector<net::SocketAddress> relayed_;
  bool settled_ = false;
  bool closing_ = false;
  int failures_ = 0;   // In a row.
  int redirects_ = 0;  // Since it had an allocation.
  Time retry_at_ = kNever;
};

}  // namespace parley::ice
