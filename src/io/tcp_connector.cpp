#include "io/tcp_connector.h"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "io/bind.h"
#include "io/sockaddr.h"

namespace parley::io {
namespace {

// A socket that is on its way to `to`; closed if there is none.
Fd begin(const net::SocketAddress& from, const net::SocketAddress& to) {
  auto bound = bind_socket(SOCK_STREAM, from);
  if (!bound || from.ip.is_v4() != to.ip.is_v4()) return Fd();
  KernelAddress address;
  const socklen_t size = write_to(address, to, family_of(to.ip));
  if (::connect(bound->get(), &address.any, size) != 0 && errno != EINPROGRESS) return Fd();
  return *std::move(bound);
}

bool is_connected(const Fd& fd) {
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
}

}  // namespace

TcpConnector::TcpConnector(EventLoop& loop, const net::SocketAddress& from,
                           const net::SocketAddress& to, Duration time_limit, Done done)
    : loop_(loop),
      fd_(begin(from, to)),
      done_(std::move(done)),
      give_up_(loop, [this] { finish(false); }) {
  if (fd_.is_open()) loop_.watch(fd_.get(), *this);
  give_up_.arm(fd_.is_open() ? loop_.now() + time_limit : loop_.now());
}

TcpConnector::~TcpConnector() {
  if (fd_.is_open()) loop_.unwatch(fd_.get(), *this);
}

void TcpConnector::on_ready(Readiness readiness) {
  if (readiness.hang_up) {
    finish(false);
  } else if (readiness.writable) {
    finish(is_connected(fd_));
  }
}

void TcpConnector::finish(bool connected) {
  give_up_.disarm();
  if (fd_.is_open()) loop_.unwatch(fd_.get(), *this);
  Fd fd = std::move(fd_);
  if (!connected) fd.reset();
  std::exchange(done_, {})(std::move(fd));
}

}  // namespace parley::io
