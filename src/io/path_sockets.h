#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "io/event_loop.h"
#include "io/lifeline.h"
#include "io/tcp.h"
#include "io/tcp_connector.h"
#include "io/udp.h"
#include "net/packet_framer.h"
#include "net/path.h"

namespace parley::io {

// The sockets under an engine whose packets travel on a net::Path, as those of a peer connection
// do: any number of UDP sockets, listening TCP sockets, and TCP connections of either side, on
// which each packet stands after its length (RFC 4571). All on one loop.
//
// A path whose socket is gone, or was never there, loses what is sent on it: as a network would.
class PathSockets {
 public:
  class Handler {
   public:
    // Of UDP or TCP; to be changed in place, valid during the call only.
    virtual void on_packet(const net::Path& path, std::span<std::uint8_t> packet) = 0;
    // What connect() asked for is there. `actual` has the port that we got.
    virtual void on_connected(const net::Path& asked, const net::Path& actual) = 0;
    // A TCP connection of either side has ended, or the one asked for could not be made. Not after
    // close().
    virtual void on_disconnected(const net::Path& path) = 0;

   protected:
    ~Handler() = default;
  };

  struct Config {
    UdpSocket::Config udp = {};
    // Connections that others may have open to us; whoever comes later is sent away.
    std::size_t max_accepted = 64;
    // Waiting for a peer that does not read. More, and the connection ends: what is late is worth
    // nothing.
    std::size_t max_queued = 512 << 10;
    Duration connect_limit = std::chrono::seconds{10};
  };

  struct Counters {
    UdpSocket::Counters udp = {};  // Of all sockets.
    std::uint64_t tcp_accepted = 0;
    std::uint64_t tcp_refused = 0;  // More than max_accepted.
    std::uint64_t tcp_connected = 0;
    std::uint64_t dropped_no_path = 0;   // Sent on a path that has no socket.
    std::uint64_t dropped_too_long = 0;  // For the length of RFC 4571.
  };

  PathSockets(EventLoop& loop, Handler& handler, Config config);
  PathSockets(EventLoop& loop, Handler& handler) : PathSockets(loop, handler, Config()) {}
  ~PathSockets();

  // Both return the address with the port that was taken, where 0 was asked for. The error is for
  // the operator. An address of one interface is what a candidate is made of: packets that come to
  // 0.0.0.0 or "::" have the address that they were sent to.
  std::expected<net::SocketAddress, std::string> open_udp(const net::SocketAddress& address);
  std::expected<net::SocketAddress, std::string> listen_tcp(const net::SocketAddress& address);
  // The interface is gone: closes what listens there. Its TCP connections end by themselves.
  void close_local(const net::SocketAddress& address);

  // Connects from path.local, whose port may be 0, to path.remote; on_connected() or
  // on_disconnected() follows, never from inside this call.
  void connect(const net::Path& path);
  // Ends a TCP connection, or the attempt at one, without telling.
  void close(const net::Path& path);

  void send(const net::Path& path, Bytes packet);

  Counters counters() const;

 private:
  class Connection;
  class Udp;

  void accept(Fd fd, const net::SocketAddress& peer);
  void on_connect_done(const net::Path& asked, Fd fd);
  void forget(const net::Path& path);
  UdpSocket* find_udp(const net::SocketAddress& local);

  EventLoop& loop_;
  Handler& handler_;
  Config config_;
  Counters counters_;
  std::vector<std::unique_ptr<Udp>> udp_;
  std::vector<std::unique_ptr<TcpListener>> listeners_;
  std::map<net::Path, std::unique_ptr<TcpConnector>> connecting_;  // By what was asked for.
  std::map<net::Path, std::unique_ptr<Connection>> connections_;
  std::size_t accepted_ = 0;  // Of the connections: how many are not ours.
};

}  // namespace parley::io
