#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/shared_bytes.h"
#include "io/event_loop.h"
#include "net/address.h"

namespace parley::io {

// Why a stream ended.
enum class StreamEnd : std::uint8_t {
  kClosedByPeer,  // An orderly FIN.
  kReset,         // RST, or any other error of the kernel.
  kSlowReader,    // The peer did not read, and max_queued bytes were waiting for it.
};

std::string_view to_string(StreamEnd end);

// A connected TCP socket on a loop.
//
// Bytes that arrive are handed to on_data() out of the loop's shared buffer. Bytes to send are
// queued by send() and leave together at the end of the turn, in one sendmsg(), as far as the
// kernel takes them; the rest follows when the peer has read. The queue holds references to shared
// bytes, never copies of them.
class TcpStream final : private Watcher {
 public:
  class Handler {
   public:
    // Valid during the call only. The handler may close or destroy the stream in it.
    virtual void on_data(Bytes data) = 0;
    // All that was queued has left, after send_would_wait() was true.
    virtual void on_drained() {}
    // Nothing more comes, and what was not sent never will be. Not told after close().
    virtual void on_ended(StreamEnd end) = 0;

   protected:
    ~Handler() = default;
  };

  struct Limits {
    std::size_t max_queued = 4 << 20;  // Bytes waiting for a slow peer before it is given up.
  };

  // Takes over a connected, non-blocking socket. Reading starts at once.
  TcpStream(EventLoop& loop, int fd, net::SocketAddress peer, Handler& handler, Limits limits);
  ~TcpStream();  // Closes.
  TcpStream(const TcpStream&) = delete;
  TcpStream& operator=(const TcpStream&) = delete;

  // Queues `header` (at most kMaxHeader bytes, copied) and `payload` (shared) as one run of bytes.
  static constexpr std::size_t kMaxHeader = 14;
  void send(Bytes header, SharedBytes payload);
  void send(SharedBytes payload) { send({}, std::move(payload)); }

  std::size_t queued() const;
  const net::SocketAddress& peer() const { return peer_; }

  // No on_data() until resume_reading(): back-pressure for a peer that asks faster than it reads.
  void pause_reading();
  void resume_reading();

  void close_after_sending();  // FIN once the queue is empty; on_ended() is told in the end.
  void close();                // At once. on_ended() is not told.

 private:
  void on_ready(Readiness readiness) override;

  EventLoop& loop_;
  int fd_;
  net::SocketAddress peer_;
  Handler& handler_;
  Limits limits_;
};

// Accepts TCP connections on one address.
class TcpListener final : private Watcher {
 public:
  using Accept = std::move_only_function<void(int fd, net::SocketAddress peer)>;

  // Binds and listens. Port 0 takes a free one. The error is a sentence for the operator.
  static std::expected<std::unique_ptr<TcpListener>, std::string> listen(
      EventLoop& loop, net::SocketAddress address, Accept accept);
  ~TcpListener();

  net::SocketAddress address() const;  // With the port that was taken.

 private:
  TcpListener(EventLoop& loop, int fd, Accept accept);
  void on_ready(Readiness readiness) override;

  EventLoop& loop_;
  int fd_;
  Accept accept_;
};

}  // namespace parley::io
