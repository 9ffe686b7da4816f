#include "load/http_call.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "http/text.h"

namespace parley::load {
namespace {

constexpr std::size_t kMaxAnswer = 1 << 20;  // A description is a hundredth of it.

std::optional<std::size_t> number_of(std::string_view text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::expected<std::unique_ptr<HttpCall>, std::string> HttpCall::start(io::EventLoop& loop,
                                                                      const Target& target,
                                                                      const Request& request,
                                                                      OnAnswer on_answer) {
  const auto fd = io::connect_tcp(target.address);
  if (!fd) return std::unexpected(fd.error());
  std::unique_ptr<HttpCall> call(new HttpCall(loop, *fd, target.address, std::move(on_answer)));
  const std::string type =
      request.type.empty() ? "" : fmt::format("Content-Type: {}\r\n", request.type);
  call->stream_.send(SharedBytes(
      fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{}Content-Length: {}\r\n\r\n",
                  request.method, target.path, target.host, type, request.body.size())));
  call->stream_.send(SharedBytes(request.body));
  return call;
}

HttpCall::HttpCall(io::EventLoop& loop, int fd, const net::SocketAddress& address,
                   OnAnswer on_answer)
    : on_answer_(std::move(on_answer)), stream_(loop, fd, address, *this, {}) {}

std::expected<std::optional<HttpCall::Answer>, std::string> HttpCall::read(
    std::string_view received) {
  const auto end = received.find("\r\n\r\n");
  if (end == received.npos) return std::nullopt;
  std::string_view head = received.substr(0, end + 2);
  const std::string_view body = received.substr(end + 4);
  const auto status = number_of(head.substr(0, 12).substr(std::min<std::size_t>(9, head.size())));
  if (!head.starts_with("HTTP/1.") || !status) return std::unexpected("that is no HTTP server");
  Answer answer{.status = static_cast<int>(*status)};
  std::size_t length = 0;
  while (!head.empty()) {
    const auto line_end = head.find("\r\n");
    const auto [name, value] = http::split(head.substr(0, line_end), ':');
    head.remove_prefix(line_end + 2);
    if (http::equals_ignoring_case(name, "Location")) answer.location = value;
    if (http::equals_ignoring_case(name, "Content-Length")) length = number_of(value).value_or(0);
  }
  if (body.size() < length) return std::nullopt;
  answer.body = body.substr(0, length);
  return answer;
}

void HttpCall::on_data(Bytes data) {
  received_ += as_text(data);
  auto answer = read(received_);
  if (!answer) return finish(std::unexpected(std::move(answer.error())));
  if (*answer) return finish(**std::move(answer));
  if (received_.size() > kMaxAnswer) finish(std::unexpected("the server's answer is too long"));
}

void HttpCall::on_ended(io::StreamEnd end) {
  finish(std::unexpected(
      fmt::format("the connection to the server has ended: {}", io::to_string(end))));
}

void HttpCall::finish(std::expected<Answer, std::string> answer) {
  stream_.close();
  auto on_answer = std::exchange(on_answer_, nullptr);
  on_answer(std::move(answer));
}

}  // namespace parley::load
