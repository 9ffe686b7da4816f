#include "io/tcp_connector.h"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "io/bind.h"
#include "io/sockaddr.h"

namespace parley::io {
namespace {

// A socket that is on its way to `to`; closed if there is none.
Fd begin(const net::SocketAddress& from, const net::SocketAddress& to, const PortShare& share) {
  auto bound = bind_socket(SOCK_STREAM, from, share);
  if (!bound) return Fd();
  KernelAddress address;
  const socklen_t size = write_to(address, to, family_of(to.ip));
  if (::connect(bound->get(), &address.any, size) != 0 && errno != EINPROGRESS) return Fd();
  return *std::move(bound);
}

}  // namespace

TcpConnector::TcpConnector(EventLoop& loop, const net::SocketAddress& from,
                           const net::SocketAddress& to, Duration time_limit, Done done,
                           PortShare share)
    : loop_(loop),
      fd_(begin(from, to, share)),
      done_(std::move(done)),
      give_up_(loop, [this] { finish(false); }) {
  if (fd_.is_open()) loop_.watch(fd_.get(), *this);
  give_up_.arm(fd_.is_open() ? loop_.now() + time_limit : loop_.now());
}

TcpConnector::~TcpConnector() {
  if (fd_.is_open()) loop_.unwatch(fd_.get(), *this);
}

// Writable: connected, unless it is in error, which a hang-up tells.
void TcpConnector::on_ready(Readiness readiness) {
  if (readiness.hang_up || readiness.writable) finish(!readiness.hang_up);
}

void TcpConnector::finish(bool connected) {
  give_up_.disarm();
  if (fd_.is_open()) loop_.unwatch(fd_.get(), *this);
  Fd fd = std::move(fd_);
  if (!connected) fd.reset();
  std::exchange(done_, {})(std::move(fd));
}

}  // namespace parley::io
