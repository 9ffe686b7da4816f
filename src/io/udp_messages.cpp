#include "io/udp_messages.h"

#include <netinet/udp.h>

#include <algorithm>
#include <cstring>

#include "base/assert.h"

namespace parley::io {
namespace {

// A message's length has 16 bits, with the headers of UDP and IPv6 in it.
constexpr std::size_t kMaxRunBytes = 65'535 - 8 - 40;
constexpr std::size_t kMaxRun = 64;  // UDP_MAX_SEGMENTS of older kernels.

template <class T>
T read_value(const cmsghdr* control) {
  T value;
  std::memcpy(&value, CMSG_DATA(control), sizeof value);
  return value;
}

// IPV6_PKTINFO also comes for IPv4 datagrams on an IPv6 socket, with a mapped address.
void read_control(const cmsghdr* control, UdpSocket::Incoming::Message& message) {
  if (control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_PKTINFO) {
    message.path.local = from_kernel(read_value<in_pktinfo>(control).ipi_spec_dst);
  } else if (control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_PKTINFO) {
    const auto info = read_value<in6_pktinfo>(control);
    message.path.local = from_kernel(info.ipi6_addr);
    if (IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr)) message.path.interface = info.ipi6_ifindex;
  } else if (control->cmsg_level == IPPROTO_UDP && control->cmsg_type == UDP_GRO) {
    message.piece = static_cast<std::size_t>(std::max(read_value<int>(control), 0));
  }
}

// Appends a control message to `header`, whose memory suffices for two.
template <class Value>
void append_control(msghdr& header, int level, int type, const Value& value) {
  auto* const control = reinterpret_cast<cmsghdr*>(static_cast<std::uint8_t*>(header.msg_control) +
                                                   header.msg_controllen);
  control->cmsg_level = level;
  control->cmsg_type = type;
  control->cmsg_len = CMSG_LEN(sizeof value);
  std::memcpy(CMSG_DATA(control), &value, sizeof value);
  header.msg_controllen += CMSG_SPACE(sizeof value);
}

}  // namespace

UdpSocket::Incoming::Incoming(std::size_t slot_size)
    : slot_size_(slot_size), bytes_(new std::uint8_t[kBatch * slot_size]) {
  for (std::size_t i = 0; i < kBatch; ++i) {
    pieces_[i] = {.iov_base = bytes_.get() + i * slot_size, .iov_len = slot_size};
    msghdr& header = messages_[i].msg_hdr;
    header.msg_name = &addresses_[i];
    header.msg_iov = &pieces_[i];
    header.msg_iovlen = 1;
    header.msg_control = &controls_[i];
  }
}

std::span<mmsghdr> UdpSocket::Incoming::to_fill() {
  for (mmsghdr& message : messages_) {
    message.msg_hdr.msg_namelen = sizeof(KernelAddress);
    message.msg_hdr.msg_controllen = sizeof(UdpControl);
  }
  return messages_;
}

UdpSocket::Incoming::Message UdpSocket::Incoming::at(std::size_t i, const net::IpAddress& local) {
  msghdr& header = messages_[i].msg_hdr;
  Message message{.path = {.remote = from_kernel(addresses_[i]), .local = local},
                  .bytes = {bytes_.get() + i * slot_size_, messages_[i].msg_len},
                  .is_truncated = (header.msg_flags & MSG_TRUNC) != 0};
  for (cmsghdr* c = CMSG_FIRSTHDR(&header); c != nullptr; c = CMSG_NXTHDR(&header, c)) {
    read_control(c, message);
  }
  return message;
}

UdpSocket::Outgoing::Outgoing(std::size_t max_datagram, sa_family_t family, bool with_local)
    : max_datagram_(max_datagram),
      family_(family),
      with_local_(with_local),
      bytes_(new std::uint8_t[kBatch * max_datagram]) {
  for (std::size_t i = 0; i < kBatch; ++i) pieces_[i].iov_base = bytes_.get() + i * max_datagram;
}

void UdpSocket::Outgoing::add(const UdpPath& path, Bytes payload) {
  PARLEY_ASSERT(!is_full() && payload.size() <= max_datagram_);
  const std::size_t i = count_++;
  if (!payload.empty()) std::memcpy(pieces_[i].iov_base, payload.data(), payload.size());
  pieces_[i].iov_len = payload.size();
  paths_[i] = path;
}

std::span<mmsghdr> UdpSocket::Outgoing::messages(std::size_t first, bool in_runs) {
  std::size_t used = 0;
  std::size_t run = 1;
  for (std::size_t i = first; i < count_; i += run) {
    run = in_runs ? run_length(i) : 1;
    messages_[used] = {};
    msghdr& header = messages_[used++].msg_hdr;
    header.msg_name = &addresses_[i];
    header.msg_namelen = write_to(addresses_[i], paths_[i].remote, family_, paths_[i].interface);
    header.msg_iov = &pieces_[i];
    header.msg_iovlen = run;
    write_control(i, run, header);
  }
  return std::span(messages_).first(used);
}

// How many datagrams from `first` on may travel as one message.
std::size_t UdpSocket::Outgoing::run_length(std::size_t first) const {
  const std::size_t piece = pieces_[first].iov_len;
  const std::size_t most = std::min(piece == 0 ? 1 : kMaxRunBytes / piece, kMaxRun);
  std::size_t run = 1;
  while (run < most && first + run < count_) {
    const std::size_t size = pieces_[first + run].iov_len;
    if (size == 0 || size > piece || paths_[first + run] != paths_[first]) break;
    ++run;
    if (size < piece) break;  // Only the last may be shorter.
  }
  return run;
}

void UdpSocket::Outgoing::write_control(std::size_t i, std::size_t run, msghdr& header) {
  header.msg_control = &controls_[i];
  header.msg_controllen = 0;
  const UdpPath& path = paths_[i];
  if (with_local_ && !path.local.is_any() && family_ == AF_INET) {
    in_pktinfo info = {};
    info.ipi_spec_dst = to_in_addr(path.local);
    append_control(header, IPPROTO_IP, IP_PKTINFO, info);
  } else if (with_local_ && !path.local.is_any()) {
    in6_pktinfo info = {};
    info.ipi6_addr = to_in6_addr(path.local);
    info.ipi6_ifindex = path.interface;
    append_control(header, IPPROTO_IPV6, IPV6_PKTINFO, info);
  }
  if (run > 1) {
    append_control(header, IPPROTO_UDP, UDP_SEGMENT,
                   static_cast<std::uint16_t>(pieces_[i].iov_len));
  }
}

}  // namespace parley::io
