#include "stun/binding_server.h"

#include <gtest/gtest.h>

#include <utility>

#include "stun/attributes.h"
#include "stun/integrity.h"
#include "stun/message_builder.h"
#include "stun/test_vectors.h"

namespace parley::stun {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};
constexpr TransactionId kId = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
const net::SocketAddress kIpv4 = net::SocketAddress::parse("192.0.2.1:32853").value();
const net::SocketAddress kIpv6 = net::SocketAddress::parse("[2001:db8::1]:32853").value();
const net::SocketAddress kServer = net::SocketAddress::parse("192.0.2.10:3478").value();

net::Path from(const net::SocketAddress& client) {
  return {.local = kServer, .remote = client};
}

struct BindingServerTest : testing::Test {
  using Answer = std::optional<std::vector<std::uint8_t>>;

  static MessageBuilder request() { return {Class::kRequest, Method::kBinding, kId}; }

  Answer ask(const MessageBuilder& message, net::SocketAddress client = kIpv4) {
    auto answer = server.handle(kStart, from(client), message.view());
    if (!answer) return std::nullopt;
    EXPECT_EQ(answer->path, from(client));
    return std::move(answer->message);
  }

  static std::optional<net::SocketAddress> address_in(const Answer& answer) {
    const auto message = MessageView::parse(answer.value()).value();
    EXPECT_EQ(message.message_class(), Class::kSuccess);
    EXPECT_EQ(message.transaction_id(), kId);
    return read_xor_address(message.find(Attribute::kXorMappedAddress).value(), kId);
  }

  SeededRandom random{1};
  BindingServer server{BindingServerConfig{}, random};
};

TEST_F(BindingServerTest, TellsTheAddressThatTheRequestCameFrom) {
  EXPECT_EQ(address_in(ask(request(), kIpv4)), kIpv4);
  EXPECT_EQ(address_in(ask(request(), kIpv6)), kIpv6);
  EXPECT_EQ(server.counters().answered, 2u);
}

TEST_F(BindingServerTest, AddsToAShortRequestNothingButTheAddress) {
  EXPECT_EQ(ask(request(), kIpv4)->size(), 32u);
  EXPECT_EQ(ask(request(), kIpv6)->size(), 44u);
}

TEST_F(BindingServerTest, NamesItselfOnlyWhereTheRequestIsNoShorter) {
  for (std::size_t size = 0; size < 60; ++size) {
    MessageBuilder message = request();
    message.add_text(Attribute::kSoftware, std::string(size, 'x'));
    const auto answer = ask(message);
    const bool named = MessageView::parse(*answer)->has(Attribute::kSoftware);
    EXPECT_EQ(named, message.size() >= 32 + 12) << size;
    EXPECT_LE(answer->size(), std::max(message.size(), std::size_t{32}));
  }
}

TEST_F(BindingServerTest, AnswersAFingerprintWithAFingerprint) {
  MessageBuilder message = request();
  message.add_fingerprint();
  const auto answer = ask(message);
  EXPECT_EQ(check_fingerprint(MessageView::parse(*answer).value()), Check::kValid);
  EXPECT_EQ(check_fingerprint(MessageView::parse(*ask(request())).value()), Check::kAbsent);
}

TEST_F(BindingServerTest, LooksAtNoCredentials) {
  MessageBuilder message = request();
  message.add_text(Attribute::kUsername, "anyone");
  message.add_text(Attribute::kRealm, "anywhere");
  message.add_text(Attribute::kNonce, "any");
  message.add_integrity(as_bytes("any key"));
  EXPECT_EQ(address_in(ask(message)), kIpv4);
}

TEST_F(BindingServerTest, NamesTheAttributesThatItDoesNotUnderstand) {
  MessageBuilder message = request();
  message.add_u32(Attribute::kChangeRequest, 6);
  message.add_flag(Attribute{0x7ABC});
  const auto bytes = ask(message);
  const auto answer = MessageView::parse(*bytes).value();
  EXPECT_EQ(answer.message_class(), Class::kError);
  EXPECT_EQ(read_error(answer.find(Attribute::kErrorCode).value())->code,
            ErrorCode::kUnknownAttribute);
  const Bytes unknown = answer.find(Attribute::kUnknownAttributes).value();
  EXPECT_EQ((std::vector<std::uint8_t>(unknown.begin(), unknown.end())),
            (std::vector<std::uint8_t>{0x00, 0x03, 0x7A, 0xBC}));
  EXPECT_EQ(server.counters().answered_unknown_attribute, 1u);
}

// RFC 5780 lets a server with one address understand two of them. Ours does not: it sends nothing
// to a port that did not ask.
TEST_F(BindingServerTest, DoesNotUnderstandDiscoveryWithoutASecondAddress) {
  for (const auto type :
       {Attribute::kChangeRequest, Attribute::kResponsePort, Attribute::kPadding}) {
    MessageBuilder message = request();
    message.add_u32(type, 0x12340000);
    const auto bytes = ask(message);
    EXPECT_EQ(MessageView::parse(*bytes)->message_class(), Class::kError);
  }
  EXPECT_EQ(server.counters().answered_unknown_attribute, 3u);
}

TEST_F(BindingServerTest, IsNoAmplifierEvenForRequestsFullOfUnknownAttributes) {
  MessageBuilder message = request();
  for (std::uint16_t type = 0x7000; type < 0x7100; ++type) message.add_flag(Attribute{type});
  EXPECT_LT(ask(message)->size(), message.size());

  MessageBuilder one = request();
  one.add_flag(Attribute{0x7000});
  EXPECT_LE(ask(one)->size(), one.size() + 16);
}

// Two servers must never keep each other busy, nor may one be aimed at a third by its answers.
TEST_F(BindingServerTest, AnswersNothingButRequests) {
  for (const Class message_class : {Class::kSuccess, Class::kError, Class::kIndication}) {
    EXPECT_FALSE(ask(MessageBuilder(message_class, Method::kBinding, kId)));
  }
  EXPECT_EQ(server.counters().indications, 1u);
  EXPECT_EQ(server.counters().dropped_unsupported, 2u);
}

TEST_F(BindingServerTest, DropsOtherMethods) {
  EXPECT_FALSE(ask(MessageBuilder(Class::kRequest, Method::kAllocate, kId)));
  EXPECT_EQ(server.counters().dropped_unsupported, 1u);
}

TEST_F(BindingServerTest, DropsAWrongFingerprint) {
  auto message = vectors::kRequest;
  message.back() ^= 1;
  EXPECT_FALSE(server.handle(kStart, from(kIpv4), message));
  EXPECT_EQ(server.counters().dropped_fingerprint, 1u);
}

TEST_F(BindingServerTest, DropsWhatIsNotStun) {
  EXPECT_FALSE(server.handle(kStart, from(kIpv4), {}));
  EXPECT_FALSE(server.handle(kStart, from(kIpv4), as_bytes("GET / HTTP/1.1")));
  // A request of RFC 3489, whose transaction id stands where the cookie is now.
  EXPECT_FALSE(server.handle(kStart, from(kIpv4), std::vector<std::uint8_t>(20, 0)));
  EXPECT_EQ(server.counters().dropped_malformed, 3u);
}

TEST_F(BindingServerTest, AnswersEachSourceOnlySoOften) {
  BindingServer strict({.limit = {.per_second = 10, .burst = 5}}, random);
  int answers = 0;
  for (int i = 0; i < 100; ++i) {
    answers += strict.handle(kStart, from(kIpv4), request().view()) ? 1 : 0;
  }
  EXPECT_EQ(answers, 5);
  EXPECT_EQ(strict.counters().dropped_rate, 95u);
  EXPECT_TRUE(strict.handle(kStart, from(kIpv6), request().view()));
  EXPECT_TRUE(strict.handle(kStart + 100ms, from(kIpv4), request().view()));
}

TEST_F(BindingServerTest, StaysNamelessIfToldTo) {
  BindingServer nameless({.software = ""}, random);
  MessageBuilder message = request();
  message.add_text(Attribute::kSoftware, std::string(100, 'x'));
  EXPECT_EQ(nameless.handle(kStart, from(kIpv4), message.view())->message.size(), 32u);
}

}  // namespace
}  // namespace parley::stun
