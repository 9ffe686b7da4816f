#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "io/event_loop.h"
#include "io/fd.h"
#include "io/tcp.h"
#include "net/address.h"
#include "net/path.h"
#include "net/source_counts.h"
#include "server/media/media_config.h"

namespace parley::server {

// A connection on its way to the worker whose it is, with what has come of it.
struct IceHandover {
  io::Fd fd = {};
  net::Path path = {};
  std::vector<std::uint8_t> received = {};
};

// All clients of one media worker who come by TCP (RFC 6544), each packet after its length
// (RFC 4571). The engine knows each by its path.
class IceStreams {
 public:
  class Handler {
   public:
    // To be changed in place, valid during the call only. Nothing may be closed in it.
    virtual void on_stream_packet(const net::Path& path, std::span<std::uint8_t> packet) = 0;
    virtual void on_stream_closed(const net::Path& path) = 0;  // Not after close().
    // Asked of the first packet of each. Another worker: it is handed over there.
    virtual std::optional<unsigned> worker_of(Bytes first_packet) = 0;
    virtual void on_hand_over(unsigned worker, IceHandover connection) = 0;

   protected:
    ~Handler() = default;
  };

  struct Counters {
    std::uint64_t accepted = 0, handed_over = 0;
    std::uint64_t packets_in = 0, packets_out = 0, bytes_in = 0, bytes_out = 0;
    std::uint64_t refused_full = 0, refused_address = 0;
    std::uint64_t closed_idle = 0, closed_malformed = 0, closed_slow = 0;
    std::uint64_t dropped_full = 0;  // Packets for who reads too slowly.
    std::uint64_t dropped_gone = 0;  // And for who is not there any more.
  };

  // All three outlive it.
  IceStreams(io::EventLoop& loop, const MediaConfig& config, Handler& handler);
  ~IceStreams();

  // The error is for the operator.
  std::expected<net::SocketAddress, std::string> listen(const net::SocketAddress& address);
  void stop_listening() { listener_.reset(); }
  void adopt(IceHandover connection);

  void send(const net::Path& path, Bytes packet);
  void close(const net::Path& path);

  std::size_t open() const { return streams_.size(); }
  const Counters& counters() const { return counters_; }

 private:
  class Stream;

  bool has_room_for(const net::IpAddress& ip);
  void end(const net::Path& path);  // Destroys it, and tells.
  void hand_over(Stream& stream, unsigned worker);
  std::unique_ptr<Stream> take(const net::Path& path);

  io::EventLoop& loop_;
  const MediaConfig& config_;
  Handler& handler_;
  Counters counters_;
  std::unique_ptr<io::TcpListener> listener_;
  std::unordered_map<net::Path, std::unique_ptr<Stream>> streams_;
  net::SourceCounts streams_from_;
};

}  // namespace parley::server
