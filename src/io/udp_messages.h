#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "io/sockaddr.h"
#include "io/udp.h"

// The memory of one recvmmsg() and of one sendmmsg(): bytes, addresses and control messages, wired
// together once. Internal to udp.cpp.
namespace parley::io {

// What one datagram, or a run of them, tells or is told beside its bytes: packet information of
// either family, and the length of the run's pieces.
struct alignas(cmsghdr) UdpControl {
  std::array<std::uint8_t, CMSG_SPACE(sizeof(in6_pktinfo)) + CMSG_SPACE(sizeof(int))> bytes;
};

class UdpSocket::Incoming {
 public:
  struct Message {
    UdpPath path = {};
    std::span<std::uint8_t> bytes = {};
    std::size_t piece = 0;  // The length of the datagrams in it, but for the last. 0: it is one.
    bool is_truncated = false;
  };

  // A slot is as long as the longest message. Those that are never used cost address space alone.
  explicit Incoming(std::size_t slot_size);

  std::span<mmsghdr> to_fill();  // All slots, ready for recvmmsg().
  // Filled slot `i`. Where the kernel does not tell `local`, it is the address that we are bound
  // to.
  Message at(std::size_t i, const net::IpAddress& local);

 private:
  std::size_t slot_size_;
  std::unique_ptr<std::uint8_t[]> bytes_;
  std::array<mmsghdr, kBatch> messages_ = {};
  std::array<iovec, kBatch> pieces_ = {};
  std::array<KernelAddress, kBatch> addresses_ = {};
  std::array<UdpControl, kBatch> controls_ = {};
};

class UdpSocket::Outgoing {
 public:
  // `family` is the socket's. `with_local`: datagrams may leave from an address of our choice.
  Outgoing(std::size_t max_datagram, sa_family_t family, bool with_local);

  bool is_full() const { return count_ == kBatch; }
  std::size_t count() const { return count_; }
  void add(const UdpPath& path, Bytes payload);  // Not when full; payload at most max_datagram.
  void clear() { count_ = 0; }

  // Those from the datagram `first` on. In runs: what goes the same way in pieces of one length,
  // the last of which may be shorter, is one message, which the kernel or the network card cuts.
  std::span<mmsghdr> messages(std::size_t first, bool in_runs);
  static std::size_t datagrams_in(const mmsghdr& message) { return message.msg_hdr.msg_iovlen; }

 private:
  std::size_t run_length(std::size_t first) const;
  void write_control(std::size_t i, std::size_t run, msghdr& header);

  std::size_t max_datagram_;
  sa_family_t family_;
  bool with_local_;
  std::size_t count_ = 0;
  std::unique_ptr<std::uint8_t[]> bytes_;
  std::array<UdpPath, kBatch> paths_ = {};
  std::array<iovec, kBatch> pieces_ = {};
  std::array<mmsghdr, kBatch> messages_ = {};
  std::array<KernelAddress, kBatch> addresses_ = {};
  std::array<UdpControl, kBatch> controls_ = {};
};

}  // namespace parley::io
