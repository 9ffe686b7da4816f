#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// The cheapest clients that a Socket.IO server takes for real ones: a load generator must not be
// the bottleneck. Sockets are written blocking and read by epoll.
namespace bench {

// Connects to 127.0.0.1:port. Ends the program where that fails.
int connect_to(std::uint16_t port);
void send_all(int fd, std::string_view bytes);

// What has come and is not yet a whole frame or response.
class Stream {
 public:
  explicit Stream(int fd) : fd_(fd) {}

  int fd() const { return fd_; }

  // Reads what is there into a buffer that all streams share, behind what was kept.
  std::string_view read();
  void keep(std::string_view rest) { kept_.assign(rest); }

 private:
  int fd_;
  std::string kept_;
};

// A text frame of less than 64 KiB, masked with zeros (RFC 6455 asks for a mask, and XOR with
// zeros is the text itself).
std::string text_frame(std::string_view text);

// Takes one unmasked frame off the front of `bytes`: false while it is not whole.
bool take_frame(std::string_view& bytes, std::string_view& payload);

// Takes one HTTP response with Content-Length off the front of `bytes`.
bool take_response(std::string_view& bytes, std::string_view& body);

// Opens a WebSocket and joins the main namespace, one step after the other; waits for each answer.
Stream join_by_websocket(std::uint16_t port);

// CPU seconds that a process has used, in user and in kernel mode.
double cpu_seconds(int pid);
// Bytes of memory that a process has resident.
std::size_t resident_bytes(int pid);

double now_seconds();

[[noreturn]] void fail(std::string_view what);

}  // namespace bench
