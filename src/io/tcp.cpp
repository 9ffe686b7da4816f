#include "io/tcp.h"

#include <fmt/core.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "io/sockaddr.h"

namespace parley::io {
namespace {

// What one peer may send before the others get their turn.
constexpr int kReadsPerTurn = 4;

bool would_block(int error) {
  return error == EAGAIN || error == EWOULDBLOCK;
}

ssize_t write_pieces(int fd, std::span<iovec> pieces) {
  if (pieces.size() == 1) {
    return ::send(fd, pieces[0].iov_base, pieces[0].iov_len, MSG_NOSIGNAL | MSG_DONTWAIT);
  }
  msghdr message = {};
  message.msg_iov = pieces.data();
  message.msg_iovlen = pieces.size();
  return ::sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

std::size_t total_size(std::span<const iovec> pieces) {
  std::size_t size = 0;
  for (const iovec& piece : pieces) size += piece.iov_len;
  return size;
}

int pending_error(int fd) {
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

}  // namespace

std::string_view to_string(StreamEnd end) {
  switch (end) {
    case StreamEnd::kClosedByPeer: return "closed by peer";
    case StreamEnd::kReset: return "reset";
    case StreamEnd::kSlowReader: return "slow reader";
  }
  std::unreachable();
}

TcpStream::TcpStream(EventLoop& loop, int fd, net::SocketAddress peer, Handler& handler,
                     Limits limits)
    : loop_(loop), handler_(handler), limits_(limits), peer_(peer), fd_(fd) {
  // What leaves is gathered here, once a turn; Nagle's algorithm could only delay it.
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  loop_.watch(fd, *this);
}

TcpStream::~TcpStream() {
  close();
}

void TcpStream::send(Bytes header, SharedBytes payload) {
  if (!is_open() || closing_ || failed_) return;
  if (queue_.footprint() > limits_.max_queued) {
    blocked_ = false;  // As of the last turn; it may take some by now.
    write_out();
    if (queue_.footprint() > limits_.max_queued) failed_ = StreamEnd::kSlowReader;
    if (failed_) queue_.clear();
  }
  if (!failed_) queue_.push(header, std::move(payload));
  if (!blocked_ || failed_) loop_.at_turn_end(*this);
}

void TcpStream::resume_reading() {
  paused_ = false;
  if (is_open() && input_ready_) loop_.at_turn_end(*this);
}

void TcpStream::close_after_sending() {
  if (!is_open()) return;
  closing_ = true;
  paused_ = false;
  loop_.at_turn_end(*this);
}

void TcpStream::close() {
  if (!is_open()) return;
  loop_.unwatch(fd_.get(), *this);
  fd_.reset();
  queue_.clear();
}

TcpStream::Released TcpStream::release() {
  Released released;
  Gather gather;
  while (!queue_.empty()) {
    const std::span<iovec> pieces = queue_.lay_out(gather);
    for (const iovec& piece : pieces) {
      const auto* const from = static_cast<const std::uint8_t*>(piece.iov_base);
      released.unsent.insert(released.unsent.end(), from, from + piece.iov_len);
    }
    queue_.consume(total_size(pieces));
  }
  if (is_open()) loop_.unwatch(fd_.get(), *this);
  released.fd = std::move(fd_);
  return released;
}

void TcpStream::on_ready(Readiness readiness) {
  if (readiness.writable && blocked_) {
    blocked_ = false;
    loop_.at_turn_end(*this);
  }
  if (readiness.hang_up) hung_up_ = true;
  if (readiness.readable || readiness.hang_up) input_ready_ = true;
  if (paused_ && hung_up_ && pending_error(fd_.get()) != 0) {
    end(StreamEnd::kReset);
  } else {
    read();
  }
}

void TcpStream::on_turn_end() {
  if (!is_open()) return;
  Lifeline::Guard guard(lifeline_);
  read();
  if (guard.alive() && is_open()) flush();
}

void TcpStream::read() {
  for (int reads = 0; input_ready_ && !paused_; ++reads) {
    if (reads == kReadsPerTurn) {
      loop_.at_turn_end(*this);
      return;
    }
    if (!read_once()) return;
  }
}

bool TcpStream::read_once() {
  const std::span<std::uint8_t> buffer = loop_.read_buffer();
  const ssize_t result = ::recv(fd_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (result < 0) {
    if (errno == EINTR) return true;
    input_ready_ = false;
    if (would_block(errno)) return true;
    end(StreamEnd::kReset);
    return false;
  }
  if (result == 0) {
    // Half-closed peers get what is already queued, if the kernel takes it at once.
    if (!failed_) write_out();
    end(failed_.value_or(StreamEnd::kClosedByPeer));
    return false;
  }
  // Fewer bytes than asked for: it was all, and more will be told, so no second recv() to hear
  // EAGAIN. A FIN that came before the recv() was told already, and is not told again.
  const auto size = static_cast<std::size_t>(result);
  input_ready_ = size == buffer.size() || hung_up_;
  if (closing_) return true;
  Lifeline::Guard guard(lifeline_);
  handler_.on_data(buffer.first(size));
  return guard.alive() && is_open();
}

// Tells what writing found out; whoever is told may destroy the stream, so telling comes last.
void TcpStream::flush() {
  if (!failed_) write_out();
  if (failed_) {
    end(*failed_);
  } else if (!queue_.empty()) {
    return;
  } else if (closing_) {
    if (!std::exchange(fin_sent_, true)) ::shutdown(fd_.get(), SHUT_WR);
  } else if (std::exchange(was_blocked_, false)) {
    handler_.on_drained();
  }
}

void TcpStream::write_out() {
  Gather gather;
  while (!queue_.empty() && !blocked_) {
    const std::span<iovec> pieces = queue_.lay_out(gather);
    const ssize_t result = write_pieces(fd_.get(), pieces);
    if (result < 0 && errno == EINTR) continue;
    if (result < 0 && !would_block(errno)) {
      failed_ = StreamEnd::kReset;
      queue_.clear();
      return;
    }
    const std::size_t written = result < 0 ? 0 : static_cast<std::size_t>(result);
    // Less than offered means that the send buffer is full, and that the kernel will say when not.
    blocked_ = written < total_size(pieces);
    was_blocked_ = was_blocked_ || blocked_;
    queue_.consume(written);
  }
}

void TcpStream::end(StreamEnd end) {
  close();
  handler_.on_ended(end);
}

std::expected<int, std::string> connect_tcp(const net::SocketAddress& address) {
  const sa_family_t family = family_of(address.ip);
  Fd fd(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  KernelAddress to;
  const socklen_t size = write_to(to, address, family);
  if (!fd.is_open() || (::connect(fd.get(), &to.any, size) != 0 && errno != EINPROGRESS)) {
    return std::unexpected(
        fmt::format("cannot connect to {}: {}", address.to_string(), std::strerror(errno)));
  }
  return fd.release();
}

}  // namespace parley::io
