#include "io/udp.h"

#include <linux/sock_diag.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "io/bind.h"
#include "io/udp_batch.h"

namespace parley::io {
namespace {

// What one socket may bring before the others on its loop get their turn.
constexpr int kBatchesPerTurn = 4;

void set_option(const Fd& fd, int level, int option, int value) {
  ::setsockopt(fd.get(), level, option, &value, sizeof value);
}

// What the kernel threw away because the receive buffer was full.
std::uint64_t kernel_drops(const Fd& fd) {
  std::uint32_t info[SK_MEMINFO_VARS] = {};
  socklen_t size = sizeof info;
  ::getsockopt(fd.get(), SOL_SOCKET, SO_MEMINFO, info, &size);
  return info[SK_MEMINFO_DROPS];
}

sa_family_t family_of(const Fd& fd) {
  int family = AF_INET;
  socklen_t size = sizeof family;
  ::getsockopt(fd.get(), SOL_SOCKET, SO_DOMAIN, &family, &size);
  return static_cast<sa_family_t>(family);
}

}  // namespace

std::expected<std::unique_ptr<UdpSocket>, std::string> UdpSocket::open(EventLoop& loop,
                                                                       net::SocketAddress address,
                                                                       Handler& handler,
                                                                       Config config) {
  auto bound = bind_socket(SOCK_DGRAM, address);
  if (!bound) return std::unexpected(std::move(bound.error()));
  return std::unique_ptr<UdpSocket>(new UdpSocket(loop, *std::move(bound), handler, config));
}

UdpSocket::UdpSocket(EventLoop& loop, Fd fd, Handler& handler, Config config)
    : loop_(loop),
      fd_(std::move(fd)),
      handler_(handler),
      config_(config),
      bound_to_(bound_address(fd_).ip),
      speaks_ipv6_(family_of(fd_) == AF_INET6) {
  const sa_family_t family = speaks_ipv6_ ? AF_INET6 : AF_INET;
  const bool with_local = bound_to_.is_any();
  if (with_local && family == AF_INET) set_option(fd_, IPPROTO_IP, IP_PKTINFO, 1);
  if (with_local && family == AF_INET6) set_option(fd_, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
  set_option(fd_, SOL_SOCKET, SO_RCVBUF, static_cast<int>(config.receive_buffer));
  set_option(fd_, SOL_SOCKET, SO_SNDBUF, static_cast<int>(config.send_buffer));
  incoming_ = std::make_unique<Batch>(config.max_datagram, family, with_local);
  outgoing_ = std::make_unique<Batch>(config.max_datagram, family, with_local);
  loop_.watch(fd_.get(), *this);
}

UdpSocket::~UdpSocket() {
  loop_.unwatch(fd_.get(), *this);
}

void UdpSocket::send(const UdpPath& path, Bytes payload) {
  if (payload.size() > config_.max_datagram) {
    ++counters_.dropped_too_long;
    return;
  }
  if (path.remote.ip.is_v6() && !speaks_ipv6_) {
    ++counters_.dropped_unreachable;
    return;
  }
  if (outgoing_->is_full()) flush();
  outgoing_->add(path, payload);
  loop_.at_turn_end(*this);
}

net::SocketAddress UdpSocket::address() const {
  return bound_address(fd_);
}

UdpSocket::Counters UdpSocket::counters() const {
  Counters counters = counters_;
  counters.dropped_by_kernel = kernel_drops(fd_);
  return counters;
}

void UdpSocket::on_ready(Readiness readiness) {
  if (readiness.readable || readiness.hang_up) input_ready_ = true;
  receive();
}

void UdpSocket::on_turn_end() {
  Lifeline::Guard guard(lifeline_);
  receive();
  if (guard.alive()) flush();
}

void UdpSocket::receive() {
  for (int batches = 0; input_ready_; ++batches) {
    if (batches == kBatchesPerTurn) {
      loop_.at_turn_end(*this);
      return;
    }
    if (!receive_batch()) return;
  }
}

bool UdpSocket::receive_batch() {
  const std::span<mmsghdr> slots = incoming_->to_fill();
  const int result = ::recvmmsg(fd_.get(), slots.data(), static_cast<unsigned>(slots.size()),
                                MSG_DONTWAIT, nullptr);
  if (result < 0) {
    // An error of an earlier datagram's path (ICMP) is told in place of a datagram: read on.
    input_ready_ = errno != EAGAIN && errno != EWOULDBLOCK;
    return true;
  }
  const auto count = static_cast<std::size_t>(result);
  input_ready_ = count == slots.size();  // Fewer: it was all, and more will be told.
  std::array<ReceivedDatagram, kBatch> datagrams;
  std::size_t whole = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (incoming_->is_truncated(i)) {
      ++counters_.dropped_too_long;
      continue;
    }
    datagrams[whole] = incoming_->received(i, bound_to_);
    counters_.received_bytes += datagrams[whole++].payload.size();
  }
  counters_.received += whole;
  if (whole == 0) return true;
  Lifeline::Guard guard(lifeline_);
  handler_.on_datagrams(std::span(datagrams).first(whole));
  return guard.alive();
}

// One sendmmsg() stops at the first datagram that fails: that one is dropped, and the rest goes on.
void UdpSocket::flush() {
  std::span<mmsghdr> rest = outgoing_->to_send();
  while (!rest.empty()) {
    const int result = ::sendmmsg(fd_.get(), rest.data(), static_cast<unsigned>(rest.size()),
                                  MSG_DONTWAIT | MSG_NOSIGNAL);
    if (result < 0 && errno == EINTR) continue;
    if (result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS)) {
      counters_.dropped_full += rest.size();
      break;
    }
    const auto sent = static_cast<std::size_t>(std::max(result, 0));
    for (const mmsghdr& message : rest.first(sent)) counters_.sent_bytes += message.msg_len;
    counters_.sent += sent;
    if (result < 0) ++counters_.dropped_unreachable;
    rest = rest.subspan(result < 0 ? 1 : sent);
  }
  outgoing_->clear();
}

}  // namespace parley::io
