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

namespace parley::io {

// The memory of one recvmmsg() or sendmmsg(): for each datagram its bytes, its address and its
// control message, wired together once. Internal to udp.cpp.
class UdpSocket::Batch {
 public:
  // `family` is the socket's. `with_local`: local addresses travel in control messages.
  Batch(std::size_t max_datagram, sa_family_t family, bool with_local);

  // --- Receiving.

  // All slots, ready to be filled by recvmmsg().
  std::span<mmsghdr> to_fill();
  // Filled slot `i`. Without control messages, `local` is the address that the socket is bound to.
  ReceivedDatagram received(std::size_t i, const net::IpAddress& local);
  bool is_truncated(std::size_t i) const {
    return (messages_[i].msg_hdr.msg_flags & MSG_TRUNC) != 0;
  }

  // --- Sending.

  bool is_full() const { return count_ == kBatch; }
  void add(const UdpPath& path, Bytes payload);  // Not when full; payload at most max_datagram.
  std::span<mmsghdr> to_send() { return std::span(messages_).first(count_); }
  void clear() { count_ = 0; }

 private:
  // Room for either family's packet information.
  struct alignas(cmsghdr) Control {
    std::array<std::uint8_t, CMSG_SPACE(sizeof(in6_pktinfo))> bytes;
  };

  void write_local(msghdr& header, const UdpPath& path);

  std::size_t max_datagram_;
  sa_family_t family_;
  bool with_local_;
  std::size_t count_ = 0;
  std::unique_ptr<std::uint8_t[]> payloads_;
  std::array<mmsghdr, kBatch> messages_ = {};
  std::array<iovec, kBatch> pieces_ = {};
  std::array<KernelAddress, kBatch> addresses_ = {};
  std::array<Control, kBatch> controls_ = {};
};

}  // namespace parley::io
