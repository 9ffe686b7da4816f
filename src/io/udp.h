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
#include "io/port_share.h"
#include "io/turn_end.h"
#include "net/address.h"
#include "net/datagram_batch.h"

struct mmsghdr;

namespace parley::io {

struct UdpDatagram;  // Internal (udp_memory.h).

// Between whom a datagram travels. To answer, send by the path on which the question came: the
// answer then leaves from the address that was asked, on a host that has many.
struct UdpPath {
  net::SocketAddress remote = {};
  net::IpAddress local = {};  // 0.0.0.0 or :: lets the kernel choose.
  unsigned interface = 0;     // By its index, for IPv6 link-local addresses; else 0.

  friend bool operator==(const UdpPath&, const UdpPath&) = default;
};

struct ReceivedDatagram {
  // What may be written around a payload, to give it a header in place.
  static constexpr std::size_t kHeadroom = 64;
  static constexpr std::size_t kTailroom = 4;

  UdpPath path = {};
  std::span<std::uint8_t> payload = {};  // The loop's memory: to be changed in place, not kept.

  // The payload with the room around it. Before it may stand the datagram that was told before it:
  // go through them in order. Behind it there is room with Config::tailroom only.
  std::span<std::uint8_t> with_room() const {
    return {payload.data() - kHeadroom, kHeadroom + payload.size() + kTailroom};
  }
};

// What the network, or this host, said about a datagram that we sent.
struct UdpError {
  net::SocketAddress remote = {};  // To whom it was sent.
  // Those of ICMP, for an IPv6 address of ICMPv6. What this host found too big to be sent whole is
  // told as a router would tell it.
  std::uint8_t type = 0;
  std::uint8_t code = 0;
  std::uint32_t data = 0;  // The MTU, where it was too big.
};

// Datagrams that wait to be sent, in the loop's memory.
struct UdpQueue {
  UdpDatagram* first = nullptr;
  UdpDatagram* last = nullptr;
  std::size_t count = 0;
};

// A UDP socket on a loop that reads and writes in batches: one system call for up to kBatch
// datagrams either way. What is sent leaves at the end of the turn or when a batch is full. What
// the kernel does not take at once is dropped and counted: a datagram that is late is worth
// nothing.
//
// All sockets of a loop share the memory of what arrives and of what waits to be sent; one that has
// nothing to do holds none, so a loop may have tens of thousands.
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
    // With Config::errors.
    virtual void on_error(const UdpError&) {}

   protected:
    ~Handler() = default;
  };

  struct Config {
    // Longer ones are dropped: no path of ours carries them. Up to kMaxDatagram.
    std::size_t max_datagram = 1500;
    // Asked of the kernel, for what arrives during one turn. It grants both up to
    // net.core.[rw]mem_max, and all to who may administer the network (CAP_NET_ADMIN). 0: what
    // every socket has (208 KiB), enough for one client's relay.
    std::size_t receive_buffer = 4 << 20;
    std::size_t send_buffer = 4 << 20;
    bool in_runs = true;  // GSO and GRO.
    // Where bound to "::": without IPv4, which costs a tenth to a third less on a socket of its
    // own.
    bool v6_only = false;
    bool tailroom = false;  // kTailroom bytes behind a received payload may be written.
    bool errors = false;    // Handler::on_error() is told, and what may be cut has no DF.
    PortShare share = {};
  };
  static constexpr std::size_t kMaxDatagram = 2048;

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

  // The payload is copied. `dont_fragment`: no router may cut it, nor this host: what is too big
  // for the path is dropped (see Config::errors).
  void send(const UdpPath& path, Bytes payload, bool dont_fragment = false);

  // Sends all datagrams of `batch` whose paths are of UDP and of the socket's family, at once and
  // as they stand there: nothing of them is copied, and the batch may be cleared and filled again.
  // What waits is sent before.
  void send_batch(const net::DatagramBatch& batch);

  net::SocketAddress address() const;  // With the port that was taken.
  Counters counters() const;
  // What the kernel granted of what was asked, in bytes as they were asked for.
  struct Buffers {
    std::size_t receive = 0;
    std::size_t send = 0;
  };
  Buffers buffers() const;

 private:
  UdpSocket(EventLoop& loop, Fd fd, Handler& handler, const Config& config);
  void on_ready(Readiness readiness) override;
  void on_turn_end() override;
  bool receive_errors();  // These three are false if the socket was destroyed in them.
  bool receive_batch();
  bool hand_over(std::size_t messages);
  void receive();
  void flush();
  template <class Source>
  void send_all(Source source);
  std::size_t count_sent(std::span<const mmsghdr> messages);
  void forbid_fragments(bool forbid);

  EventLoop& loop_;
  Fd fd_;
  Handler& handler_;
  Counters counters_;
  Lifeline lifeline_;
  net::IpAddress bound_to_;  // Unspecified: then the kernel tells each datagram's local address.
  std::uint16_t max_datagram_;
  bool tailroom_;
  bool errors_;
  bool speaks_ipv4_;
  bool speaks_ipv6_;
  bool sends_runs_ = false;
  bool forbids_fragments_ = false;
  bool input_ready_ = false;
  net::SocketAddress too_big_ = {};  // Where the last one was to go that this host found too big.
  UdpQueue outgoing_;
};

}  // namespace parley::io
