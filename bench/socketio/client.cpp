#include "client.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

namespace bench {
namespace {

std::array<char, 1 << 20> buffer;

// The time that only some kernel versions count per process; in ticks of the clock.
double ticks() {
  return static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace

void fail(std::string_view what) {
  std::fprintf(stderr, "load: %.*s: %s\n", static_cast<int>(what.size()), what.data(),
               std::strerror(errno));
  std::exit(EXIT_FAILURE);
}

int connect_to(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) fail("socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fail("connect");
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

void send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) fail("send");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string_view Stream::read() {
  std::memcpy(buffer.data(), kept_.data(), kept_.size());
  const ssize_t got = ::recv(fd_, buffer.data() + kept_.size(), buffer.size() - kept_.size(), 0);
  if (got <= 0) fail("the server closed a connection");
  const std::size_t size = kept_.size() + static_cast<std::size_t>(got);
  kept_.clear();
  return {buffer.data(), size};
}

std::string text_frame(std::string_view text) {
  std::string frame{static_cast<char>(0x81)};
  if (text.size() < 126) {
    frame += static_cast<char>(0x80 | text.size());
  } else {
    frame += {static_cast<char>(0x80 | 126), static_cast<char>(text.size() >> 8),
              static_cast<char>(text.size() & 0xff)};
  }
  return frame.append(4, '\0').append(text);
}

bool take_frame(std::string_view& bytes, std::string_view& payload) {
  if (bytes.size() < 2) return false;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  std::size_t header = 2;
  std::size_t length = byte(1) & 0x7f;
  if (length == 126) {
    if (bytes.size() < 4) return false;
    length = static_cast<std::size_t>(byte(2) << 8 | byte(3));
    header = 4;
  }
  if (bytes.size() < header + length) return false;
  payload = bytes.substr(header, length);
  bytes.remove_prefix(header + length);
  return true;
}

bool take_response(std::string_view& bytes, std::string_view& body) {
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return false;
  const std::string_view head = bytes.substr(0, end);
  std::size_t length = 0;
  for (const std::string_view name : {"Content-Length: ", "content-length: "}) {
    const std::size_t at = head.find(name);
    if (at == std::string_view::npos) continue;
    std::from_chars(head.data() + at + name.size(), head.data() + head.size(), length);
  }
  if (bytes.size() < end + 4 + length) return false;
  body = bytes.substr(end + 4, length);
  bytes.remove_prefix(end + 4 + length);
  return true;
}

Stream join_by_websocket(std::uint16_t port) {
  Stream stream(connect_to(port));
  send_all(stream.fd(),
           "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\n"
           "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  std::string_view frame;
  std::string arrived;
  // The answer to the upgrade and the open packet; then the answer to CONNECT.
  while (arrived.find("\"maxPayload\"") == std::string::npos) arrived += stream.read();
  send_all(stream.fd(), text_frame("40"));
  std::string_view rest = stream.read();
  while (!take_frame(rest, frame)) {
    stream.keep(rest);
    rest = stream.read();
  }
  if (!frame.starts_with("40{")) fail("no answer to CONNECT");
  return stream;
}

double cpu_seconds(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  std::getline(file, line);
  std::istringstream fields(line.substr(line.rfind(')') + 2));
  std::string skipped;
  for (int i = 3; i < 14; ++i) fields >> skipped;  // proc(5): utime and stime are fields 14 and 15.
  double user = 0, system = 0;
  fields >> user >> system;
  return (user + system) / ticks();
}

std::size_t resident_bytes(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/statm");
  std::size_t total = 0, resident = 0;
  file >> total >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

double now_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace bench
