// A TURN client with a server that says what it likes, in answer to what was asked or out of the
// blue: the client must hold, and hold no more than its limits let it.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/assert.h"
#include "turn/client.h"
#include "turn/test_server.h"

namespace parley::turn {
namespace {

using stun::Attribute;
using stun::Class;
using stun::MessageBuilder;

constexpr std::array kTypes = {Attribute::kRealm,
                               Attribute::kNonce,
                               Attribute::kErrorCode,
                               Attribute::kLifetime,
                               Attribute::kXorPeerAddress,
                               Attribute::kXorRelayedAddress,
                               Attribute::kXorMappedAddress,
                               Attribute::kData,
                               Attribute::kPasswordAlgorithms,
                               Attribute::kMobilityTicket,
                               Attribute::kConnectionId,
                               Attribute::kAlternateServer,
                               Attribute::kAlternateDomain,
                               Attribute::kIcmp,
                               Attribute::kReservationToken};
constexpr std::array kCodes = {300, 400, 401, 403, 437, 438, 443, 486, 500, 508};
constexpr std::array kNonces = {"nonce", "obMatJos2gAAAx", "obMatJos2wAAAy", "obMatJos2AAAAz", ""};

class Script {
 public:
  explicit Script(Bytes data)
      : rest_(data),
        client_({.login = {"ada", "lovelace"}, .ipv6 = true, .mobility = true, .max_peers = 4},
                random_) {}

  void run() {
    client_.start(now_);
    for (int steps = 0; !rest_.at_end() && steps < 128; ++steps) {
      step();
      drain();
    }
    client_.close(now_);
    for (int i = 0; i < 100 && client_.next_deadline() != kNever; ++i) {
      now_ = std::max(now_, client_.next_deadline());
      client_.handle_timeout(now_);
      drain();
    }
    PARLEY_ASSERT(client_.next_deadline() == kNever);
  }

 private:
  void step() {
    switch (rest_.u8() % 10) {
      case 0: client_.handle_input(now_, {.packet = take()}); break;
      case 1: advance(); break;
      case 2: client_.send(now_, peer(), as_bytes("payload")); break;
      case 3: client_.permit(now_, peer().ip); break;
      case 4: client_.path_changed(now_); break;
      case 5: client_.connect(now_, peer()); break;
      case 6: client_.bind(now_, ConnectionId{rest_.u8()}); break;
      default: answer(); break;
    }
  }

  void advance() {
    now_ += std::chrono::seconds{rest_.u8()};
    if (client_.next_deadline() <= now_) client_.handle_timeout(now_);
  }

  Bytes take() { return rest_.bytes(std::min<std::size_t>(rest_.u8(), rest_.remaining())); }

  net::SocketAddress peer() { return {net::IpAddress::v4({93, 184, 216, rest_.u8()}), 5000}; }

  void answer() {
    const std::uint8_t how = rest_.u8();
    const auto request =
        asked_.empty() ? std::nullopt : std::optional(stun::MessageView::parse(asked_).value());
    const bool indication = how % 4 == 0 || !request;
    MessageBuilder message =
        indication
            ? MessageBuilder(Class::kIndication,
                             how & 16 ? stun::Method::kData : stun::Method::kConnectionAttempt,
                             stun::TransactionId{})
            : MessageBuilder(how % 4 == 1 ? Class::kError : Class::kSuccess, *request);
    for (int i = how >> 5; i > 0; --i) add_attribute(message);
    seal(message, how & 8);
    client_.handle_input(now_, {.packet = message.view()});
  }

  void add_attribute(MessageBuilder& message) {
    const Attribute type = kTypes[rest_.u8() % kTypes.size()];
    switch (type) {
      case Attribute::kErrorCode:
        message.add_error(
            stun::ErrorCode{static_cast<std::uint16_t>(kCodes[rest_.u8() % kCodes.size()])}, "");
        return;
      case Attribute::kXorPeerAddress:
      case Attribute::kXorRelayedAddress:
      case Attribute::kXorMappedAddress: message.add_xor_address(type, peer()); return;
      case Attribute::kRealm: message.add_text(type, "example.org"); return;
      case Attribute::kNonce:
        nonce_ = kNonces[rest_.u8() % kNonces.size()];
        message.add_text(type, nonce_);
        return;
      case Attribute::kPasswordAlgorithms:
        message.add_text(type, std::string{0, static_cast<char>(1 + rest_.u8() % 3), 0, 0});
        return;
      case Attribute::kLifetime: message.add_u32(type, rest_.u32()); return;
      default: message.add(type, take());
    }
  }

  // As who knows the password would, with either key.
  static void seal(MessageBuilder& message, bool sha256) {
    if (sha256) {
      message.add_integrity_sha256(stun::long_term_key_sha256("ada", "example.org", "lovelace"));
    } else {
      message.add_integrity(stun::long_term_key_md5("ada", "example.org", "lovelace"));
    }
  }

  void drain() {
    int outputs = 0;
    while (auto output = client_.poll_output()) {
      PARLEY_ASSERT(++outputs < 10'000);
      const auto* packet = std::get_if<ToServer>(&*output);
      if (packet == nullptr) continue;
      const auto message = stun::MessageView::parse(packet->packet);
      PARLEY_ASSERT(message.has_value() || packet->packet[0] >> 4 == 4);
      if (message && message->message_class() == Class::kRequest) asked_ = packet->packet;
    }
  }

  ByteReader rest_;
  Time now_{std::chrono::hours{1}};
  SeededRandom random_{1};
  Client client_;
  std::vector<std::uint8_t> asked_;
  std::string nonce_;
};

}  // namespace
}  // namespace parley::turn

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  parley::turn::Script(parley::Bytes(data, size)).run();
  return 0;
}
