#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <string_view>
#include <utility>

#include "io/event_loop.h"
#include "net/address.h"

namespace parley::http {

// For tests: the value of the first header of that name in an answer's head; empty if there is
// none.
inline std::string header_of(std::string_view head, std::string_view name) {
  const std::string start = "\r\n" + std::string(name) + ": ";
  const std::size_t at = head.find(start);
  if (at == head.npos) return {};
  const std::size_t begin = at + start.size();
  return std::string(head.substr(begin, head.find("\r\n", begin) - begin));
}

// A TCP client for tests. It shares the server's thread: while it waits it turns the server's loop,
// so a test sees every counter at rest. Whatever it waits for must come within five seconds.
class TestClient {
 public:
  TestClient(io::EventLoop& loop, const net::SocketAddress& server, int receive_buffer = 0)
      : loop_(loop), fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_buffer > 0) {
      ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }
    sockaddr_in to = {};
    to.sin_family = AF_INET;
    to.sin_port = htons(server.port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
    ::fcntl(fd_, F_SETFL, ::fcntl(fd_, F_GETFL) | O_NONBLOCK);
  }
  ~TestClient() { close(); }
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;

  bool connected() const { return connected_; }

  void send(std::string_view bytes) {
    write(bytes);
    turn();
  }

  // Leaves it to a later turn to read them: several clients can come in one and the same turn.
  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(sent));
      } else if (errno == EAGAIN) {
        turn();
      } else {
        return;
      }
    }
  }

  // What has come so far, once that is at least `size` bytes, the end, or too late.
  const std::string& receive(std::size_t size) {
    return receive_until([&] { return received_.size() >= size; });
  }

  // Up to and including `text`, which is taken off; empty if it does not come.
  std::string receive_past(std::string_view text) {
    receive_until([&] { return received_.contains(text); });
    const auto at = received_.find(text);
    return at == std::string::npos ? std::string() : take(at + text.size());
  }

  std::string take(std::size_t size) {
    receive(size);
    std::string taken = received_.substr(0, size);
    received_.erase(0, taken.size());
    return taken;
  }

  // What is there, without waiting.
  std::string take_available() {
    read_some();
    return std::exchange(received_, {});
  }

  // Everything until the server closes.
  std::string receive_all() {
    receive_until([] { return false; });
    return std::exchange(received_, {});
  }

  bool wait_for_end() {
    receive_until([] { return false; });
    return ended_;
  }

  void turn() { loop_.run_turn(std::chrono::milliseconds{1}); }

  template <class Predicate>
  bool wait_until(Predicate predicate) {
    for (int turns = 0; turns < 5'000; ++turns) {
      if (predicate()) return true;
      turn();
    }
    return predicate();
  }

  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  template <class Predicate>
  const std::string& receive_until(Predicate done) {
    wait_until([&] {
      read_some();
      return done() || ended_;
    });
    return received_;
  }

  void read_some() {
    std::array<char, 16 << 10> buffer;
    for (;;) {
      const ssize_t size = ::recv(fd_, buffer.data(), buffer.size(), 0);
      if (size > 0) {
        received_.append(buffer.data(), static_cast<std::size_t>(size));
        continue;
      }
      if (size == 0 || errno != EAGAIN) ended_ = true;
      return;
    }
  }

  io::EventLoop& loop_;
  int fd_;
  bool connected_ = false;
  bool ended_ = false;
  std::string received_;
};

}  // namespace parley::http
