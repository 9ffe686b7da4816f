#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "io/sockaddr.h"
#include "io/udp.h"
#include "net/datagram_batch.h"

// What the UDP sockets of one loop share: the memory of one recvmmsg(), of one sendmmsg(), and of
// the datagrams that wait to be sent. Internal to io/.
namespace parley::io {

// What one datagram, or a run of them, tells or is told beside its bytes: packet information of
// either family, and the length of the run's pieces.
struct alignas(cmsghdr) UdpControl {
  std::array<std::uint8_t, CMSG_SPACE(sizeof(in6_pktinfo)) + CMSG_SPACE(sizeof(int))> bytes;
};

// Bytes, addresses and control messages, wired together once.
class UdpIncoming {
 public:
  static constexpr std::size_t kBatch = UdpSocket::kBatch;

  struct Message {
    UdpPath path = {};
    std::span<std::uint8_t> bytes = {};
    std::size_t piece = 0;  // The length of the datagrams in it, but for the last. 0: it is one.
  };

  UdpIncoming();

  std::span<mmsghdr> to_fill();  // All slots, ready for recvmmsg().
  // That many were filled. To be told before to_fill() again: only those are made ready then.
  void set_filled(std::size_t count) { filled_ = count; }
  // Filled slot `i`. Where the kernel does not tell `local`, it is the address that we are bound
  // to.
  Message at(std::size_t i, const net::IpAddress& local);

  std::array<ReceivedDatagram, kBatch> datagrams;  // As they are told.

 private:
  std::size_t filled_ = kBatch;
  std::unique_ptr<std::uint8_t[]> bytes_;  // What is never used of it costs address space alone.
  std::array<mmsghdr, kBatch> messages_ = {};
  std::array<iovec, kBatch> pieces_ = {};
  std::array<KernelAddress, kBatch> addresses_ = {};
  std::array<UdpControl, kBatch> controls_ = {};
};

// The bytes of datagrams that wait to be sent, one behind the other as they came: so those of a run
// are one piece for the kernel.
struct UdpChunk {
  static constexpr std::size_t kSize = 64 << 10;

  UdpChunk* next;
  std::size_t used;
  std::size_t waiting;  // Datagrams that have bytes here.
  std::array<std::uint8_t, kSize> bytes;
};

// One that waits to be sent.
struct UdpDatagram {
  UdpDatagram* next;
  UdpPath path;
  std::uint16_t size;
  bool dont_fragment;
  UdpChunk* chunk;
  std::uint8_t* bytes;
};

class UdpOutgoing {
 public:
  static constexpr std::size_t kBatch = UdpSocket::kBatch;

  struct Form {
    sa_family_t family = AF_INET;  // The socket's.
    bool with_local = false;       // Datagrams may leave from an address of our choice.
    bool in_runs = false;
  };

  // Those at the head of `queue`, up to kBatch, that are the same in dont_fragment. In runs: what
  // goes the same way in pieces of one length, the last of which may be shorter, is one message,
  // which the kernel or the network card cuts.
  std::span<mmsghdr> messages(const UdpQueue& queue, const Form& form);
  // Those of `runs`, up to kBatch messages, without the first `skipped` datagrams of the first run.
  std::span<mmsghdr> messages(std::span<const net::DatagramBatch::Run> runs, std::size_t skipped,
                              const Form& form);
  std::size_t datagrams_in(std::size_t message) const { return runs_[message]; }

 private:
  const UdpDatagram* add_run(std::size_t i, const UdpDatagram* first, std::size_t most);
  msghdr& begin(std::size_t i, const UdpPath& path, const Form& form);
  void write_control(std::size_t i, const UdpPath& path, std::size_t piece, const Form& form);

  std::size_t pieces_used_ = 0;
  std::array<iovec, kBatch> pieces_;
  std::array<std::size_t, kBatch> runs_;
  std::array<mmsghdr, kBatch> messages_;
  std::array<KernelAddress, kBatch> addresses_;
  std::array<UdpControl, kBatch> controls_;
};

class UdpMemory {
 public:
  UdpMemory() = default;
  ~UdpMemory();
  UdpMemory(const UdpMemory&) = delete;
  UdpMemory& operator=(const UdpMemory&) = delete;

  UdpIncoming incoming;
  UdpOutgoing outgoing;

  // To the end of `queue`. `payload` is copied; kMaxDatagram at most.
  void add(UdpQueue& queue, const UdpPath& path, Bytes payload, bool dont_fragment);
  void drop(UdpQueue& queue, std::size_t count);  // From its head.

 private:
  // As much as waits at once when a turn brings a lot. More is given back to the heap.
  static constexpr std::size_t kKeptDatagrams = 1024;
  static constexpr std::size_t kKeptChunks = 16;

  std::uint8_t* take_bytes(std::size_t size);
  void give_back(UdpChunk* chunk);

  // The last one given back is the next one taken: it is in the cache.
  UdpDatagram* free_ = nullptr;
  std::size_t free_count_ = 0;
  UdpChunk* chunk_ = nullptr;  // Which is being filled.
  UdpChunk* free_chunks_ = nullptr;
  std::size_t free_chunk_count_ = 0;
};

// What UdpSocket::send_all() sends from: that which waits in the loop's memory,
struct UdpWaiting {
  UdpMemory& memory;
  UdpQueue& queue;

  std::span<mmsghdr> messages(const UdpOutgoing::Form& form) {
    return memory.outgoing.messages(queue, form);
  }
  bool dont_fragment() const { return queue.first->dont_fragment; }
  net::SocketAddress first_remote() const { return queue.first->path.remote; }
  void drop(std::size_t datagrams) { memory.drop(queue, datagrams); }
  std::size_t drop_all() {
    const std::size_t all = queue.count;
    memory.drop(queue, all);
    return all;
  }
};

// and that which stands in a batch of its owner's.
struct UdpBatched {
  UdpMemory& memory;
  std::span<const net::DatagramBatch::Run> runs;
  std::size_t done = 0;  // Datagrams of the first run.

  std::span<mmsghdr> messages(const UdpOutgoing::Form& form) {
    return memory.outgoing.messages(runs, done, form);
  }
  bool dont_fragment() const { return false; }
  net::SocketAddress first_remote() const { return runs.front().path.remote; }
  void drop(std::size_t datagrams) {
    done += datagrams;
    while (!runs.empty() && done >= runs.front().datagrams) {
      done -= runs.front().datagrams;
      runs = runs.subspan(1);
    }
  }
  std::size_t drop_all() {
    std::size_t all = 0;
    for (const auto& run : std::exchange(runs, {})) all += run.datagrams;
    return all - std::exchange(done, 0);
  }
};

}  // namespace parley::io
