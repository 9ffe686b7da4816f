// The Engine.IO engine must hold for whatever clients send: requests, frames and times come out of
// the fuzzer's bytes, against one engine that echoes.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/assert.h"
#include "base/overloaded.h"
#include "base/random.h"
#include "socketio/engineio/engine.h"

namespace parley::engineio {
namespace {

// A payload that was read, written and read again is the same.
void check_round_trip(std::string_view body) {
  std::vector<Packet> packets;
  for (PayloadReader reader(body); auto packet = reader.next();) {
    packets.push_back(packet->binary ? Packet::message(packet->data)
                                     : Packet::text(packet->type, as_text(packet->data)));
  }
  if (packets.empty()) return;
  const SharedBytes written = encode_payload(packets);
  PayloadReader reader(written.text());
  for (const Packet& packet : packets) {
    const auto again = reader.next();
    PARLEY_ASSERT(again.has_value() && again->binary == packet.binary);
    const Bytes whole = packet.frame.bytes();
    PARLEY_ASSERT(as_text(again->data) == as_text(packet.binary ? whole : whole.subspan(1)));
  }
  PARLEY_ASSERT(!reader.next().has_value());
}

class World {
 public:
  // One step: its kind, which session it is about, and what it carries.
  void step(std::uint8_t kind, std::uint8_t which, std::string_view data) {
    switch (kind % 8) {
      case 0: request(http::Method::kGet, "EIO=4&transport=polling", {}); break;
      case 1: request(http::Method::kGet, query(which), {}); break;
      case 2: request(http::Method::kPost, query(which), data); break;
      case 3: open(which % 2 ? "EIO=4&transport=websocket" : upgrade(which)); break;
      case 4: frame(which, data, (which & 0x80) != 0); break;
      case 5: lose(which); break;
      case 6: request(http::Method::kGet, data, {}); break;
      default: advance(std::chrono::seconds{which}); break;
    }
    drain();
  }

 private:
  struct Connection {
    ConnectionId id = {};
    SessionId session = {};
  };

  std::string query(std::uint8_t which) const {
    return sids_.empty() ? "" : "EIO=4&transport=polling&sid=" + sids_[which % sids_.size()];
  }
  std::string upgrade(std::uint8_t which) const {
    return sids_.empty() ? "" : "EIO=4&transport=websocket&sid=" + sids_[which % sids_.size()];
  }

  void request(http::Method method, std::string_view text, std::string_view body) {
    http::Request request{.method = method, .query = text};
    request.body = as_bytes(body);
    ++asked_;
    engine_.handle_request(now_, RequestId{asked_}, request);
  }

  void open(const std::string& text) {
    const ConnectionId id{++last_connection_};
    const auto session = engine_.accept_websocket(now_, id, {.query = text});
    if (!session) return;
    connections_.push_back({id, *session});
    engine_.handle_open(now_, *session, id);
  }

  void frame(std::uint8_t which, std::string_view data, bool binary) {
    if (connections_.empty()) return;
    const Connection& connection = connections_[which % connections_.size()];
    engine_.handle_frame(now_, connection.session, connection.id, as_bytes(data), binary);
  }

  void lose(std::uint8_t which) {
    if (connections_.empty()) return;
    const auto it = connections_.begin() + which % connections_.size();
    engine_.handle_closed(it->session, it->id, (which & 0x80) != 0);
    connections_.erase(it);
  }

  void advance(Duration duration) {
    now_ += duration;
    engine_.handle_timeout(now_);
    PARLEY_ASSERT(engine_.next_deadline() > now_);
  }

  void drain() {
    while (auto event = engine_.poll_event()) {
      std::visit(overloaded{[](Opened&) {},
                            [this](Message& message) {
                              const Received& packet = message.packet;
                              engine_.send(message.session,
                                           packet.binary ? Packet::message(packet.data)
                                                         : Packet::message(as_text(packet.data)));
                            },
                            [](Closed&) {}},
                 *event);
    }
    while (auto output = engine_.poll_output()) {
      if (auto* const respond = std::get_if<Respond>(&*output)) note(respond->response);
    }
    PARLEY_ASSERT(answered_ <= asked_);
  }

  void note(const http::Response& response) {
    ++answered_;
    const std::string_view body = response.body.text();
    constexpr std::string_view kOpen = R"(0{"sid":")";
    if (body.starts_with(kOpen)) sids_.emplace_back(body.substr(kOpen.size(), 20));
  }

  SeededRandom random_{1};
  Engine engine_{{.max_http_buffer_size = 1000, .max_queued_bytes = 1000, .max_sessions = 10},
                 random_};
  Time now_{std::chrono::hours{1}};
  std::uint64_t asked_ = 0, answered_ = 0, last_connection_ = 0;
  std::vector<std::string> sids_;
  std::vector<Connection> connections_;
};

}  // namespace
}  // namespace parley::engineio

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = parley::as_text({data, size});
  parley::engineio::check_round_trip(input);
  // Lines: two characters say what happens and to whom, the rest is what it carries.
  parley::engineio::World world;
  for (std::size_t begin = 0; begin + 2 <= input.size();) {
    const std::size_t end = std::min(input.find('\n', begin + 2), input.size());
    world.step(static_cast<std::uint8_t>(input[begin]), static_cast<std::uint8_t>(input[begin + 1]),
               input.substr(begin + 2, end - begin - 2));
    begin = end + 1;
  }
  return 0;
}
