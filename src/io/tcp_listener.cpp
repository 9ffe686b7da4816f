#include "io/tcp_listener.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/log.h"
#include "io/bind.h"
#include "io/sockaddr.h"

namespace parley::io {
namespace {

constexpr int kBacklog = 4096;        // The kernel cuts it to net.core.somaxconn.
constexpr int kAcceptsPerBatch = 64;  // Then those who are connected get their turn.
constexpr Duration kRetryInterval = std::chrono::milliseconds{500};

bool is_out_of_resources(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

std::expected<std::unique_ptr<TcpListener>, std::string> TcpListener::listen(
    EventLoop& loop, net::SocketAddress address, Accept accept, PortShare share) {
  auto bound = bind_socket(SOCK_STREAM, address, share);
  if (!bound) return std::unexpected(std::move(bound.error()));
  if (::listen(bound->get(), kBacklog) != 0) return std::unexpected(bind_error(address, errno));
  if (share.count > 1) steer_by_source(*bound, share.count);
  return std::unique_ptr<TcpListener>(new TcpListener(loop, *std::move(bound), std::move(accept)));
}

TcpListener::TcpListener(EventLoop& loop, Fd fd, Accept accept)
    : loop_(loop),
      fd_(std::move(fd)),
      accept_(std::move(accept)),
      retry_(loop, [this] { accept_batch(); }) {
  loop_.watch(fd_.get(), *this);
}

TcpListener::~TcpListener() {
  loop_.unwatch(fd_.get(), *this);
}

net::SocketAddress TcpListener::address() const {
  return bound_address(fd_);
}

void TcpListener::on_ready(Readiness) {
  if (!retry_.is_armed()) accept_batch();
}

void TcpListener::on_turn_end() {
  accept_batch();
}

void TcpListener::accept_batch() {
  Lifeline::Guard guard(lifeline_);
  for (int accepted = 0; accepted < kAcceptsPerBatch; ++accepted) {
    KernelAddress peer;
    socklen_t size = sizeof peer;
    const int fd = ::accept4(fd_.get(), &peer.any, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      ++counters_.accepted;
      accept_(fd, from_kernel(peer));
      if (!guard.alive()) return;
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return;
    } else if (is_out_of_resources(errno)) {
      pause(errno);
      return;
    }  // Else this one connection failed before we took it (ECONNABORTED and the like): the next.
  }
  loop_.at_turn_end(*this);
}

// Clients wait in the backlog meanwhile. Trying on at once would only burn the processor.
void TcpListener::pause(int error) {
  ++counters_.pauses;
  log::warning("io", "cannot accept on {} for now: {}", address().to_string(),
               std::strerror(error));
  retry_.arm(loop_.now() + kRetryInterval);
}

}  // namespace parley::io
