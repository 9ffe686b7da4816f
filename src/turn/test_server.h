#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "base/overloaded.h"
#include "base/random.h"
#include "stun/attributes.h"
#include "stun/integrity.h"
#include "stun/message_builder.h"
#include "turn/server.h"

// For tests: a server whose owner does at once what it is told, and a client that knows its words.
namespace parley::turn::test {

inline net::IpAddress ip(std::string_view text) {
  return net::IpAddress::parse(text).value();
}
inline net::SocketAddress address(std::string_view text) {
  return net::SocketAddress::parse(text).value();
}

inline const net::SocketAddress kServer = address("45.10.10.10:3478");
inline const net::SocketAddress kPeer = address("93.184.216.34:5000");
inline const net::SocketAddress kPeer6 = address("[2606:2800:220::1]:5000");

inline net::Path udp_from(std::string_view remote) {
  return {net::Transport::kUdp, kServer, address(remote)};
}
inline net::Path tcp_from(std::string_view remote) {
  return {net::Transport::kTcp, kServer, address(remote)};
}

inline ServerConfig make_config() {
  ServerConfig config;
  config.realm = "example.org";
  config.users = {make_user(config.realm, {"ada", "lovelace"}),
                  make_user(config.realm, {"bob", "builder"})};
  config.relay_hosts = {{ip("45.10.10.10"), ip("45.10.10.10")},
                        {ip("2a00:1::10"), ip("2a00:1::10")}};
  return config;
}

class TestServer {
 public:
  explicit TestServer(ServerConfig config = make_config(), std::uint64_t seed = 1)
      : random(seed), server(std::move(config), random) {}

  // What was handed to the server, and then all that came of it.
  std::optional<ToPeer> from_client(const net::Path& path, Bytes packet) {
    auto to_peer = server.from_client(now, path, packet);
    drain();
    return to_peer;
  }

  // As it comes to the client; empty if it is dropped.
  std::vector<std::uint8_t> from_peer(RelayId relay, const net::SocketAddress& peer,
                                      std::string_view payload) {
    std::vector<std::uint8_t> buffer(kHeadroom + payload.size() + kTailroom, 0xEE);
    std::ranges::copy(as_bytes(payload), buffer.begin() + kHeadroom);
    const auto to_client =
        server.from_peer(now, relay, peer, {.buffer = buffer, .size = payload.size()});
    drain();
    if (!to_client) return {};
    last_path = to_client->path;
    return {to_client->packet.begin(), to_client->packet.end()};
  }

  void advance(Duration time) {
    const Time end = now + time;
    while (server.next_deadline() <= end) {
      now = std::max(now, server.next_deadline());
      server.handle_timeout(now);
      drain();
    }
    now = end;
  }

  void drain() {
    while (auto output = server.poll_output()) {
      std::visit(overloaded{[&](SendToClient& x) { sent.push_back(std::move(x)); },
                            [&](OpenRelay& x) { on(x); },
                            [&](CloseRelay& x) {
                              PARLEY_ASSERT(open.erase(x.relay) + failed_.erase(x.relay) == 1);
                            },
                            [&](ConnectPeer& x) { connects.push_back(x); },
                            [&](JoinPeer& x) { joined.push_back(x); },
                            [&](ClosePeer& x) { closed.push_back(x.connection); }},
                 *output);
    }
  }

  RelayId relay_at(const net::SocketAddress& local) const {
    const auto it =
        std::ranges::find_if(open, [&](const auto& r) { return r.second.local == local; });
    return it == open.end() ? RelayId{} : it->first;
  }

  // --- What it has said ---
  std::vector<SendToClient> sent;
  std::map<RelayId, OpenRelay> open;  // The owner's sockets.
  std::vector<ConnectPeer> connects;
  std::vector<JoinPeer> joined;
  std::vector<ConnectionId> closed;
  net::Path last_path;
  int ports_in_use = 0;      // So many OpenRelay fail from now on.
  bool hold_relays = false;  // OpenRelay is not answered.

  Time now{std::chrono::hours{1}};
  SeededRandom random;
  Server server;

 private:
  std::set<RelayId> failed_;  // A pair's may be closed nevertheless.

  void on(const OpenRelay& relay) {
    if (ports_in_use > 0) {
      --ports_in_use;
      failed_.insert(relay.relay);
      return server.relay_failed(now, relay.relay);
    }
    open[relay.relay] = relay;
    if (!hold_relays) server.relay_opened(now, relay.relay);
  }
};

// An answer, or nothing.
class Reply {
 public:
  Reply() = default;
  explicit Reply(std::vector<std::uint8_t> packet) : packet_(std::move(packet)) {}

  bool is_there() const { return !packet_.empty(); }
  stun::MessageView view() const { return stun::MessageView::parse(packet_).value(); }
  bool is_success() const { return is_there() && view().message_class() == stun::Class::kSuccess; }
  // Zero for a success.
  int code() const {
    if (!is_there()) return -1;
    const auto value = view().find(stun::Attribute::kErrorCode);
    return value ? static_cast<int>(stun::read_error(*value)->code) : 0;
  }
  std::string text(stun::Attribute type) const {
    const auto value = view().find(type);
    return value ? std::string(as_text(*value)) : "";
  }
  net::SocketAddress xor_address(stun::Attribute type) const {
    return stun::read_xor_address(view().find(type).value(), view().transaction_id()).value();
  }
  std::size_t size() const { return packet_.size(); }

 private:
  std::vector<std::uint8_t> packet_;
};

class TestClient {
 public:
  using Fill = std::function<void(stun::MessageBuilder&)>;

  TestClient(TestServer& world, net::Path path_, Login login_ = {"ada", "lovelace"})
      : path(std::move(path_)), login(std::move(login_)), world_(world) {}

  // With credentials, after a challenge if there was none yet.
  Reply ask(stun::Method method, const Fill& fill = {}) {
    if (nonce.empty()) take_challenge(send(method, [](auto&) {}));
    const Fill sealed = [&](stun::MessageBuilder& request) {
      if (fill) fill(request);
      seal(request);
    };
    const Reply reply = send(method, sealed);
    if (reply.code() != 438) return reply;
    take_challenge(reply);
    return send(method, sealed);
  }

  // Without.
  Reply send(stun::Method method, const Fill& fill) {
    last_id = stun::make_transaction_id(world_.random);
    return send_as(last_id, method, fill);
  }

  Reply send_as(const stun::TransactionId& id, stun::Method method, const Fill& fill) {
    stun::MessageBuilder request(stun::Class::kRequest, method, id);
    fill(request);
    world_.sent.clear();
    world_.from_client(path, request.view());
    return reply_to(id);
  }

  Reply reply_to(const stun::TransactionId& id) {
    for (const SendToClient& output : world_.sent) {
      const auto message = stun::MessageView::parse(output.packet);
      if (message && message->transaction_id() == id) {
        PARLEY_ASSERT(output.path == path);
        return Reply(output.packet);
      }
    }
    return {};
  }

  void take_challenge(const Reply& reply) {
    realm = reply.text(stun::Attribute::kRealm);
    nonce = reply.text(stun::Attribute::kNonce);
    algorithms = reply.text(stun::Attribute::kPasswordAlgorithms);
  }

  void seal(stun::MessageBuilder& request) const {
    request.add_text(stun::Attribute::kUsername, login.username);
    request.add_text(stun::Attribute::kRealm, realm);
    request.add_text(stun::Attribute::kNonce, nonce);
    request.add_integrity(key());
  }

  crypto::Md5Digest key() const {
    return stun::long_term_key_md5(login.username, realm, login.password);
  }

  static Fill udp(const Fill& more = {}) {
    return [more](stun::MessageBuilder& request) {
      request.add_u32(stun::Attribute::kRequestedTransport, 17u << 24);
      if (more) more(request);
    };
  }
  static Fill tcp() {
    return [](stun::MessageBuilder& request) {
      request.add_u32(stun::Attribute::kRequestedTransport, 6u << 24);
    };
  }
  static Fill peer(const net::SocketAddress& peer) {
    return [peer](stun::MessageBuilder& request) {
      request.add_xor_address(stun::Attribute::kXorPeerAddress, peer);
    };
  }

  Reply allocate(const Fill& more = {}) { return ask(stun::Method::kAllocate, udp(more)); }
  Reply permit(const net::SocketAddress& to) {
    return ask(stun::Method::kCreatePermission, peer(to));
  }
  Reply bind(std::uint16_t channel, const net::SocketAddress& to) {
    return ask(stun::Method::kChannelBind, [&](stun::MessageBuilder& request) {
      request.add_u32(stun::Attribute::kChannelNumber, std::uint32_t{channel} << 16);
      request.add_xor_address(stun::Attribute::kXorPeerAddress, to);
    });
  }
  Reply refresh(std::optional<std::uint32_t> lifetime, const Fill& more = {}) {
    return ask(stun::Method::kRefresh, [&](stun::MessageBuilder& request) {
      if (lifetime) request.add_u32(stun::Attribute::kLifetime, *lifetime);
      if (more) more(request);
    });
  }

  // The payload as it reaches the peer; empty if it is dropped.
  std::string send_data(const net::SocketAddress& to, std::string_view payload,
                        bool dont_fragment = false) {
    stun::MessageBuilder indication(stun::Class::kIndication, stun::Method::kSend,
                                    stun::make_transaction_id(world_.random));
    indication.add_xor_address(stun::Attribute::kXorPeerAddress, to);
    if (dont_fragment) indication.add_flag(stun::Attribute::kDontFragment);
    indication.add_text(stun::Attribute::kData, payload);
    return deliver(indication.take());
  }
  std::string send_channel(std::uint16_t channel, std::string_view payload) {
    ByteWriter packet;
    packet.u16(channel);
    packet.u16(static_cast<std::uint16_t>(payload.size()));
    packet.text(payload);
    return deliver(packet.take());
  }

  std::string deliver(std::vector<std::uint8_t> packet) {
    last_to_peer = world_.from_client(path, packet);
    std::string payload = last_to_peer ? std::string(as_text(last_to_peer->payload)) : "";
    return payload;
  }

  net::Path path;
  Login login;
  std::string realm;
  std::string nonce;
  std::string algorithms;
  stun::TransactionId last_id = {};
  std::optional<ToPeer> last_to_peer;  // Its payload is gone.

 private:
  TestServer& world_;
};

}  // namespace parley::turn::test
