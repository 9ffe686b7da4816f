#include "turn/authenticator.h"

#include <gtest/gtest.h>

#include "base/base64.h"
#include "stun/test_vectors.h"
#include "turn/client_credentials.h"
#include "turn/test_server.h"

namespace parley::turn {
namespace {

using namespace std::chrono_literals;
using stun::Attribute;
using stun::MessageBuilder;
using stun::Method;
using test::address;
using test::ip;
using test::make_config;
using test::Reply;
using test::TestClient;
using test::TestServer;
using test::udp_from;

constexpr UnixTime kToday{std::chrono::seconds{1'800'000'000}};

// Made with openssl dgst -sha1 -hmac: what coturn's turnserver --use-auth-secret expects.
TEST(Credentials, MakesTimeLimitedLoginsAsOthersDo) {
  const Login login = time_limited_login("north", "ada", UnixTime{1433895918s});
  EXPECT_EQ(login.username, "1433895918:ada");
  EXPECT_EQ(login.password,
            to_base64(crypto::hmac_sha1(as_bytes("north"), as_bytes("1433895918:ada"))));
  EXPECT_EQ(user_of("1433895918:ada"), "ada");
  EXPECT_EQ(user_of("1433895918"), "");
  EXPECT_EQ(user_of("ada"), "ada");
  EXPECT_EQ(user_of("1a:ada"), "1a:ada");
  EXPECT_TRUE(is_same_user("1433895918:ada", "1433895919:ada"));
  EXPECT_FALSE(is_same_user("1433895918:ada", "1433895918:bob"));
  EXPECT_TRUE(is_same_user("1433895918", "1433895918"));
  EXPECT_FALSE(is_same_user("1433895918", "1433895919")) << "nobody is not the same as nobody";
}

TEST(Credentials, AcceptsEverySecretAndLetsLoginsEnd) {
  const User ada = make_user("example.org", {"ada", "lovelace"});
  Credentials credentials("example.org", {ada}, {"old"});
  const Login login = credentials.issue("bob", kToday + 1h);
  credentials.set_secrets({"new", "old"});
  const auto keys = credentials.keys(login.username, kToday);
  ASSERT_EQ(keys.size(), 2u);
  EXPECT_EQ(keys[1], make_keys("example.org", login));
  EXPECT_EQ(keys[0], make_keys("example.org", credentials.issue("bob", kToday + 1h)));
  EXPECT_TRUE(credentials.keys(login.username, kToday + 1h).empty());
  EXPECT_EQ(credentials.keys("ada", kToday), std::vector{ada.keys});
  EXPECT_TRUE(credentials.keys("eve", kToday).empty());
  EXPECT_TRUE(credentials.keys("99999999999999999999:eve", kToday).empty());
}

TEST(Nonces, KnowTheirOwnWithoutRememberingThem) {
  SeededRandom random(1);
  const Nonces nonces(1h, {.password_algorithms = true}, random);
  const Nonces others(1h, {.password_algorithms = true}, random);
  const Time now{100h};
  const std::string nonce = nonces.make(now, address("198.51.100.7:1234"));
  EXPECT_EQ(nonce.substr(0, 13), "obMatJos2gAAA");
  EXPECT_TRUE(nonces.is_valid(now, ip("198.51.100.7"), nonce));
  EXPECT_TRUE(nonces.is_valid(now + 1h - 1s, ip("198.51.100.7"), nonce));
  EXPECT_FALSE(nonces.is_valid(now + 1h, ip("198.51.100.7"), nonce));
  EXPECT_FALSE(nonces.is_valid(now - 1s, ip("198.51.100.7"), nonce)) << "made in the future";
  EXPECT_FALSE(nonces.is_valid(now, ip("198.51.100.8"), nonce));
  EXPECT_FALSE(others.is_valid(now, ip("198.51.100.7"), nonce));
  for (std::size_t i = 0; i < nonce.size(); ++i) {
    std::string tampered = nonce;
    tampered[i] = tampered[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(nonces.is_valid(now, ip("198.51.100.7"), tampered)) << i;
    EXPECT_FALSE(nonces.is_valid(now, ip("198.51.100.7"), nonce.substr(0, i))) << i;
  }
}

TEST(Nonces, AreNeverTheSameForTwoSources) {
  SeededRandom random(1);
  const Nonces nonces(1h, {.password_algorithms = true}, random);
  const Time now{100h};
  const std::string nonce = nonces.make(now, address("198.51.100.7:1234"));
  const std::string other_port = nonces.make(now, address("198.51.100.7:1235"));
  EXPECT_NE(nonce, other_port);
  EXPECT_NE(nonce, nonces.make(now, address("198.51.100.8:1234")));
  EXPECT_TRUE(nonces.is_valid(now, ip("198.51.100.7"), other_port)) << "a NAT may give another";
}

TEST(Nonces, CarryTheirFeaturesFromTheLeft) {
  EXPECT_EQ(security_features_of("obMatJos2gAAAxyz"),
            (SecurityFeatures{.password_algorithms = true}));
  EXPECT_EQ(security_features_of("obMatJos2QAAAxyz"),
            (SecurityFeatures{.username_anonymity = true}));
  EXPECT_EQ(security_features_of("obMatJos2AAACf"), SecurityFeatures{});
  EXPECT_EQ(security_features_of("abMatJos2gAAAxyz"), std::nullopt);
  EXPECT_EQ(security_features_of("obMatJos2g"), std::nullopt);
  EXPECT_EQ(security_features_of("obMatJos2g***"), std::nullopt);
}

// RFC 8489, B.1: USERHASH and the SHA-256 key are found as its author made them.
TEST(Authenticator, FindsTheUserOfTheRfcsVector) {
  // The password and the username hold characters that RFC 8265 has prepared.
  const std::string username = "\u30DE\u30C8\u30EA\u30C3\u30AF\u30B9";
  const User user = make_user("example.org", {username, "TheMatrIX"});
  const Credentials credentials("example.org", {user}, {});
  const auto request = stun::MessageView::parse(stun::vectors::kLongTermSha256Request).value();
  const std::string* found = credentials.find_userhash(*request.find(Attribute::kUserhash));
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(*found, username);
  EXPECT_FALSE(credentials.find_userhash(as_bytes("x")));
}

// A request as the client's half writes it, after the challenge of `server`.
std::vector<std::uint8_t> sealed_request(ClientCredentials& credentials, const Reply& challenge) {
  EXPECT_TRUE(credentials.take_challenge(challenge.view()));
  MessageBuilder request(stun::Class::kRequest, Method::kAllocate, stun::TransactionId{9});
  TestClient::udp()(request);
  credentials.add_to(request);
  return request.take();
}

TEST(Authenticator, AgreesWithItsClientOnSha256AndHidesTheName) {
  TestServer world;
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  ClientCredentials credentials({"ada", "lovelace"});
  const auto packet = sealed_request(credentials, ada.send(Method::kAllocate, TestClient::udp()));
  const auto request = stun::MessageView::parse(packet).value();
  EXPECT_TRUE(request.has(Attribute::kUserhash));
  EXPECT_FALSE(request.has(Attribute::kUsername));
  EXPECT_TRUE(request.has(Attribute::kMessageIntegritySha256));
  EXPECT_FALSE(request.has(Attribute::kMessageIntegrity));
  world.sent.clear();
  world.from_client(ada.path, packet);
  const Reply reply = ada.reply_to(stun::TransactionId{9});
  EXPECT_EQ(reply.code(), 0);
  EXPECT_TRUE(credentials.is_from_server(reply.view()));
  EXPECT_FALSE(reply.view().has(Attribute::kMessageIntegrity));
}

// RFC 8489, 9.2.4: what counts is whether the request names an algorithm, not how it is sealed.
TEST(Authenticator, SealsAnswersBySha256ToWhoNamesAnAlgorithm) {
  TestServer world;
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  ada.take_challenge(ada.send(Method::kAllocate, TestClient::udp()));
  const auto ask = [&](bool names_algorithm, bool by_sha256) {
    return ada.send(Method::kRefresh, [&](MessageBuilder& request) {
      request.add_text(Attribute::kUsername, ada.login.username);
      request.add_text(Attribute::kRealm, ada.realm);
      request.add_text(Attribute::kNonce, ada.nonce);
      if (names_algorithm) {
        request.add_text(Attribute::kPasswordAlgorithms, ada.algorithms);
        request.add_u32(Attribute::kPasswordAlgorithm, std::uint32_t{kAlgorithmMd5} << 16);
      }
      by_sha256 ? request.add_integrity_sha256(ada.key()) : request.add_integrity(ada.key());
    });
  };
  for (const bool by_sha256 : {false, true}) {
    const Reply named = ask(true, by_sha256);
    EXPECT_EQ(named.code(), 437);
    EXPECT_EQ(stun::check_integrity_sha256(named.view(), ada.key()), stun::Check::kValid);
    EXPECT_FALSE(named.view().has(Attribute::kMessageIntegrity));
    const Reply old = ask(false, by_sha256);
    EXPECT_EQ(old.code(), 437);
    EXPECT_EQ(stun::check_integrity(old.view(), ada.key()), stun::Check::kValid);
    EXPECT_FALSE(old.view().has(Attribute::kMessageIntegritySha256));
  }
}

TEST(Authenticator, TellsTheNamesOfTimeLimitedLogins) {
  ServerConfig config = make_config();
  config.secrets = {"north"};
  TestServer world(config);
  world.server.set_calendar(world.now, kToday);
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  ClientCredentials credentials(world.server.issue_login("ada", kToday + 1h));
  const Reply challenge = ada.send(Method::kAllocate, TestClient::udp());
  EXPECT_FALSE(security_features_of(challenge.text(Attribute::kNonce))->username_anonymity);
  const auto packet = sealed_request(credentials, challenge);
  EXPECT_TRUE(stun::MessageView::parse(packet)->has(Attribute::kUsername));
  world.sent.clear();
  world.from_client(ada.path, packet);
  EXPECT_EQ(ada.reply_to(stun::TransactionId{9}).code(), 0);
}

TEST(Authenticator, KeepsACallWhoseLoginEndsOrWhoseSecretIsRotated) {
  ServerConfig config = make_config();
  config.secrets = {"north"};
  TestServer world(config);
  TestClient early(world, udp_from("198.51.100.7:1"),
                   time_limited_login("north", "ada", kToday + 1h));
  EXPECT_EQ(early.allocate().code(), 401) << "the calendar is not known yet";
  world.server.set_calendar(world.now, kToday);
  TestClient ada(world, udp_from("198.51.100.7:1234"),
                 world.server.issue_login("ada", kToday + 1h));
  ASSERT_EQ(ada.allocate().code(), 0);
  world.server.set_secrets({"south"});
  for (int i = 0; i < 12; ++i) {
    world.advance(9min);
    ASSERT_EQ(ada.refresh(600).code(), 0) << i;
  }
  TestClient again(world, udp_from("198.51.100.7:1235"), ada.login);
  EXPECT_EQ(again.allocate().code(), 401) << "for something new it no longer does";
  ada.login = world.server.issue_login("ada", kToday + 3h);
  EXPECT_EQ(ada.refresh(600).code(), 0) << "a renewed login is the same user's";
  ada.login = world.server.issue_login("eve", kToday + 3h);
  EXPECT_EQ(ada.refresh(600).code(), 441);
}

TEST(ClientCredentials, RefusesAChallengeThatWasTamperedWith) {
  const auto challenge = [](std::string nonce, std::optional<std::string> algorithms) {
    MessageBuilder answer(stun::Class::kError, Method::kAllocate, stun::TransactionId{});
    answer.add_text(Attribute::kRealm, "example.org");
    answer.add_text(Attribute::kNonce, nonce);
    if (algorithms) answer.add_text(Attribute::kPasswordAlgorithms, *algorithms);
    return Reply(answer.take());
  };
  ClientCredentials credentials({"ada", "lovelace"});
  EXPECT_FALSE(credentials.take_challenge(challenge("obMatJos2gAAAx", std::nullopt).view()));
  EXPECT_FALSE(
      credentials.take_challenge(challenge("obMatJos2gAAAx", std::string{0, 9, 0, 0}).view()));
  EXPECT_FALSE(
      credentials.take_challenge(challenge("obMatJos2gAAAx", std::string{0, 1, 0, 9}).view()));
  EXPECT_FALSE(credentials.take_challenge(challenge("", std::nullopt).view()));
  EXPECT_FALSE(credentials.take_challenge(challenge(std::string(764, 'x'), std::nullopt).view()));
  EXPECT_FALSE(credentials.has_challenge());
  EXPECT_TRUE(credentials.take_challenge(challenge("old", std::nullopt).view()));
  MessageBuilder request(stun::Class::kRequest, Method::kAllocate, stun::TransactionId{});
  credentials.add_to(request);
  EXPECT_TRUE(Reply(request.take()).view().has(Attribute::kMessageIntegrity));
}

}  // namespace
}  // namespace parley::turn
