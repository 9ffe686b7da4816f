// A Socket.IO server must hold for whatever packets a client sends. The input is a run of messages,
// one a line; a line that begins with "b" is a binary one.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/assert.h"
#include "base/random.h"
#include "base/schema.h"
#include "socketio/server.h"

namespace parley::socketio {
namespace {

struct Typed {
  std::string a;
  std::optional<int> b;

  static constexpr auto fields() {
    return std::tuple(field("a", &Typed::a), field("b", &Typed::b));
  }
};

// What was decoded encodes to what decodes to the same.
void check_round_trip(const Packet& packet) {
  const Encoded encoded = encode(packet);
  Decoder decoder;
  auto again = decoder.add_text(encoded.text.frame.text().substr(1), {});
  for (const auto& attachment : encoded.attachments) {
    PARLEY_ASSERT(again.has_value() && !again->has_value());
    again = decoder.add_binary(attachment.frame.bytes(), {});
  }
  PARLEY_ASSERT(again.has_value() && again->has_value());
  PARLEY_ASSERT(**again == packet);
}

class World {
 public:
  World() {
    io_.on("r", [](Socket& socket, const Arguments& arguments) -> Arguments {
      socket.broadcast().emit_arguments("r", arguments);
      return arguments;
    });
    io_.on("t", [](Socket& socket, const Typed& typed, std::optional<Json::Array>) {
      socket.join(typed.a);
    });
    io_.on("q", [](Socket& socket, const Json& json) {
      socket.emit_with_ack("q", json, std::chrono::seconds{1}, [](auto) {});
    });
    io_.on("d", [](Socket& socket) { socket.disconnect(); });
    io_.on_disconnecting([this](Socket&, DisconnectReason) { ++gone_; });
    io_.of("/n").use([](Socket& socket) -> Admission {
      if (socket.auth().find("x") == nullptr) return {};
      return std::unexpected(ConnectError{.message = "no"});
    });
    open();
  }

  void message(std::string_view line) {
    const bool binary = line.starts_with('b');
    if (binary) line.remove_prefix(1);
    const std::string frame = binary ? std::string(line) : "4" + std::string(line);
    io_.engine().handle_frame(now_, session_, connection_, as_bytes(frame), binary);
    settle();
    if (io_.engine().counters().open_sessions == 0) open();
  }

 private:
  void open() {
    connection_ = {connection_.value + 1};
    session_ =
        *io_.engine().accept_websocket(now_, connection_, {.query = "EIO=4&transport=websocket"});
    io_.engine().handle_open(now_, session_, connection_);
    settle();
  }

  void settle() {
    now_ += std::chrono::milliseconds{100};
    io_.engine().handle_timeout(now_);
    io_.handle_timeout(now_);
    io_.handle_events(now_);
    while (io_.engine().poll_output()) {
    }
    PARLEY_ASSERT(io_.of("/").size() + io_.of("/n").size() + gone_ <= io_.counters().connections);
  }

  SeededRandom random_{1};
  Server io_{{.recovery = RecoveryConfig{.max_sessions = 2, .max_packets = 4}}, random_};
  Time now_{std::chrono::hours{1}};
  engineio::SessionId session_ = {};
  engineio::ConnectionId connection_ = {};
  std::uint64_t gone_ = 0;
};

}  // namespace
}  // namespace parley::socketio

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley;
  std::string_view rest = as_text({data, size});
  socketio::World world;
  socketio::Decoder decoder;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    world.message(line);
    auto packet = line.starts_with('b') ? decoder.add_binary(as_bytes(line.substr(1)), {})
                                        : decoder.add_text(line, {});
    if (!packet) decoder = {};
    if (packet && *packet) socketio::check_round_trip(**packet);
  }
  return 0;
}
