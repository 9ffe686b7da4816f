#include "io/udp.h"

#include <linux/errqueue.h>
#include <linux/sock_diag.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <netinet/udp.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "base/assert.h"
#include "io/bind.h"
#include "io/sockaddr.h"
#include "io/udp_memory.h"

namespace parley::io {
namespace {

// How many datagrams one socket may bring before the others on its loop get their turn.
constexpr std::uint64_t kDatagramsPerTurn = 4 * UdpSocket::kBatch;

// Errors a readiness. More say nothing new.
constexpr int kErrorsAtOnce = 64;

bool set_option(const Fd& fd, int level, int option, int value) {
  return ::setsockopt(fd.get(), level, option, &value, sizeof value) == 0;
}

// Beyond the kernel's limit where we may, else up to it.
void set_buffer(const Fd& fd, int forced, int option, std::size_t bytes) {
  if (bytes == 0) return;
  const int size = static_cast<int>(bytes);
  if (!set_option(fd, SOL_SOCKET, forced, size)) set_option(fd, SOL_SOCKET, option, size);
}

// The kernel doubles what it was asked for, to count its own bookkeeping.
std::size_t buffer_size(const Fd& fd, int option) {
  int value = 0;
  socklen_t size = sizeof value;
  ::getsockopt(fd.get(), SOL_SOCKET, option, &value, &size);
  return static_cast<std::size_t>(value) / 2;
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

// Of the kernel's list of errors; nothing where it is empty.
std::optional<sock_extended_err> take_error(const Fd& fd, net::SocketAddress& remote) {
  KernelAddress address;
  alignas(cmsghdr) std::array<std::uint8_t, 256> control;
  msghdr header = {};
  header.msg_name = &address;
  header.msg_namelen = sizeof address;
  header.msg_control = control.data();
  header.msg_controllen = control.size();
  if (::recvmsg(fd.get(), &header, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return std::nullopt;
  sock_extended_err error = {};
  for (cmsghdr* c = CMSG_FIRSTHDR(&header); c != nullptr; c = CMSG_NXTHDR(&header, c)) {
    const bool is_error = (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) ||
                          (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR);
    if (is_error) std::memcpy(&error, CMSG_DATA(c), sizeof error);
  }
  if (header.msg_namelen > 0) remote = from_kernel(address);
  return error;
}

}  // namespace

std::expected<std::unique_ptr<UdpSocket>, std::string> UdpSocket::open(EventLoop& loop,
                                                                       net::SocketAddress address,
                                                                       Handler& handler,
                                                                       Config config) {
  PARLEY_ASSERT(config.max_datagram <= kMaxDatagram);
  auto bound = bind_socket(SOCK_DGRAM, address, config.share, config.v6_only);
  if (!bound) return std::unexpected(std::move(bound.error()));
  if (config.share.count > 1) steer_by_source(*bound, config.share.count);
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

UdpSocket::UdpSocket(EventLoop& loop, Fd fd, Handler& handler, const Config& config)
    : loop_(loop),
      fd_(std::move(fd)),
      handler_(handler),
      bound_to_(bound_address(fd_).ip),
      max_datagram_(static_cast<std::uint16_t>(config.max_datagram)),
      tailroom_(config.tailroom),
      errors_(config.errors),
      speaks_ipv4_(!bound_to_.is_v6() || (bound_to_.is_any() && !config.v6_only)),
      speaks_ipv6_(family_of(fd_) == AF_INET6) {
  if (bound_to_.is_any() && !speaks_ipv6_) set_option(fd_, IPPROTO_IP, IP_PKTINFO, 1);
  if (bound_to_.is_any() && speaks_ipv6_) set_option(fd_, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
  set_buffer(fd_, SO_RCVBUFFORCE, SO_RCVBUF, config.receive_buffer);
  set_buffer(fd_, SO_SNDBUFFORCE, SO_SNDBUF, config.send_buffer);
  if (errors_) set_option(fd_, IPPROTO_IP, IP_RECVERR, 1);  // Also of IPv4 on an IPv6 socket.
  if (errors_ && speaks_ipv6_) set_option(fd_, IPPROTO_IPV6, IPV6_RECVERR, 1);
  if (errors_) forbid_fragments(false);
  if (config.in_runs) set_option(fd_, IPPROTO_UDP, UDP_GRO, 1);
  sends_runs_ = config.in_runs && has_option(fd_, IPPROTO_UDP, UDP_SEGMENT);
  loop_.watch_input(fd_.get(), *this);
}

UdpSocket::~UdpSocket() {
  loop_.udp_memory().drop(outgoing_, outgoing_.count);
  loop_.unwatch(fd_.get(), *this);
}

void UdpSocket::send(const UdpPath& path, Bytes payload, bool dont_fragment) {
  if (payload.size() > max_datagram_) {
    ++counters_.dropped_too_long;
    return;
  }
  if (path.remote.ip.is_v6() && !speaks_ipv6_) {
    ++counters_.dropped_unreachable;
    return;
  }
  if (outgoing_.count == kBatch) flush();
  loop_.udp_memory().add(outgoing_, path, payload, dont_fragment);
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

UdpSocket::Buffers UdpSocket::buffers() const {
  return {.receive = buffer_size(fd_, SO_RCVBUF), .send = buffer_size(fd_, SO_SNDBUF)};
}

void UdpSocket::on_ready(Readiness readiness) {
  if (readiness.readable || readiness.hang_up) input_ready_ = true;
  if (readiness.hang_up && errors_ && !receive_errors()) return;
  receive();
}

void UdpSocket::on_turn_end() {
  Lifeline::Guard guard(lifeline_);
  receive();
  if (guard.alive()) flush();
}

bool UdpSocket::receive_errors() {
  Lifeline::Guard guard(lifeline_);
  for (int i = 0; i < kErrorsAtOnce && guard.alive(); ++i) {
    UdpError error;
    const auto told = take_error(fd_, error.remote);
    if (!told) return true;
    error.type = told->ee_type;
    error.code = told->ee_code;
    error.data = told->ee_errno == EMSGSIZE ? told->ee_info : 0;
    if (told->ee_origin == SO_EE_ORIGIN_LOCAL) {
      if (told->ee_errno != EMSGSIZE) continue;
      error.remote = too_big_;  // For IPv4 the kernel leaves out the port.
      error.type = too_big_.ip.is_v4() ? ICMP_DEST_UNREACH : ICMP6_PACKET_TOO_BIG;
      error.code = too_big_.ip.is_v4() ? ICMP_FRAG_NEEDED : 0;
    }
    handler_.on_error(error);
  }
  return guard.alive();
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
  UdpIncoming& incoming = loop_.udp_memory().incoming;
  const std::span<mmsghdr> slots = incoming.to_fill();
  const int result = ::recvmmsg(fd_.get(), slots.data(), static_cast<unsigned>(slots.size()),
                                MSG_DONTWAIT, nullptr);
  if (result < 0) {
    // An error of an earlier datagram's path (ICMP) is told in place of a datagram: read on.
    input_ready_ = errno != EAGAIN && errno != EWOULDBLOCK;
    return true;
  }
  const auto count = static_cast<std::size_t>(result);
  incoming.set_filled(count);
  input_ready_ = count == slots.size();  // Fewer: it was all, and more will be told.
  return hand_over(count);
}

// Cuts the messages into datagrams and tells those, up to kBatch at a time; those of a run one by
// one if they need room behind, which is where the next one stands: that is kept for it meanwhile.
bool UdpSocket::hand_over(std::size_t messages) {
  UdpIncoming& incoming = loop_.udp_memory().incoming;
  std::size_t count = 0;
  Lifeline::Guard guard(lifeline_);
  const auto tell = [&] {
    if (count > 0) {
      handler_.on_datagrams(std::span(incoming.datagrams).first(std::exchange(count, 0)));
    }
    return guard.alive();
  };
  for (std::size_t i = 0; i < messages; ++i) {
    const UdpIncoming::Message message = incoming.at(i, bound_to_);
    std::span<std::uint8_t> rest = message.bytes;
    const std::size_t piece = message.piece == 0 ? rest.size() : message.piece;
    if (rest.size() > piece) ++counters_.runs_received;
    do {
      const auto payload = rest.first(std::min(piece, rest.size()));
      rest = rest.subspan(payload.size());
      if (payload.size() > max_datagram_) {
        ++counters_.dropped_too_long;
        continue;
      }
      ++counters_.received;
      counters_.received_bytes += payload.size();
      incoming.datagrams[count++] = {.path = message.path, .payload = payload};
      const bool alone = tailroom_ && !rest.empty();
      if (count < kBatch && !alone) continue;
      const std::span<std::uint8_t> behind(payload.data() + payload.size(),
                                           ReceivedDatagram::kTailroom);
      std::array<std::uint8_t, ReceivedDatagram::kTailroom> kept;
      std::ranges::copy(behind, kept.begin());
      if (!tell()) return false;
      if (alone) std::ranges::copy(kept, behind.begin());
    } while (!rest.empty());
  }
  return tell();
}

// --- Sending ---

void UdpSocket::send_batch(const net::DatagramBatch& batch) {
  if (outgoing_.count > 0) flush();
  const auto is_ours = [this](const net::DatagramBatch::Run& run) {
    const bool speaks_it = run.path.remote.ip.is_v4() ? speaks_ipv4_ : speaks_ipv6_;
    return run.path.transport == net::Transport::kUdp && speaks_it;
  };
  for (auto rest = batch.runs(); !rest.empty();) {
    const auto begin = std::ranges::find_if(rest, is_ours);
    const auto end = std::find_if_not(begin, rest.end(), is_ours);
    const std::span ours(begin, end);
    if (!ours.empty()) send_all(UdpBatched{.memory = loop_.udp_memory(), .runs = ours});
    rest = {end, rest.end()};
  }
}

void UdpSocket::flush() {
  send_all(UdpWaiting{.memory = loop_.udp_memory(), .queue = outgoing_});
}

// One sendmmsg() stops at the first message that fails: that one is dropped, or sent in pieces if
// it is a run, and the rest goes on.
template <class Source>
void UdpSocket::send_all(Source source) {
  UdpOutgoing& outgoing = loop_.udp_memory().outgoing;
  UdpOutgoing::Form form{.family = speaks_ipv6_ ? sa_family_t{AF_INET6} : sa_family_t{AF_INET},
                         .with_local = bound_to_.is_any(),
                         .in_runs = sends_runs_};
  bool tried_again = false;  // The first of what is left.
  for (;;) {
    const std::span<mmsghdr> messages = source.messages(form);
    if (messages.empty()) return;
    if (source.dont_fragment() != forbids_fragments_) forbid_fragments(source.dont_fragment());
    const int result =
        ::sendmmsg(fd_.get(), messages.data(), static_cast<unsigned>(messages.size()),
                   MSG_DONTWAIT | MSG_NOSIGNAL);
    if (result >= 0) {
      source.drop(count_sent(messages.first(static_cast<std::size_t>(result))));
      tried_again = false;
    } else if (errno == EINTR) {
      continue;
    } else if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS) {
      counters_.dropped_full += source.drop_all();
    } else if (outgoing.datagrams_in(0) > 1) {
      ++counters_.runs_refused;
      form.in_runs = false;
      if (errno == EIO) sends_runs_ = false;  // The network card cannot: it will not learn.
    } else if (errors_ && !tried_again && !(errno == EMSGSIZE && source.dont_fragment())) {
      tried_again = true;  // It may be an earlier datagram's error (ICMP) that was told us.
    } else {
      if (errno == EMSGSIZE) too_big_ = source.first_remote();
      ++counters_.dropped_unreachable;
      source.drop(1);
      tried_again = false;
    }
  }
}

// How many datagrams they held.
std::size_t UdpSocket::count_sent(std::span<const mmsghdr> messages) {
  const UdpOutgoing& outgoing = loop_.udp_memory().outgoing;
  std::size_t all = 0;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    all += outgoing.datagrams_in(i);
    counters_.sent_bytes += messages[i].msg_len;
    if (outgoing.datagrams_in(i) > 1) ++counters_.runs_sent;
  }
  counters_.sent += all;
  return all;
}

// Else the kernel fragments what is longer than the path is known to carry, and to know that sets
// DF on what is shorter. Who hears of errors says of each datagram whether it is to be whole: then
// any router may cut the others (RFC 8656, 15).
void UdpSocket::forbid_fragments(bool forbid) {
  static_assert(IP_PMTUDISC_DO == IPV6_PMTUDISC_DO && IP_PMTUDISC_DONT == IPV6_PMTUDISC_DONT &&
                IP_PMTUDISC_WANT == IPV6_PMTUDISC_WANT);
  forbids_fragments_ = forbid;
  const int discovery = forbid ? IP_PMTUDISC_DO : errors_ ? IP_PMTUDISC_DONT : IP_PMTUDISC_WANT;
  set_option(fd_, IPPROTO_IP, IP_MTU_DISCOVER, discovery);
  if (speaks_ipv6_) set_option(fd_, IPPROTO_IPV6, IPV6_MTU_DISCOVER, discovery);
}

}  // namespace parley::io
