#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "io/event_loop.h"
#include "io/port_share.h"
#include "io/tcp_listener.h"
#include "net/address.h"
#include "net/path.h"
#include "net/source_counts.h"
#include "server/relay/client_stream.h"
#include "server/relay/relay_config.h"
#include "tls/context.h"
#include "tls/stream.h"

namespace parley::server {

// All clients over TCP and TLS of one worker. The engine knows each by its path.
//
// To open a stream takes no password. So strangers keep nobody out: each is here for a time, and
// where there is room for no more the one that came first makes place.
class ClientStreams {
 public:
  class Handler {
   public:
    // All that it leads to for this stream is to be done before it returns.
    virtual void on_stream_packet(const net::Path& path, Bytes packet) = 0;
    virtual void on_stream_closed(const net::Path& path) = 0;
    // Whether the client has something here. Who has not is a stranger.
    virtual bool is_served(const net::Path& path) = 0;

   protected:
    ~Handler() = default;
  };

  struct Counters {
    std::uint64_t streams = 0;
    std::uint64_t secured = 0;  // With TLS.
    std::uint64_t refused_full = 0, refused_address = 0;
    std::uint64_t closed_idle = 0, closed_malformed = 0, closed_slow = 0, closed_tls = 0;
    std::uint64_t closed_for_room = 0;  // Strangers', for who came later.
    std::uint64_t dropped_full = 0;     // Packets.
  };

  // All three outlive it.
  ClientStreams(io::EventLoop& loop, const RelayConfig& config, Handler& handler);
  ~ClientStreams();

  std::expected<net::SocketAddress, std::string> listen(const net::SocketAddress& address,
                                                        bool with_tls, io::PortShare share);
  void stop_listening(const net::SocketAddress& address);
  void set_certificate(std::shared_ptr<const tls::Context> certificate);
  void adopt(tls::Handover connection, const net::SocketAddress& local);

  // Nothing if it is gone.
  void send_answer(const net::Path& path, Bytes packet);
  void send_data(const net::Path& path, Bytes packet);  // Dropped if too much waits already.
  ClientStream* find(const net::Path& path);

  std::size_t open_streams() const { return streams_.size(); }
  const Counters& counters() const { return counters_; }

 private:
  friend class ClientStream;
  struct Listener {
    net::SocketAddress address = {};
    std::unique_ptr<io::TcpListener> socket = {};
  };

  void accept(io::Fd fd, const net::SocketAddress& peer, const net::SocketAddress& local,
              bool with_tls);
  bool has_room_for(const net::IpAddress& ip);
  bool turn_away_oldest_stranger();  // False: there is none.
  void end(ClientStream& stream, std::uint64_t& counter);
  void remove(ClientStream& stream);  // Destroys it.

  io::EventLoop& loop_;
  const RelayConfig& config_;
  Handler& handler_;
  Counters counters_;
  std::shared_ptr<const tls::Context> certificate_;
  std::vector<Listener> listeners_;
  std::unordered_map<net::Path, std::unique_ptr<ClientStream>> streams_;
  // By id, so the oldest first. Some of them may be used by now.
  std::map<std::uint64_t, ClientStream*> strangers_;
  std::uint64_t last_id_ = 0;
  net::SourceCounts streams_from_;
};

}  // namespace parley::server
