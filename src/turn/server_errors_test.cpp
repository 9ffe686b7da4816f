// Every error answer of RFC 8489, 8656, 6062 and 8016 that a server gives, and what stands in it.
#include <gtest/gtest.h>

#include "turn/test_server.h"

namespace parley::turn {
namespace {

using namespace std::chrono_literals;
using stun::Attribute;
using stun::MessageBuilder;
using stun::Method;
using test::address;
using test::ip;
using test::kPeer;
using test::kPeer6;
using test::make_config;
using test::Reply;
using test::tcp_from;
using test::TestClient;
using test::TestServer;
using test::udp_from;

const std::string kAlgorithms{0, 2, 0, 0, 0, 1, 0, 0};

struct TurnErrors : testing::Test {
  TestServer world;
  TestClient ada{world, udp_from("198.51.100.7:1234")};
  TestClient stream{world, tcp_from("198.51.100.7:1234")};
};

TestClient::Fill u32(Attribute type, std::uint32_t value) {
  return [=](MessageBuilder& m) { m.add_u32(type, value); };
}
TestClient::Fill bytes(Attribute type, std::vector<std::uint8_t> value) {
  return [=](MessageBuilder& m) { m.add(type, value); };
}
TestClient::Fill both(TestClient::Fill a, TestClient::Fill b) {
  return [=](MessageBuilder& m) {
    a(m);
    b(m);
  };
}

constexpr std::uint32_t kV4 = 1u << 24;
constexpr std::uint32_t kV6 = 2u << 24;

TEST_F(TurnErrors, Challenges401WhoShowsNoPassword) {
  const Reply reply = ada.send(Method::kAllocate, TestClient::udp());
  EXPECT_EQ(reply.code(), 401);
  EXPECT_EQ(reply.text(Attribute::kRealm), "example.org");
  const auto features = security_features_of(reply.text(Attribute::kNonce));
  EXPECT_EQ(features, (SecurityFeatures{.password_algorithms = true, .username_anonymity = true}));
  EXPECT_EQ(reply.text(Attribute::kPasswordAlgorithms), kAlgorithms);
  EXPECT_FALSE(reply.view().has(Attribute::kSoftware));
  EXPECT_FALSE(reply.view().has(Attribute::kMessageIntegrity));
  EXPECT_EQ(world.server.held(), 0u);
}

TEST_F(TurnErrors, Challenges401WhoShowsAWrongPasswordOrAnUnknownName) {
  ada.login.password = "wrong";
  EXPECT_EQ(ada.allocate().code(), 401);
  ada.login = {"eve", "lovelace"};
  EXPECT_EQ(ada.allocate().code(), 401);
  EXPECT_EQ(world.server.held(), 0u);
}

TEST_F(TurnErrors, Says400WhereCredentialsAreIncomplete) {
  ada.take_challenge(ada.send(Method::kAllocate, TestClient::udp()));
  for (const Attribute missing : {Attribute::kUsername, Attribute::kRealm, Attribute::kNonce}) {
    const Reply reply = ada.send(Method::kAllocate, [&](MessageBuilder& m) {
      if (missing != Attribute::kUsername) m.add_text(Attribute::kUsername, "ada");
      if (missing != Attribute::kRealm) m.add_text(Attribute::kRealm, ada.realm);
      if (missing != Attribute::kNonce) m.add_text(Attribute::kNonce, ada.nonce);
      m.add_integrity(ada.key());
    });
    EXPECT_EQ(reply.code(), 400);
  }
}

TEST_F(TurnErrors, Says438WithANewNonceOnceTheOldHasExpired) {
  ada.allocate(u32(Attribute::kLifetime, 3600));
  world.advance(59min);
  const auto refresh = [&](MessageBuilder& m) { ada.seal(m); };
  EXPECT_EQ(ada.send(Method::kRefresh, refresh).code(), 0);
  world.advance(2min);
  const Reply reply = ada.send(Method::kRefresh, refresh);
  EXPECT_EQ(reply.code(), 438);
  EXPECT_EQ(reply.text(Attribute::kRealm), "example.org");
  EXPECT_EQ(reply.text(Attribute::kPasswordAlgorithms), kAlgorithms);
  EXPECT_NE(reply.text(Attribute::kNonce), ada.nonce);
  ada.take_challenge(reply);
  EXPECT_EQ(ada.send(Method::kRefresh, refresh).code(), 0);
}

TEST_F(TurnErrors, Says438ForTheNonceOfAnotherAddressOrNone) {
  ada.allocate();
  TestClient elsewhere(world, udp_from("198.51.100.99:1234"));
  elsewhere.realm = ada.realm;
  for (const std::string& nonce : {ada.nonce, std::string("made up"), ada.nonce + "A"}) {
    elsewhere.nonce = nonce;
    EXPECT_EQ(elsewhere
                  .send(Method::kAllocate,
                        [&](MessageBuilder& m) {
                          TestClient::udp()(m);
                          elsewhere.seal(m);
                        })
                  .code(),
              438);
  }
}

TEST_F(TurnErrors, Says400WhereTheAlgorithmsWereTamperedWith) {
  ada.take_challenge(ada.send(Method::kAllocate, TestClient::udp()));
  const auto ask = [&](std::optional<std::string> offered, std::optional<std::uint32_t> chosen) {
    return ada
        .ask(Method::kAllocate, TestClient::udp([&](MessageBuilder& m) {
               if (offered) m.add_text(Attribute::kPasswordAlgorithms, *offered);
               if (chosen) m.add_u32(Attribute::kPasswordAlgorithm, *chosen);
             }))
        .code();
  };
  EXPECT_EQ(ask(kAlgorithms, std::nullopt), 400);
  EXPECT_EQ(ask(std::nullopt, 1u << 16), 400);
  EXPECT_EQ(ask(std::string{0, 1, 0, 0}, 1u << 16), 400) << "the better one was taken away";
  EXPECT_EQ(ask(kAlgorithms, 3u << 16), 400);
  EXPECT_EQ(ask(kAlgorithms, 1u << 16), 0) << "MD5 is one of those offered";
}

TEST_F(TurnErrors, Says420WithWhatItDoesNotKnow) {
  const Reply reply = ada.allocate(u32(Attribute{0x7777}, 1));
  EXPECT_EQ(reply.code(), 420);
  EXPECT_EQ(reply.text(Attribute::kUnknownAttributes), "\x77\x77");
  EXPECT_EQ(stun::check_integrity(reply.view(), ada.key()), stun::Check::kValid);
}

TEST(TurnErrorsOfConfig, Says420WhereDontFragmentCannotBeHad) {
  ServerConfig config = make_config();
  config.dont_fragment = false;
  TestServer world(config);
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  const Reply reply = ada.allocate([](MessageBuilder& m) { m.add_flag(Attribute::kDontFragment); });
  EXPECT_EQ(reply.code(), 420);
  EXPECT_EQ(reply.text(Attribute::kUnknownAttributes), std::string("\0\x1A", 2));
}

TEST_F(TurnErrors, Says400OrWhatFitsToAnAllocateThatMakesNoSense) {
  const std::uint32_t udp = 17u << 24;
  const auto transport = u32(Attribute::kRequestedTransport, udp);
  const auto with = [&](TestClient::Fill more) { return both(transport, std::move(more)); };
  const auto token = bytes(Attribute::kReservationToken, {1, 2, 3, 4, 5, 6, 7, 8});
  const auto even = bytes(Attribute::kEvenPort, {0});
  const auto requested = u32(Attribute::kRequestedAddressFamily, kV4);
  const auto additional = u32(Attribute::kAdditionalAddressFamily, kV6);
  const struct {
    const char* what;
    TestClient::Fill fill;
    int code;
  } kCases[] = {
      {"no transport", {}, 400},
      {"short transport", bytes(Attribute::kRequestedTransport, {17}), 400},
      {"SCTP", u32(Attribute::kRequestedTransport, 132u << 24), 442},
      {"TCP over UDP", TestClient::tcp(), 400},
      {"token and even port", with(both(token, even)), 400},
      {"token and family", with(both(token, requested)), 400},
      {"token and additional", with(both(token, additional)), 400},
      {"family and additional", with(both(requested, additional)), 400},
      {"additional IPv4", with(u32(Attribute::kAdditionalAddressFamily, kV4)), 400},
      {"pair and additional", with(both(bytes(Attribute::kEvenPort, {0x80}), additional)), 400},
      {"unknown family", with(u32(Attribute::kRequestedAddressFamily, 9u << 24)), 440},
      {"short family", with(bytes(Attribute::kRequestedAddressFamily, {1})), 400},
      {"short token", with(bytes(Attribute::kReservationToken, {1})), 400},
      {"long even port", with(bytes(Attribute::kEvenPort, {0, 0})), 400},
      {"short lifetime", with(bytes(Attribute::kLifetime, {1})), 400},
      {"unknown token", with(token), 508},
      {"ticket with content", with(bytes(Attribute::kMobilityTicket, {1})), 400},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(ada.ask(Method::kAllocate, c.fill).code(), c.code) << c.what;
    EXPECT_EQ(world.server.held(), 0u) << c.what;
  }
}

TEST_F(TurnErrors, Says400ToPortWishesOverTcp) {
  for (const auto& wish : {bytes(Attribute::kEvenPort, {0}),
                           bytes(Attribute::kReservationToken, {1, 2, 3, 4, 5, 6, 7, 8}),
                           bytes(Attribute::kDontFragment, {})}) {
    EXPECT_EQ(stream.ask(Method::kAllocate, both(TestClient::tcp(), wish)).code(), 400);
  }
}

TEST_F(TurnErrors, Says437WithoutAnAllocation) {
  EXPECT_EQ(ada.refresh(600).code(), 437);
  EXPECT_EQ(ada.permit(kPeer).code(), 437);
  EXPECT_EQ(ada.bind(0x4000, kPeer).code(), 437);
  EXPECT_EQ(ada.ask(Method::kConnect, TestClient::peer(kPeer)).code(), 437);
}

TEST(TurnErrorsOfConfig, Says440ForAFamilyThatItDoesNotHave) {
  ServerConfig config = make_config();
  config.relay_hosts.pop_back();
  TestServer world(config);
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  EXPECT_EQ(ada.allocate(u32(Attribute::kRequestedAddressFamily, kV6)).code(), 440);
  EXPECT_EQ(world.server.held(), 0u);
}

TEST_F(TurnErrors, Says441ToAnotherUser) {
  ada.allocate();
  TestClient bob(world, ada.path, {"bob", "builder"});
  EXPECT_EQ(bob.refresh(600).code(), 441);
  EXPECT_EQ(bob.permit(kPeer).code(), 441);
}

TEST(TurnErrorsOfConfig, Says442WithoutTcpAllocations) {
  ServerConfig config = make_config();
  config.tcp = TcpFor::kNobody;
  TestServer world(config);
  TestClient ada(world, tcp_from("198.51.100.7:1234"));
  EXPECT_EQ(ada.ask(Method::kAllocate, TestClient::tcp()).code(), 442);
}

TEST(TurnErrorsOfConfig, Says442ToGuestsWhereTcpAllocationsAreForUsers) {
  ServerConfig config = make_config();
  config.users.push_back(make_user(config.realm, {"page-turner", "booker"}));
  config.secrets = {"secret"};
  config.tcp = TcpFor::kUsers;
  config.guest_prefix = "page-";
  const auto code_for = [&](const Login& login) {
    TestServer world(config);
    world.server.set_calendar(world.now, UnixTime{});
    TestClient client(world, tcp_from("198.51.100.7:1234"), login);
    const int code = client.ask(Method::kAllocate, TestClient::tcp()).code();
    TestClient udp(world, udp_from("198.51.100.7:1235"), login);
    EXPECT_EQ(udp.allocate().code(), 0) << login.username;
    return code;
  };
  const UnixTime end{std::chrono::hours{1}};
  EXPECT_EQ(code_for(time_limited_login("secret", "page-x7Kd", end)), 442);
  EXPECT_EQ(code_for(time_limited_login("secret", "bridge", end)), 0) << "another program's";
  EXPECT_EQ(code_for({"ada", "lovelace"}), 0);
  EXPECT_EQ(code_for({"page-turner", "booker"}), 0) << "somebody named this one";
  config.tcp = TcpFor::kAll;
  EXPECT_EQ(code_for(time_limited_login("secret", "page-x7Kd", end)), 0);
}

TEST_F(TurnErrors, Says443ForAPeerOfTheOtherFamily) {
  ada.allocate();
  EXPECT_EQ(ada.permit(kPeer6).code(), 443);
  EXPECT_EQ(ada.bind(0x4000, kPeer6).code(), 443);
  EXPECT_EQ(ada.refresh(600, u32(Attribute::kRequestedAddressFamily, kV6)).code(), 443);
  EXPECT_EQ(ada.refresh(600, u32(Attribute::kRequestedAddressFamily, 7u << 24)).code(), 440);
}

TEST_F(TurnErrors, Says400ToPermissionsAndChannelsThatMakeNoSense) {
  ada.allocate();
  EXPECT_EQ(ada.ask(Method::kCreatePermission).code(), 400);
  EXPECT_EQ(ada.ask(Method::kCreatePermission, bytes(Attribute::kXorPeerAddress, {1})).code(), 400);
  EXPECT_EQ(ada.bind(0x3FFF, kPeer).code(), 400);
  EXPECT_EQ(ada.bind(0x8000, kPeer).code(), 400);
  EXPECT_EQ(ada.bind(0x7FFF, test::address("93.184.216.34:7")).code(), 0) << "as RFC 5766 lets";
  EXPECT_EQ(ada.send_channel(0x7FFF, "x"), "x");
  EXPECT_EQ(ada.ask(Method::kChannelBind, TestClient::peer(kPeer)).code(), 400);
  EXPECT_EQ(ada.ask(Method::kChannelBind, u32(Attribute::kChannelNumber, 0x4000u << 16)).code(),
            400);
  EXPECT_EQ(ada.bind(0x4FFF, kPeer).code(), 0);
  EXPECT_EQ(ada.bind(0x4FFE, kPeer).code(), 400) << "the peer has a channel";
  net::SocketAddress other = kPeer;
  ++other.port;
  EXPECT_EQ(ada.bind(0x4FFF, other).code(), 400) << "the channel has a peer";
}

TEST(TurnErrorsOfConfig, GivesNoPermissionWithAChannelThatIsRefused) {
  ServerConfig config = make_config();
  config.max_channels = 1;
  TestServer world(config);
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  ada.allocate();
  ASSERT_EQ(ada.bind(0x4000, kPeer).code(), 0);
  const auto other = address("93.184.216.35:1");
  EXPECT_EQ(ada.bind(0x4000, other).code(), 400) << "the channel is another's";
  EXPECT_EQ(ada.send_data(other, "x"), "");
  EXPECT_EQ(ada.bind(0x4001, other).code(), 508) << "no room for a second";
  EXPECT_EQ(ada.send_data(other, "x"), "");
}

TEST_F(TurnErrors, InstallsAllPermissionsOfARequestOrNone) {
  ada.allocate();
  const auto bad = address("10.0.0.1:1");
  EXPECT_EQ(ada.ask(Method::kCreatePermission, both(TestClient::peer(kPeer), TestClient::peer(bad)))
                .code(),
            403);
  EXPECT_EQ(ada.send_data(kPeer, "x"), "");
  const auto good = address("93.184.216.35:1");
  EXPECT_EQ(
      ada.ask(Method::kCreatePermission, both(TestClient::peer(kPeer), TestClient::peer(good)))
          .code(),
      0);
  EXPECT_EQ(ada.send_data(kPeer, "x"), "x");
  EXPECT_EQ(ada.send_data(good, "x"), "x");
}

TEST(TurnErrorsOfConfig, Says508BeyondItsRoom) {
  ServerConfig config = make_config();
  config.max_permissions = 2;
  config.max_channels = 1;
  config.max_allocations = 1;
  TestServer world(config);
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  ada.allocate();
  EXPECT_EQ(ada.bind(0x4000, address("93.184.216.34:1")).code(), 0);
  EXPECT_EQ(ada.bind(0x4001, address("93.184.216.34:2")).code(), 508);
  EXPECT_EQ(ada.permit(address("93.184.216.35:1")).code(), 0);
  EXPECT_EQ(ada.permit(address("93.184.216.36:1")).code(), 508);
  world.advance(5min);
  EXPECT_EQ(ada.permit(address("93.184.216.36:1")).code(), 0) << "the old ones have ended";
  TestClient bob(world, udp_from("198.51.100.8:1234"), {"bob", "builder"});
  EXPECT_EQ(bob.allocate().code(), 508);
}

TEST(TurnErrorsOfConfig, Says486BeyondAUsersOrAnAddresssQuota) {
  ServerConfig config = make_config();
  config.quotas.user.allocations = 2;
  config.quotas.address.allocations = 3;
  TestServer world(config);
  std::vector<TestClient> clients;
  for (const char* from : {"198.51.100.7:1", "198.51.100.8:1", "198.51.100.8:2"}) {
    clients.emplace_back(world, udp_from(from));
  }
  EXPECT_EQ(clients[0].allocate().code(), 0);
  EXPECT_EQ(clients[1].allocate().code(), 0);
  EXPECT_EQ(clients[2].allocate().code(), 486) << "wherever they are";
  clients[0].refresh(0);
  EXPECT_EQ(clients[2].allocate().code(), 0);
  TestClient bob(world, udp_from("198.51.100.8:3"), {"bob", "builder"});
  EXPECT_EQ(bob.allocate().code(), 0);
  TestClient bob2(world, udp_from("198.51.100.8:4"), {"bob", "builder"});
  EXPECT_EQ(bob2.allocate().code(), 486) << "whoever they are";
  TestClient bob3(world, udp_from("198.51.100.9:4"), {"bob", "builder"});
  EXPECT_EQ(bob3.allocate().code(), 0);
}

TEST(TurnErrorsOfConfig, Says405WithoutMobility) {
  ServerConfig config = make_config();
  config.mobility = false;
  TestServer world(config);
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  const auto ticket = bytes(Attribute::kMobilityTicket, {});
  EXPECT_EQ(ada.allocate(ticket).code(), 405);
  EXPECT_EQ(ada.allocate().code(), 0);
  EXPECT_EQ(
      ada.refresh(600, bytes(Attribute::kMobilityTicket, std::vector<std::uint8_t>(16))).code(),
      405);
}

TEST(TurnErrorsOfConfig, DropsPacketsBeyondTheBandwidth) {
  ServerConfig config = make_config();
  config.quotas.user.bandwidth = DataRate::kbps(80);  // 10,000 bytes a second.
  TestServer world(config);
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  ada.allocate();
  ada.bind(0x4000, kPeer);
  const std::string packet(1000, 'x');
  int passed = 0;
  for (int i = 0; i < 100; ++i) {
    passed += !ada.send_channel(0x4000, packet).empty();
    passed += !world.from_peer(world.open.begin()->first, kPeer, packet).empty();
    world.advance(100ms);
  }
  EXPECT_NEAR(passed, 105, 3) << "the rate for ten seconds, and a burst of half a second";
  EXPECT_EQ(world.server.counters().dropped_bandwidth, 200u - static_cast<unsigned>(passed));
}

TEST_F(TurnErrors, DropsWhatNoAnswerIsDueTo) {
  ada.allocate();
  ada.permit(kPeer);
  const auto garbage = std::vector<std::uint8_t>(40, 0xFF);
  EXPECT_EQ(ada.deliver(garbage), "");
  const auto counters = [&] { return world.server.counters(); };
  EXPECT_EQ(counters().dropped_malformed, 1u);
  ada.deliver({0x40, 0x00, 0x00, 0x09, 1});
  EXPECT_EQ(counters().dropped_malformed, 2u) << "longer than it is";
  for (const auto type : {Attribute::kXorPeerAddress, Attribute::kData, Attribute{0x7777}}) {
    MessageBuilder send(stun::Class::kIndication, Method::kSend, {});
    if (type != Attribute::kXorPeerAddress) send.add_xor_address(Attribute::kXorPeerAddress, kPeer);
    if (type != Attribute::kData) send.add_text(Attribute::kData, "x");
    if (type == Attribute{0x7777}) send.add_flag(type);
    EXPECT_EQ(ada.deliver(send.take()), "");
  }
  EXPECT_EQ(counters().dropped_malformed, 5u);
  MessageBuilder twice(stun::Class::kIndication, Method::kSend, {});
  twice.add_xor_address(Attribute::kXorPeerAddress, kPeer);
  twice.add_xor_address(Attribute::kXorPeerAddress, {});
  twice.add_text(Attribute::kData, "first");
  twice.add_text(Attribute::kData, "second");
  twice.add_flag(Attribute{0xC777});  // Need not be understood.
  EXPECT_EQ(ada.deliver(twice.take()), "first") << "the others are ignored (RFC 8489, 14)";
  MessageBuilder answer(stun::Class::kSuccess, Method::kAllocate, stun::TransactionId{});
  ada.deliver(answer.take());
  EXPECT_FALSE(ada.send(Method{0x123}, [](auto&) {}).is_there());
  EXPECT_EQ(counters().dropped_unsupported, 2u);
  EXPECT_FALSE(ada.send(Method::kRefresh, u32(Attribute::kFingerprint, 1)).is_there());
  EXPECT_EQ(counters().dropped_fingerprint, 1u);
}

TEST_F(TurnErrors, AnswersAFingerprintWithOne) {
  const Reply reply = ada.send(Method::kAllocate, [](MessageBuilder& m) { m.add_fingerprint(); });
  EXPECT_EQ(stun::check_fingerprint(reply.view()), stun::Check::kValid);
}

}  // namespace
}  // namespace parley::turn
