#include "http/websocket/session.h"

#include <utility>
#include <variant>

namespace parley::http::websocket {

Session::Session(Transport& transport, const Engine::Config& config, Engine::Buffer& spare,
                 std::unique_ptr<WebSocketHandler> handler)
    : transport_(transport), handler_(std::move(handler)), engine_(config, spare) {}

void Session::handle_input(Bytes input) {
  engine_.handle_input(transport_.now(), input);
  drain_engine();
}

void Session::handle_timeout() {
  engine_.handle_timeout(transport_.now());
  drain_engine();
}

void Session::handle_end() {
  engine_.handle_end();
  drain_engine();
}

void Session::send(SharedBytes payload, WebSocketKind kind) {
  transmit(engine_.send(std::move(payload), kind));
}

void Session::close(std::uint16_t code, std::string_view reason) {
  transmit(engine_.close(transport_.now(), code, reason));
  transport_.set_deadline(engine_.next_deadline());
}

void Session::ping() {
  transmit(engine_.ping());
}

void Session::drain_engine() {
  drain(engine_, [this](Engine::Output output) {
    std::visit([this](auto&& event) { on(std::forward<decltype(event)>(event)); },
               std::move(output));
  });
}

void Session::transmit(std::optional<Engine::Transmit> frame) {
  if (frame) transport_.transmit(frame->header.bytes(), std::move(frame->payload));
}

void Session::on(const Engine::Closed& closed) {
  handler_->on_closed(closed.code, closed.reason);
  transport_.finish();
}

}  // namespace parley::http::websocket
