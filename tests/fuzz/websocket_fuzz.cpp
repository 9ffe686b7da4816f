// The WebSocket engine must hold for whatever a client sends, compressed or not, and must do the
// same however the bytes are cut. The first byte of the input chooses the parameters.
#include <cstdint>
#include <string>
#include <vector>

#include "base/assert.h"
#include "base/overloaded.h"
#include "http/websocket/engine.h"

namespace parley::http::websocket {
namespace {

constexpr std::size_t kMaxMessage = 64 << 10;

Engine::Config config_of(std::uint8_t choice) {
  Engine::Config config{.max_message_bytes = kMaxMessage, .max_fragments = 8};
  if ((choice & 1) != 0) {
    config.deflate = DeflateParameters{.server_no_context_takeover = (choice & 2) != 0,
                                       .client_no_context_takeover = (choice & 4) != 0,
                                       .client_max_window_bits = 8 + (choice >> 3) % 8};
  }
  return config;
}

// All that comes out, as text.
std::string run(const Engine::Config& config, Bytes bytes, std::size_t piece_size) {
  Engine::Buffer spare;
  Engine engine(config, spare);
  std::string told;
  const auto note = [&](char what, std::string_view text) {
    told.append(1, what).append(text).append("\n");
  };
  const auto on = overloaded{
      [&](const Engine::Transmit& frame) {
        note('t', as_text(frame.header.bytes()));
        note(' ', frame.payload.text());
      },
      [&](const Engine::Message& message) {
        PARLEY_ASSERT(message.payload.size() <= kMaxMessage);
        PARLEY_ASSERT(message.kind == WebSocketKind::kBinary || is_utf8(message.payload));
        note('m', as_text(message.payload));
        if (const auto frame = engine.send(SharedBytes(message.payload), message.kind)) {
          note('e', as_text(frame->header.bytes()));
        }
      },
      [&](Engine::Pong) { note('p', ""); },
      [&](const Engine::Closed& closed) {
        note('c', std::to_string(closed.code) + closed.reason);
      }};
  while (!bytes.empty()) {
    const Bytes front = bytes.first(std::min(piece_size, bytes.size()));
    const std::vector<std::uint8_t> piece(front.begin(), front.end());
    bytes = bytes.subspan(front.size());
    engine.handle_input(Time{}, piece);
    drain(engine, [&](const Engine::Output& output) { std::visit(on, output); });
  }
  engine.handle_end();
  drain(engine, [&](const Engine::Output& output) { std::visit(on, output); });
  PARLEY_ASSERT(told.contains("c"));
  return told;
}

}  // namespace
}  // namespace parley::http::websocket

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley;
  using namespace parley::http;
  if (size < 2) return 0;
  const auto config = websocket::config_of(data[0]);
  const Bytes bytes = Bytes(data, size).subspan(1);
  const std::string whole = websocket::run(config, bytes, bytes.size());
  PARLEY_ASSERT(websocket::run(config, bytes, 1) == whole);
  PARLEY_ASSERT(websocket::run(config, bytes, 5) == whole);
  return 0;
}
