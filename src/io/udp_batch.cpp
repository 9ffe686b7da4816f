#include "io/udp_batch.h"

#include <cstring>

#include "base/assert.h"

namespace parley::io {
namespace {

// Reads the local address out of IP_PKTINFO or IPV6_PKTINFO. The latter also comes for IPv4
// datagrams on an IPv6 socket, with a mapped address.
void read_local(const msghdr& header, UdpPath& path) {
  for (const cmsghdr* c = CMSG_FIRSTHDR(&header); c != nullptr;
       c = CMSG_NXTHDR(const_cast<msghdr*>(&header), const_cast<cmsghdr*>(c))) {
    if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
      in_pktinfo info;
      std::memcpy(&info, CMSG_DATA(c), sizeof info);
      path.local = from_kernel(info.ipi_spec_dst);
    } else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
      in6_pktinfo info;
      std::memcpy(&info, CMSG_DATA(c), sizeof info);
      path.local = from_kernel(info.ipi6_addr);
      if (IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr)) path.interface = info.ipi6_ifindex;
    }
  }
}

template <class Info>
void write_control(msghdr& header, int level, int type, const Info& info) {
  header.msg_controllen = CMSG_SPACE(sizeof info);
  cmsghdr* const control = CMSG_FIRSTHDR(&header);
  control->cmsg_level = level;
  control->cmsg_type = type;
  control->cmsg_len = CMSG_LEN(sizeof info);
  std::memcpy(CMSG_DATA(control), &info, sizeof info);
}

}  // namespace

UdpSocket::Batch::Batch(std::size_t max_datagram, sa_family_t family, bool with_local)
    : max_datagram_(max_datagram),
      family_(family),
      with_local_(with_local),
      payloads_(new std::uint8_t[kBatch * max_datagram]) {
  for (std::size_t i = 0; i < kBatch; ++i) {
    pieces_[i].iov_base = payloads_.get() + i * max_datagram;
    msghdr& header = messages_[i].msg_hdr;
    header.msg_name = &addresses_[i];
    header.msg_iov = &pieces_[i];
    header.msg_iovlen = 1;
    header.msg_control = &controls_[i];
  }
}

std::span<mmsghdr> UdpSocket::Batch::to_fill() {
  for (std::size_t i = 0; i < kBatch; ++i) {
    pieces_[i].iov_len = max_datagram_;
    msghdr& header = messages_[i].msg_hdr;
    header.msg_namelen = sizeof addresses_[i];
    header.msg_controllen = with_local_ ? sizeof controls_[i] : 0;
  }
  return messages_;
}

ReceivedDatagram UdpSocket::Batch::received(std::size_t i, const net::IpAddress& local) {
  ReceivedDatagram datagram;
  datagram.path.remote = from_kernel(addresses_[i]);
  datagram.path.local = local;
  if (with_local_) read_local(messages_[i].msg_hdr, datagram.path);
  datagram.payload = {payloads_.get() + i * max_datagram_, messages_[i].msg_len};
  return datagram;
}

void UdpSocket::Batch::add(const UdpPath& path, Bytes payload) {
  PARLEY_ASSERT(!is_full() && payload.size() <= max_datagram_);
  const std::size_t i = count_++;
  if (!payload.empty()) std::memcpy(pieces_[i].iov_base, payload.data(), payload.size());
  pieces_[i].iov_len = payload.size();
  msghdr& header = messages_[i].msg_hdr;
  header.msg_namelen = write_to(addresses_[i], path.remote, family_, path.interface);
  header.msg_controllen = 0;
  if (with_local_ && !path.local.is_any()) write_local(header, path);
}

void UdpSocket::Batch::write_local(msghdr& header, const UdpPath& path) {
  header.msg_control = &controls_[count_ - 1];
  if (family_ == AF_INET) {
    in_pktinfo info = {};
    info.ipi_spec_dst = to_in_addr(path.local);
    write_control(header, IPPROTO_IP, IP_PKTINFO, info);
  } else {
    in6_pktinfo info = {};
    info.ipi6_addr = to_in6_addr(path.local);
    info.ipi6_ifindex = path.interface;
    write_control(header, IPPROTO_IPV6, IPV6_PKTINFO, info);
  }
}

}  // namespace parley::io
