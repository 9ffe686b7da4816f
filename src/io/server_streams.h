#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/time.h"
#include "io/event_loop.h"
#include "io/fd.h"
#include "io/tcp.h"
#include "io/tcp_connector.h"
#include "net/address.h"

namespace parley::io {

// Connections to servers that an engine asks for by a number of its own, as ice::Agent does for its
// TURN servers: bytes as they are, over TCP, or over what the owner puts upon it.
class ServerStreams {
 public:
  using Id = std::uint32_t;

  class Handler {
   public:
    virtual void on_server_connected(Id id) = 0;
    virtual void on_server_data(Id id, Bytes bytes) = 0;  // Valid during the call only.
    // It has ended, or could not be made. Not after close().
    virtual void on_server_closed(Id id) = 0;

   protected:
    ~Handler() = default;
  };

  // One connection, of whatever kind. Its maker is told what becomes of it, never from inside
  // secure() or send(), and may destroy it then.
  class Link {
   public:
    virtual ~Link() = default;
    virtual void send(Bytes bytes) = 0;
  };
  class LinkHandler {
   public:
    virtual void on_open() = 0;
    virtual void on_data(Bytes bytes) = 0;
    virtual void on_closed() = 0;

   protected:
    ~LinkHandler() = default;
  };

  struct Config {
    // Makes TLS of a connected socket, with a server whose certificate must be of `name`. Without
    // it connections that are to be secured fail.
    std::function<std::unique_ptr<Link>(EventLoop& loop, Fd fd, const net::SocketAddress& server,
                                        const std::string& name, LinkHandler& handler)>
        secure = {};
    std::size_t max_queued = 512 << 10;  // As PathSockets': more, and the connection ends.
    Duration connect_limit = std::chrono::seconds{10};
  };

  ServerStreams(EventLoop& loop, Handler& handler, Config config);
  ~ServerStreams();

  // `id` is new. With `tls` the server must be who is called so; if the name is empty, its address.
  void connect(Id id, const net::SocketAddress& server, bool tls, const std::string& name);
  void send(Id id, Bytes bytes);
  void close(Id id);

 private:
  class Stream;

  void tell_connected(Id id) { handler_.on_server_connected(id); }
  void tell_closed(Id id);

  EventLoop& loop_;
  Handler& handler_;
  Config config_;
  std::map<Id, std::unique_ptr<Stream>> streams_;  // Bounded by the engine that asks for them.
};

}  // namespace parley::io
