// A TURN server with an attacker who knows a password: it must hold, whatever is asked in whatever
// order, and never send a client's packet to an address that is none of its business.
//
// The input is a script: a byte says what happens, the next ones with what.
#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

#include "base/assert.h"
#include "turn/stream_framer.h"
#include "turn/test_server.h"

namespace parley::turn {
namespace {

using stun::Attribute;
using stun::MessageBuilder;

constexpr std::array kPeers = {"93.184.216.34:5000", "[2606:2800:220::1]:5000", "10.0.0.1:5000",
                               "127.0.0.1:80",       "45.10.10.10:22",          "45.10.10.10:50000",
                               "[64:ff9b::a00:1]:1", "93.184.216.35:0"};
constexpr std::array kTypes = {
    Attribute::kRequestedTransport,
    Attribute::kLifetime,
    Attribute::kXorPeerAddress,
    Attribute::kChannelNumber,
    Attribute::kRequestedAddressFamily,
    Attribute::kAdditionalAddressFamily,
    Attribute::kEvenPort,
    Attribute::kReservationToken,
    Attribute::kDontFragment,
    Attribute::kMobilityTicket,
    Attribute::kConnectionId,
    Attribute::kData,
    Attribute::kUserhash,
    Attribute::kPasswordAlgorithm,
    Attribute::kPasswordAlgorithms,
    Attribute{0x7777},
};

class Script {
 public:
  explicit Script(Bytes data) : rest_(data), world_(config()) {
    for (const char* from : {"198.51.100.7:1", "198.51.100.7:2"}) {
      clients_.emplace_back(world_, test::udp_from(from));
      clients_.emplace_back(world_, test::tcp_from(from));
    }
  }

  void run() {
    for (int steps = 0; !rest_.at_end() && steps < 64; ++steps) step();
    world_.advance(std::chrono::hours{2});
    for (auto& client : clients_) world_.server.client_closed(world_.now, client.path);
    world_.drain();
    PARLEY_ASSERT(world_.server.allocations() == 0);
    PARLEY_ASSERT(world_.server.connections() == 0);
    PARLEY_ASSERT(world_.server.held() == 0);
    PARLEY_ASSERT(world_.open.empty());
  }

 private:
  static ServerConfig config() {
    ServerConfig config = test::make_config();
    config.max_permissions = 3;
    config.max_channels = 3;
    config.max_connections = 2;
    config.quotas.user.allocations = 3;
    config.unauthenticated.per_second = 1e6;
    config.unauthenticated.sources = 4;
    config.binding.limit.sources = 4;
    return config;
  }

  void step() {
    const std::uint8_t what = rest_.u8();
    test::TestClient& client = clients_[what >> 6];
    switch (what & 0xF) {
      case 0: raw(client); break;
      case 1: world_.advance(std::chrono::seconds{rest_.u8() * 4}); break;
      case 2: world_.ports_in_use = rest_.u8() % 20; break;
      case 3: world_.server.client_closed(world_.now, client.path); break;
      case 4: from_peer(); break;
      case 5: connection_event(); break;
      case 6: check(client.send_channel(rest_.u16(), "payload"), client); break;
      case 7: check(client.send_data(peer(), "payload"), client); break;
      case 8: world_.hold_relays = !world_.hold_relays; break;
      case 9: open_held(); break;
      default: request(client, what & 0xF); break;
    }
    world_.drain();
    world_.joined.clear();
  }

  net::SocketAddress peer() { return test::address(kPeers[rest_.u8() % kPeers.size()]); }

  void request(test::TestClient& client, int what) {
    constexpr std::array kMethods = {
        stun::Method::kAllocate,    stun::Method::kRefresh, stun::Method::kCreatePermission,
        stun::Method::kChannelBind, stun::Method::kConnect, stun::Method::kConnectionBind};
    const int attributes = rest_.u8() % 5;
    const bool allocate = what == 10;
    client.ask(kMethods[static_cast<std::size_t>(what - 10)], [&](MessageBuilder& m) {
      if (allocate)
        m.add_u32(Attribute::kRequestedTransport, rest_.u8() % 4 ? 17u << 24 : 6u << 24);
      for (int i = 0; i < attributes; ++i) add_attribute(m);
    });
  }

  void add_attribute(MessageBuilder& message) {
    const std::uint8_t choice = rest_.u8();
    const Attribute type = kTypes[choice % kTypes.size()];
    if (type == Attribute::kXorPeerAddress) return message.add_xor_address(type, peer());
    if (type == Attribute::kChannelNumber) {
      return message.add_u32(type, (0x4000u + rest_.u8() % 6) << 16);
    }
    if (type == Attribute::kConnectionId && !world_.connects.empty()) {
      return message.add_u32(type,
                             static_cast<std::uint32_t>(world_.connects.back().connection.value));
    }
    constexpr std::array kSizes = {0, 1, 4, 8, 4, 4, 16, 32};
    message.add(type, rest_.bytes(std::min<std::size_t>(
                          static_cast<std::size_t>(kSizes[choice >> 5]), rest_.remaining())));
  }

  void raw(test::TestClient& client) {
    const Bytes packet = rest_.bytes(std::min<std::size_t>(rest_.u8(), rest_.remaining()));
    StreamFramer framer;
    framer.append(packet);
    while (true) {
      const auto next = framer.next();
      if (!next || !*next) break;
      world_.from_client(client.path, std::vector((*next)->begin(), (*next)->end()));
    }
    world_.from_client(client.path, packet);
  }

  void from_peer() {
    if (world_.open.empty()) return;
    const auto packet = world_.from_peer(world_.open.begin()->first, peer(), "payload");
    if (packet.empty()) return;
    PARLEY_ASSERT(packet.size() >= 11);
    PARLEY_ASSERT(packet[0] >> 4 == 4 || stun::MessageView::parse(packet).has_value());
    const auto to = peer();
    world_.server.icmp_error(world_.now, world_.open.begin()->first, to, {.type = 3, .code = 3});
    world_.server.peer_accepted(world_.now, world_.open.begin()->first, to);
  }

  void connection_event() {
    if (world_.connects.empty()) return;
    const ConnectionId id = world_.connects.back().connection;
    switch (rest_.u8() % 3) {
      case 0: world_.server.peer_connected(world_.now, id); break;
      case 1: world_.server.peer_failed(world_.now, id); break;
      default: world_.server.peer_closed(world_.now, id); break;
    }
  }

  void open_held() {
    const auto open = world_.open;
    for (const auto& [id, relay] : open) {
      if (!world_.open.contains(id)) continue;  // It was the other's of a pair.
      if (rest_.u8() % 4 == 0) {
        world_.open.erase(id);
        world_.server.relay_failed(world_.now, id);
      } else {
        world_.server.relay_opened(world_.now, id);
      }
      world_.drain();
    }
  }

  void check(const std::string& payload, const test::TestClient& client) const {
    if (payload.empty()) return;
    PARLEY_ASSERT(payload == "payload");
    const auto& to = *client.last_to_peer;
    PARLEY_ASSERT(world_.open.contains(to.relay));
    PARLEY_ASSERT(is_public_unicast(to.peer.ip));
    PARLEY_ASSERT(to.peer != test::address("45.10.10.10:22"));
  }

  ByteReader rest_;
  test::TestServer world_;
  std::vector<test::TestClient> clients_;
};

}  // namespace
}  // namespace parley::turn

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  parley::turn::Script(parley::Bytes(data, size)).run();
  return 0;
}
