#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/shared_bytes.h"
#include "io/event_loop.h"
#include "io/fd.h"
#include "io/lifeline.h"
#include "io/send_queue.h"
#include "io/tcp_listener.h"  // Who wants the one wants the other.
#include "io/turn_end.h"
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
class TcpStream final : private Watcher, private TurnEnd {
 public:
  class Handler {
   public:
    // Valid during the call only. The handler may close or destroy the stream in it.
    virtual void on_data(Bytes data) = 0;
    // All that was queued has left, after the kernel had refused some of it: the peer keeps up
    // again.
    virtual void on_drained() {}
    // Nothing more comes, and what was not sent never will be. Never told inside send(), nor after
    // close(). The handler may destroy the stream in it.
    virtual void on_ended(StreamEnd end) = 0;

   protected:
    ~Handler() = default;
  };

  struct Limits {
    // Bytes waiting for a slow peer, what it costs to keep them included, before it is given up.
    // Past it the kernel is asked once more, and then nothing is added: one message may exceed it.
    std::size_t max_queued = 4 << 20;
  };

  // Takes over a connected (or connecting), non-blocking socket. Reading starts at once.
  TcpStream(EventLoop& loop, int fd, net::SocketAddress peer, Handler& handler, Limits limits);
  ~TcpStream();  // Closes.

  // Queues `header` (at most kMaxHeader bytes, copied) and `payload` (shared) as one run of bytes.
  // Nothing happens once the stream has ended or was closed.
  static constexpr std::size_t kMaxHeader = SendQueue::kMaxHeader;
  void send(Bytes header, SharedBytes payload);
  void send(SharedBytes payload) { send({}, std::move(payload)); }

  std::size_t queued() const { return queue_.bytes(); }
  const net::SocketAddress& peer() const { return peer_; }
  bool is_open() const { return fd_.is_open(); }

  // No on_data() until resume_reading(): back-pressure for a peer that asks faster than it reads.
  // A FIN waits with the data; a reset is told at once.
  void pause_reading() { paused_ = true; }
  void resume_reading();

  // FIN once the queue is empty; on_ended() is told in the end. What the peer still sends is thrown
  // away, so that the kernel does not cut our last bytes off with a RST; the owner sets the
  // deadline for a peer that never closes.
  void close_after_sending();
  void close();  // At once. on_ended() is not told.

  // Gives the socket away, with what waits to be sent. Then as after close().
  struct Released {
    Fd fd;
    std::vector<std::uint8_t> unsent;
  };
  Released release();

 private:
  void on_ready(Readiness readiness) override;
  void on_turn_end() override;

  void read();
  bool read_once();  // False if the stream was closed or destroyed in it.
  void flush();
  void write_out();
  void end(StreamEnd end);

  EventLoop& loop_;
  Handler& handler_;
  Limits limits_;
  SendQueue queue_;
  Lifeline lifeline_;
  net::SocketAddress peer_;
  Fd fd_;
  std::optional<StreamEnd> failed_;  // Found out while writing; told at the turn's end.
  bool input_ready_ = false;         // There may be something to read.
  bool hung_up_ = false;             // The kernel holds a FIN or an error: read up to it.
  bool paused_ = false;
  bool blocked_ = false;      // The kernel takes no more until it says so.
  bool was_blocked_ = false;  // And on_drained() is owed for it.
  bool closing_ = false;      // close_after_sending() was called.
  bool fin_sent_ = false;
};

// Starts to connect. The socket may be given to a TcpStream at once: what is sent waits until it is
// connected; a failure is StreamEnd::kReset. The error is a sentence for the operator.
std::expected<int, std::string> connect_tcp(const net::SocketAddress& address);

}  // namespace parley::io
