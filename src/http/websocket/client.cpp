#include "http/websocket/client.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/base64.h"
#include "http/websocket/frame.h"
#include "http/websocket/handshake.h"

namespace parley::http::websocket {
namespace {

constexpr std::size_t kMaxMessage = 1 << 20;  // A server that sends more is none of Parley's.
constexpr std::uint8_t kFin = 0x80, kMasked = 0x80, kOpcode = 0x0f;

}  // namespace

std::expected<std::unique_ptr<Client>, std::string> Client::connect(io::EventLoop& loop,
                                                                    Random& random,
                                                                    const Target& target,
                                                                    Handler& handler) {
  const auto fd = io::connect_tcp(target.address);
  if (!fd) return std::unexpected(fd.error());
  std::unique_ptr<Client> client(new Client(loop, random, handler, *fd, target.address));
  const std::string protocol =
      target.protocol.empty() ? "" : fmt::format("Sec-WebSocket-Protocol: {}\r\n", target.protocol);
  client->stream_.send(SharedBytes(
      fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  "Sec-WebSocket-Key: {}\r\nSec-WebSocket-Version: 13\r\n{}\r\n",
                  target.path, target.host, client->key_, protocol)));
  return client;
}

Client::Client(io::EventLoop& loop, Random& random, Handler& handler, int fd,
               const net::SocketAddress& address)
    : random_(random), handler_(handler), stream_(loop, fd, address, *this, {}) {
  std::array<std::uint8_t, 16> nonce = {};
  random_.fill(nonce);
  key_ = to_base64(nonce);
}

void Client::send(std::string_view text) {
  send_frame(std::to_underlying(Opcode::kText), text);
}

void Client::close() {
  send_frame(std::to_underlying(Opcode::kClose), "\x03\xe8");  // 1000: all is well.
  stream_.close_after_sending();
}

void Client::on_data(Bytes data) {
  received_ += as_text(data);
  if (!open_ && !read_handshake()) return;
  while (stream_.is_open() && read_frame()) {
  }
}

void Client::on_ended(io::StreamEnd end) {
  handler_.on_closed(fmt::format("the connection to the server has ended: {}", to_string(end)));
}

bool Client::read_handshake() {
  const auto end = received_.find("\r\n\r\n");
  if (end == std::string::npos) return false;
  const std::string head = received_.substr(0, end + 2);
  received_.erase(0, end + 4);
  if (!head.starts_with("HTTP/1.1 101 ") || !head.contains(": " + accept_key(key_) + "\r\n")) {
    fail("the server does not speak WebSocket there: " + head.substr(0, head.find('\r')));
    return false;
  }
  open_ = true;
  stream_.send(SharedBytes(std::exchange(waiting_, {})));
  return true;
}

bool Client::read_frame() {
  ByteReader reader(as_bytes(received_));
  const std::uint8_t first = reader.u8();
  std::uint64_t size = reader.u8();
  if (size == 126) {
    size = reader.u16();
  } else if (size == 127) {
    size = reader.u64();
  }
  if (size > kMaxMessage) return fail("the server sent too long a message"), false;
  const Bytes payload = reader.bytes(size);
  if (!reader.ok()) return false;
  std::string text(as_text(payload));
  received_.erase(0, received_.size() - reader.remaining());
  handle_frame(first, std::move(text));
  return true;
}

void Client::handle_frame(std::uint8_t first, std::string payload) {
  switch (static_cast<Opcode>(first & kOpcode)) {
    case Opcode::kText:
    case Opcode::kContinuation:
      message_ += payload;
      if (message_.size() > kMaxMessage) return fail("the server sent too long a message");
      if ((first & kFin) != 0) handler_.on_message(std::exchange(message_, {}));
      return;
    case Opcode::kPing: return send_frame(std::to_underlying(Opcode::kPong), payload);
    case Opcode::kClose: return fail("the server closed the connection");
    default: return;
  }
}

// A client masks what it sends, so that no proxy can be talked into taking it for something else.
void Client::send_frame(std::uint8_t opcode, std::string_view payload) {
  std::array<std::uint8_t, 4> mask = {};
  random_.fill(mask);
  const OutgoingHeader plain(static_cast<Opcode>(opcode), payload.size());
  std::vector<std::uint8_t> frame(plain.bytes().begin(), plain.bytes().end());
  frame[1] |= kMasked;
  frame.insert(frame.end(), mask.begin(), mask.end());
  const std::size_t header = frame.size();
  frame.resize(header + payload.size());
  unmask(as_bytes(payload), std::span(frame).subspan(header), mask, 0);  // It works either way.
  if (open_) {
    stream_.send(SharedBytes(Bytes(frame)));
  } else {
    waiting_ += as_text(frame);
  }
}

void Client::fail(std::string_view reason) {
  stream_.close();
  handler_.on_closed(reason);
}

}  // namespace parley::http::websocket
