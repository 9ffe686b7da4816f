#include "io/udp.h"

#include <linux/sock_diag.h>
#include <netinet/udp.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "io/bind.h"
#include "io/udp_messages.h"

namespace parley::io {
namespace {

// How many datagrams one socket may bring before the others on its loop get their turn.
constexpr std::uint64_t kDatagramsPerTurn = 4 * UdpSocket::kBatch;

constexpr std::size_t kLongestMessage = 65'535;  // With GRO: UDP's own limit.

bool set_option(const Fd& fd, int level, int option, int value) {
  return ::setsockopt(fd.get(), level, option, &value, sizeof value) == 0;
}

bool has_option(const Fd& fd, int level, int option) {
  int value = 0;
  socklen_t size = sizeof value;
  return ::getsockopt(fd.get(), level, option, &value, &size) == 0;
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

UdpSocket::Counters& UdpSocket::Counters::operator+=(const Counters& other) {
  received += other.received;
  received_bytes += other.received_bytes;
  sent += other.sent;
  sent_bytes += other.sent_bytes;
  dropped_too_long += other.dropped_too_long;
  dropped_full += other.dropped_full;
  dropped_unreachable += other.dropped_unreachable;
  dropped_by_kernel += other.dropped_by_kernel;
  runs_received += other.runs_received;
  runs_sent += other.runs_sent;
  runs_refused += other.runs_refused;
  return *this;
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
  const bool receives_runs = config.in_runs && set_option(fd_, IPPROTO_UDP, UDP_GRO, 1);
  sends_runs_ = config.in_runs && has_option(fd_, IPPROTO_UDP, UDP_SEGMENT);
  incoming_ = std::make_unique<Incoming>(receives_runs ? kLongestMessage : config.max_datagram);
  outgoing_ = std::make_unique<Outgoing>(config.max_datagram, family, with_local);
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
  const std::uint64_t most = counters_.received + kDatagramsPerTurn;
  while (input_ready_) {
    if (counters_.received >= most) {
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
  return hand_over(count);
}

// Cuts the messages into datagrams and tells those, up to kBatch at a time. False if the socket was
// destroyed by who was told.
bool UdpSocket::hand_over(std::size_t messages) {
  std::array<ReceivedDatagram, kBatch> datagrams;
  std::size_t count = 0;
  Lifeline::Guard guard(lifeline_);
  const auto tell = [&] {
    if (count > 0) handler_.on_datagrams(std::span(datagrams).first(std::exchange(count, 0)));
    return guard.alive();
  };
  for (std::size_t i = 0; i < messages; ++i) {
    const Incoming::Message message = incoming_->at(i, bound_to_);
    std::span<std::uint8_t> rest = message.bytes;
    const std::size_t piece = message.piece == 0 ? rest.size() : message.piece;
    if (rest.size() > piece) ++counters_.runs_received;
    do {
      const auto payload = rest.first(std::min(piece, rest.size()));
      rest = rest.subspan(payload.size());
      if (message.is_truncated || payload.size() > config_.max_datagram) {
        ++counters_.dropped_too_long;
        continue;
      }
      ++counters_.received;
      counters_.received_bytes += payload.size();
      datagrams[count++] = {.path = message.path, .payload = payload};
      if (count == kBatch && !tell()) return false;
    } while (!rest.empty());
  }
  return tell();
}

// One sendmmsg() stops at the first message that fails: that one is dropped, or sent in pieces if
// it is a run, and the rest goes on.
void UdpSocket::flush() {
  bool in_runs = sends_runs_;
  for (std::size_t done = 0; done < outgoing_->count();) {
    const std::span<mmsghdr> rest = outgoing_->messages(done, in_runs);
    const int result = ::sendmmsg(fd_.get(), rest.data(), static_cast<unsigned>(rest.size()),
                                  MSG_DONTWAIT | MSG_NOSIGNAL);
    if (result < 0 && errno == EINTR) continue;
    if (result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS)) {
      counters_.dropped_full += outgoing_->count() - done;
      break;
    }
    if (result >= 0) {
      for (const mmsghdr& sent : rest.first(static_cast<std::size_t>(result))) {
        done += count_sent(sent);
      }
    } else if (Outgoing::datagrams_in(rest.front()) > 1) {
      ++counters_.runs_refused;
      in_runs = false;
      if (errno == EIO) sends_runs_ = false;  // The network card cannot: it will not learn.
    } else {
      ++counters_.dropped_unreachable;
      ++done;
    }
  }
  outgoing_->clear();
}

// Of one message; how many datagrams it held.
std::size_t UdpSocket::count_sent(const mmsghdr& message) {
  const std::size_t datagrams = Outgoing::datagrams_in(message);
  counters_.sent += datagrams;
  counters_.sent_bytes += message.msg_len;
  if (datagrams > 1) ++counters_.runs_sent;
  return datagrams;
}

}  // namespace parley::io
