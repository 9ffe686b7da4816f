#include "stun/discovery.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "stun/attributes.h"
#include "stun/binding_server.h"
#include "stun/integrity.h"
#include "stun/message_builder.h"

namespace parley::stun {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};
constexpr TransactionId kId = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

net::SocketAddress at(std::string_view text) {
  return net::SocketAddress::parse(text).value();
}

// A1, A2, P1 and P2 of RFC 5780, 6.1.
const net::SocketAddress kA1P1 = at("192.0.2.1:3478"), kA1P2 = at("192.0.2.1:3479");
const net::SocketAddress kA2P1 = at("192.0.2.2:3478"), kA2P2 = at("192.0.2.2:3479");
const DiscoveryAddresses kFour = {.primary = kA1P1, .alternate = kA2P2};
const net::SocketAddress kClient = at("198.51.100.7:40000");

net::Path to(const net::SocketAddress& server) {
  return {.local = server, .remote = kClient};
}

MessageBuilder request() {
  return {Class::kRequest, Method::kBinding, kId};
}
MessageBuilder changing(std::uint32_t flags) {
  MessageBuilder message = request();
  message.add_u32(Attribute::kChangeRequest, flags);
  return message;
}
// RFC 5780, 7.5: the port, and two bytes that fill up.
MessageBuilder answered_at(std::uint16_t port) {
  MessageBuilder message = request();
  message.add_u32(Attribute::kResponsePort, std::uint32_t{port} << 16);
  return message;
}
MessageBuilder padded(std::size_t size) {
  MessageBuilder message = request();
  message.add(Attribute::kPadding, std::vector<std::uint8_t>(size, 'x'));
  return message;
}

std::optional<DiscoveryRequest> parse(const MessageBuilder& message) {
  return DiscoveryRequest::parse(MessageView::parse(message.view()).value());
}

// --- Which addresses there are ---

TEST(DiscoveryAddresses, AreEachIpAddressWithEachPort) {
  EXPECT_EQ(kFour.all(), (std::array{kA1P1, kA1P2, kA2P1, kA2P2}));
  for (const auto& address : kFour.all()) {
    EXPECT_TRUE(kFour.has(to(address)));
    EXPECT_EQ(kFour.is_extra(to(address)), address != kA1P1);
  }
  EXPECT_FALSE(kFour.has(to(at("192.0.2.3:3478"))));
  EXPECT_FALSE(kFour.has(to(at("192.0.2.1:5349"))));
}

TEST(DiscoveryAddresses, AreOfUdpAlone) {
  const net::Path stream{net::Transport::kTcp, kA2P2, kClient};
  EXPECT_FALSE(kFour.has(stream));
  EXPECT_FALSE(kFour.is_extra(stream));
}

TEST(DiscoveryAddresses, ChangeAsTheTableOfTheRfcSays) {
  for (const auto& [from, ip, port, both] :
       {std::array{kA1P1, kA2P1, kA1P2, kA2P2}, std::array{kA1P2, kA2P2, kA1P1, kA2P1},
        std::array{kA2P1, kA1P1, kA2P2, kA1P2}, std::array{kA2P2, kA1P2, kA2P1, kA1P1}}) {
    EXPECT_EQ(kFour.changed(from, 0), from);
    EXPECT_EQ(kFour.changed(from, kChangeIp), ip);
    EXPECT_EQ(kFour.changed(from, kChangePort), port);
    EXPECT_EQ(kFour.changed(from, kChangeIp | kChangePort), both);
  }
}

// --- What is asked ---

TEST(DiscoveryRequest, AsksForNothingByItself) {
  EXPECT_EQ(parse(request()), DiscoveryRequest());
  EXPECT_FALSE(parse(request())->asks_for_something());
  EXPECT_EQ(parse(changing(0)), DiscoveryRequest());
}

TEST(DiscoveryRequest, HasTwoFlagsAndIgnoresTheRest) {
  EXPECT_EQ(parse(changing(kChangeIp))->change, kChangeIp);
  EXPECT_EQ(parse(changing(kChangePort))->change, kChangePort);
  EXPECT_EQ(parse(changing(0xFFFFFFFF))->change, kChangeIp | kChangePort);
  EXPECT_EQ(parse(changing(0xFFFFFFF9))->change, 0u);
}

TEST(DiscoveryRequest, RejectsAChangeRequestOfAnotherSize) {
  for (const std::size_t size : {0u, 1u, 3u, 5u, 8u}) {
    MessageBuilder message = request();
    message.add(Attribute::kChangeRequest, std::vector<std::uint8_t>(size));
    EXPECT_FALSE(parse(message)) << size;
  }
}

TEST(DiscoveryRequest, ReadsThePortWithAndWithoutWhatFillsItUp) {
  EXPECT_EQ(parse(answered_at(0x1234))->response_port, 0x1234);
  MessageBuilder bare = request();
  bare.add(Attribute::kResponsePort, std::array<std::uint8_t, 2>{0x12, 0x34});
  EXPECT_EQ(parse(bare)->response_port, 0x1234);
  EXPECT_EQ(parse(answered_at(65'535))->response_port, 65'535);
}

TEST(DiscoveryRequest, RejectsAPortThatIsNone) {
  EXPECT_FALSE(parse(answered_at(0)));
  for (const std::size_t size : {0u, 1u, 3u, 6u}) {
    MessageBuilder message = request();
    message.add(Attribute::kResponsePort, std::vector<std::uint8_t>(size, 1));
    EXPECT_FALSE(parse(message)) << size;
  }
}

TEST(DiscoveryRequest, IsNotPaddedForAnotherPort) {
  EXPECT_TRUE(parse(padded(0))->padded);
  MessageBuilder both = answered_at(40'001);
  both.add(Attribute::kPadding, std::vector<std::uint8_t>(100));
  EXPECT_FALSE(parse(both));
}

// --- What is answered ---

struct BindingDiscoveryTest : testing::Test {
  // Valid until the next one.
  MessageView ask(const MessageBuilder& message, const net::Path& path = to(kA1P1)) {
    answer = server.handle(kStart, path, message.view()).value();
    return MessageView::parse(answer.message).value();
  }
  static std::optional<net::SocketAddress> address_in(const MessageView& message, Attribute type) {
    const auto value = message.find(type);
    return value ? read_address(*value) : std::nullopt;
  }
  static ErrorCode error_in(const MessageView& message) {
    EXPECT_EQ(message.message_class(), Class::kError);
    return read_error(message.find(Attribute::kErrorCode).value())->code;
  }

  SeededRandom random{1};
  BindingServer server{{.discovery = kFour}, random};
  BindingAnswer answer;
};

TEST_F(BindingDiscoveryTest, TellsFromWhereItAnswersAndWhatElseThereIs) {
  for (const auto& address : kFour.all()) {
    const auto message = ask(request(), to(address));
    EXPECT_EQ(answer.path, to(address));
    EXPECT_EQ(read_xor_address(*message.find(Attribute::kXorMappedAddress), kId), kClient);
    EXPECT_EQ(address_in(message, Attribute::kMappedAddress), kClient);
    EXPECT_EQ(address_in(message, Attribute::kResponseOrigin), address);
    EXPECT_EQ(address_in(message, Attribute::kOtherAddress),
              kFour.changed(address, kChangeIp | kChangePort));
  }
  EXPECT_EQ(server.counters().answered, 4u);
  EXPECT_EQ(server.counters().answered_discovery, 0u);
}

TEST_F(BindingDiscoveryTest, AnswersFromTheAddressThatIsAskedFor) {
  for (const auto& address : kFour.all()) {
    for (const std::uint32_t flags : {0u, kChangeIp, kChangePort, kChangeIp | kChangePort}) {
      const auto message = ask(changing(flags), to(address));
      EXPECT_EQ(answer.path.local, kFour.changed(address, flags));
      EXPECT_EQ(answer.path.remote, kClient);
      EXPECT_EQ(address_in(message, Attribute::kResponseOrigin), answer.path.local);
      // Whatever the flags: Ca and Cp.
      EXPECT_EQ(address_in(message, Attribute::kOtherAddress),
                kFour.changed(address, kChangeIp | kChangePort));
    }
  }
  EXPECT_EQ(server.counters().answered_discovery, 12u);
}

TEST_F(BindingDiscoveryTest, TellsTheAddressesThatClientsKnow) {
  DiscoveryAddresses behind = kFour;
  behind.announced = {at("203.0.113.1:0").ip, at("203.0.113.2:0").ip};
  BindingServer hidden({.discovery = behind}, random);
  const auto answered = hidden.handle(kStart, to(kA1P1), changing(kChangeIp).view());
  ASSERT_TRUE(answered);
  EXPECT_EQ(answered->path.local, kA2P1);
  const auto message = MessageView::parse(answered->message).value();
  EXPECT_EQ(address_in(message, Attribute::kResponseOrigin), at("203.0.113.2:3478"));
  EXPECT_EQ(address_in(message, Attribute::kOtherAddress), at("203.0.113.2:3479"));
  for (const auto& [address, known] :
       {std::pair(kA1P2, at("203.0.113.1:3479")), std::pair(kA2P1, at("203.0.113.2:3478"))}) {
    EXPECT_EQ(behind.announced_of(address), known);
    EXPECT_EQ(kFour.announced_of(address), address);
  }
}

TEST_F(BindingDiscoveryTest, AnswersToAnotherPortOfTheAddressThatAsked) {
  const auto message = ask(answered_at(40'001));
  EXPECT_EQ(answer.path.remote, at("198.51.100.7:40001"));
  EXPECT_EQ(answer.path.local, kA1P1);
  EXPECT_EQ(address_in(message, Attribute::kMappedAddress), kClient);  // Who asked.
  EXPECT_EQ(server.counters().answered_discovery, 1u);
}

TEST_F(BindingDiscoveryTest, AnswersPaddingWithPaddingAndNoMoreThanCame) {
  for (const bool sealed : {false, true}) {
    for (std::size_t size = 0; size < 1'500; size += 3) {
      MessageBuilder message = padded(size);
      if (sealed) message.add_fingerprint();
      const auto answered = ask(message);
      EXPECT_TRUE(answered.has(Attribute::kPadding));
      EXPECT_NE(check_fingerprint(answered), Check::kInvalid);
      const std::size_t least = 20 + 4 * 12 + 4 + (sealed ? 8 : 0);
      EXPECT_EQ(answer.message.size(), std::max(message.size(), least)) << size;
    }
  }
}

TEST_F(BindingDiscoveryTest, RefusesPaddingForAnotherPort) {
  MessageBuilder both = padded(1'000);
  both.add_u32(Attribute::kResponsePort, 0x9C41'0000);
  EXPECT_EQ(error_in(ask(both)), ErrorCode::kBadRequest);
  EXPECT_EQ(answer.path, to(kA1P1));  // To who asked, at least.
  EXPECT_EQ(error_in(ask(answered_at(0))), ErrorCode::kBadRequest);
  EXPECT_EQ(server.counters().answered_bad_request, 2u);
  EXPECT_EQ(server.counters().answered, 0u);
}

TEST_F(BindingDiscoveryTest, IsHardlyAnAmplifier) {
  EXPECT_EQ((ask(request()), answer.message.size()), 68u);
  EXPECT_EQ((ask(changing(6)), answer.message.size()), 68u);
  EXPECT_EQ((ask(answered_at(9)), answer.message.size()), 68u);
}

TEST_F(BindingDiscoveryTest, AnswersEachSourceOnlySoOftenWhereverItAsks) {
  BindingServer strict({.limit = {.per_second = 10, .burst = 5}, .discovery = kFour}, random);
  int answers = 0;
  for (int i = 0; i < 20; ++i) {
    for (const auto& address : kFour.all()) {
      answers += strict.handle(kStart, to(address), answered_at(9).view()) ? 1 : 0;
    }
  }
  EXPECT_EQ(answers, 5);
  EXPECT_EQ(strict.counters().dropped_rate, 75u);
}

TEST_F(BindingDiscoveryTest, IsPlainElsewhere) {
  for (const net::Path& path :
       {to(at("192.0.2.1:5349")), net::Path{net::Transport::kTcp, kA1P1, kClient}}) {
    EXPECT_EQ(error_in(ask(changing(kChangeIp), path)), ErrorCode::kUnknownAttribute);
    EXPECT_EQ(answer.path, path);
    EXPECT_FALSE(ask(request(), path).has(Attribute::kOtherAddress));
    EXPECT_EQ(answer.message.size(), 32u);
  }
}

TEST_F(BindingDiscoveryTest, WorksOverIpv6) {
  const DiscoveryAddresses six{at("[2001:db8::1]:3478"), at("[2001:db8::2]:3479")};
  BindingServer other({.discovery = six}, random);
  const net::Path path{.local = six.primary, .remote = at("[2001:db8:7::7]:40000")};
  const auto answered = other.handle(kStart, path, changing(kChangeIp | kChangePort).view());
  ASSERT_TRUE(answered);
  EXPECT_EQ(answered->path.local, six.alternate);
  EXPECT_EQ(answered->message.size(), 20u + 4 * 24);
}

}  // namespace
}  // namespace parley::stun
