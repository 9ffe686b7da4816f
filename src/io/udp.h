#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string>

#include "base/bytes.h"
#include "io/event_loop.h"
#include "io/fd.h"
#include "io/lifeline.h"
#include "io/turn_end.h"
#include "net/address.h"

struct mmsghdr;

namespace parley::io {

// Between whom a datagram travels. To answer, send by the path on which the question came: the
// answer then leaves from the address that was asked, on a host that has many.
struct UdpPath {
  net::SocketAddress remote = {};
  net::IpAddress local = {};  // 0.0.0.0 or :: lets the kernel choose.
  unsigned interface = 0;     // By its index, for IPv6 link-local addresses; else 0.

  friend bool operator==(const UdpPath&, const UdpPath&) = default;
};

struct ReceivedDatagram {
  UdpPath path = {};
  std::span<std::uint8_t> payload = {};  // The socket's memory: to be changed in place, not kept.
};

// A UDP socket on a loop that reads and writes in batches: one system call for up to kBatch
// datagrams either way. What is sent leaves at the end of the turn or when a batch is full. What
// the kernel does not take at once is dropped and counted: a datagram that is late is worth
// nothing.
//
// Where the kernel can, datagrams of one length that follow each other on one path cross it as one
// long one, which is cut at the far end of the stack (GSO), and arrive as one, which is cut here
// (GRO). Nobody sees a difference but the processor.
class UdpSocket final : private Watcher, private TurnEnd {
 public:
  static constexpr std::size_t kBatch = 64;

  class Handler {
   public:
    // Up to kBatch datagrams, in the order of their arrival, valid during the call only.
    virtual void on_datagrams(std::span<const ReceivedDatagram> datagrams) = 0;

   protected:
    ~Handler() = default;
  };

  struct Config {
    std::size_t max_datagram = 1500;       // Longer ones are dropped: no path of ours carries them.
    std::size_t receive_buffer = 4 << 20;  // Asked of the kernel, for what arrives during one turn.
    std::size_t send_buffer = 4 << 20;     // The kernel grants both up to net.core.[rw]mem_max.
    bool in_runs = true;                   // GSO and GRO.
  };

  struct Counters {
    std::uint64_t received = 0, received_bytes = 0;
    std::uint64_t sent = 0, sent_bytes = 0;
    std::uint64_t dropped_too_long = 0;  // Received, or given to send().
    std::uint64_t dropped_full = 0;      // The kernel's send buffer was.
    std::uint64_t dropped_unreachable =
        0;  // The kernel refused: no route, a firewall, a bad address.
    std::uint64_t dropped_by_kernel = 0;  // Received, but we were too slow to read; a run is one.
    std::uint64_t runs_received = 0;      // Of two datagrams or more, which came as one.
    std::uint64_t runs_sent = 0;          // And which left as one.
    std::uint64_t runs_refused = 0;  // Left by themselves, because the kernel did not want them.

    Counters& operator+=(const Counters& other);
  };

  class Incoming;  // Internal.
  class Outgoing;

  // Binds. Port 0 takes a free one; "::" takes IPv4 as well. The error is for the operator.
  static std::expected<std::unique_ptr<UdpSocket>, std::string> open(EventLoop& loop,
                                                                     net::SocketAddress address,
                                                                     Handler& handler,
                                                                     Config config);
  static std::expected<std::unique_ptr<UdpSocket>, std::string> open(EventLoop& loop,
                                                                     net::SocketAddress address,
                                                                     Handler& handler) {
    return open(loop, address, handler, Config());
  }
  ~UdpSocket();

  void send(const UdpPath& path, Bytes payload);  // Copied.

  net::SocketAddress address() const;  // With the port that was taken.
  Counters counters() const;

 private:
  UdpSocket(EventLoop& loop, Fd fd, Handler& handler, Config config);
  void on_ready(Readiness readiness) override;
  void on_turn_end() override;
  void receive();
  bool receive_batch();  // False if the socket was destroyed in it.
  bool hand_over(std::size_t messages);
  void flush();
  std::size_t count_sent(const mmsghdr& message);

  EventLoop& loop_;
  Fd fd_;
  Handler& handler_;
  Config config_;
  Counters counters_;
  Lifeline lifeline_;
  net::IpAddress bound_to_;  // Unspecified: then the kernel tells each datagram's local address.
  bool speaks_ipv6_;
  bool sends_runs_ = false;
  bool input_ready_ = false;
  std::unique_ptr<Incoming> incoming_;
  std::unique_ptr<Outgoing> outgoing_;
};

}  // namespace parley::io
