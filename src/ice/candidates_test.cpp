// The candidates of both sides: preferences, foundations, bounds, names.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "ice/credentials.h"
#include "ice/local_candidates.h"
#include "ice/remote_candidates.h"
#include "stun/message_builder.h"

namespace parley::ice {
namespace {

net::SocketAddress address(std::string_view text) {
  return net::SocketAddress::parse(text).value();
}

Candidate remote(std::string_view text, CandidateType type = CandidateType::kHost) {
  return {.type = type, .address = address(text), .priority = 7, .foundation = "r"};
}

TEST(IceLocalCandidates, PrefersTheFirstAddressAndTakesTheFamiliesInTurn) {
  LocalCandidates locals(8);
  for (const char* text : {"192.0.2.1:1", "192.0.2.2:1", "[2001:db8::1]:1", "[2001:db8::2]:1"}) {
    EXPECT_EQ(locals.add(Candidate::host(address(text))), LocalCandidates::Added::kNew);
  }
  std::vector<Candidate> sorted = locals.all();
  std::ranges::sort(sorted, std::greater{}, &Candidate::priority);
  std::vector<std::string> order;
  for (const Candidate& candidate : sorted) order.push_back(candidate.address.ip.to_string());
  EXPECT_EQ(order,
            (std::vector<std::string>{"2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2"}));
}

TEST(IceLocalCandidates, GivesTheSameFoundationToWhatIsLikelyToFareAlike) {
  LocalCandidates locals(8);
  locals.add(Candidate::host(address("192.0.2.1:1")));
  locals.add(Candidate::host(address("192.0.2.1:2")));
  locals.add(Candidate::host(address("192.0.2.2:1")));
  locals.add(Candidate::tcp_host(address("192.0.2.1:1"), TcpType::kPassive));
  const auto& all = locals.all();
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[0].foundation, all[1].foundation);
  EXPECT_NE(all[0].foundation, all[2].foundation);
  EXPECT_NE(all[0].foundation, all[3].foundation);
}

TEST(IceLocalCandidates, KeepsOneMappingAServerAndNoneThatIsNoMapping) {
  LocalCandidates locals(4);
  locals.add(Candidate::host(address("10.0.0.2:1")));
  const Candidate base = locals.last();
  const auto seen = [&](const char* mapped, const char* server) {
    return locals.add_reflexive(CandidateType::kServerReflexive, base, address(mapped),
                                address(server));
  };
  EXPECT_EQ(seen("10.0.0.2:1", "198.51.100.1:3478"), LocalCandidates::Added::kKnown);
  EXPECT_EQ(seen("203.0.113.1:1", "198.51.100.1:3478"), LocalCandidates::Added::kNew);
  EXPECT_EQ(locals.last().related, base.base);
  EXPECT_LT(locals.last().priority, base.priority);
  EXPECT_EQ(seen("203.0.113.1:1", "198.51.100.9:3478"), LocalCandidates::Added::kKnown);
  for (int port = 2; port < 100; ++port) {
    const std::string mapped = "203.0.113.1:" + std::to_string(port);
    EXPECT_EQ(seen(mapped.c_str(), "198.51.100.1:3478"), LocalCandidates::Added::kNew);
  }
  EXPECT_EQ(locals.all().size(), 2u);
}

TEST(IceLocalCandidates, AreBoundedAndGoWithTheirBase) {
  LocalCandidates locals(2);
  EXPECT_EQ(locals.add(Candidate::host(address("10.0.0.2:1"))), LocalCandidates::Added::kNew);
  EXPECT_EQ(locals.add(Candidate::host(address("10.0.0.2:1"))), LocalCandidates::Added::kKnown);
  const Candidate base = locals.last();
  EXPECT_EQ(locals.add_reflexive(CandidateType::kServerReflexive, base, address("203.0.113.1:1"),
                                 address("198.51.100.1:3478")),
            LocalCandidates::Added::kNew);
  EXPECT_EQ(locals.add(Candidate::host(address("10.0.0.3:1"))), LocalCandidates::Added::kFull);
  EXPECT_NE(locals.find_base(net::Transport::kUdp, base.base), nullptr);
  EXPECT_EQ(locals.find_base(net::Transport::kTcp, base.base), nullptr);
  EXPECT_EQ(locals.find_base(net::Transport::kUdp, address("203.0.113.1:1")), nullptr);
  locals.remove(base.base);
  EXPECT_TRUE(locals.all().empty());
}

TEST(IceRemoteCandidates, LearnsAndIsThenToldWhatItLearned) {
  RemoteCandidates remotes(Limits{});
  EXPECT_TRUE(remotes.learn(net::Transport::kUdp, address("203.0.113.1:1"), 5));
  EXPECT_FALSE(remotes.learn(net::Transport::kUdp, address("203.0.113.1:1"), 5));
  EXPECT_EQ(remotes.last().type, CandidateType::kPeerReflexive);
  EXPECT_EQ(remotes.add(remote("203.0.113.1:1", CandidateType::kServerReflexive)),
            RemoteCandidates::Added::kUpdated);
  EXPECT_EQ(remotes.find(net::Transport::kUdp, address("203.0.113.1:1"))->priority, 7u);
  EXPECT_EQ(remotes.add(remote("203.0.113.1:1")), RemoteCandidates::Added::kKnown);
  EXPECT_EQ(remotes.all().size(), 1u);
}

TEST(IceRemoteCandidates, AreBoundedHoweverOftenThePeerMoves) {
  RemoteCandidates remotes({.remote_candidates = 3});
  EXPECT_EQ(remotes.add(remote("192.0.2.1:1")), RemoteCandidates::Added::kNew);
  EXPECT_EQ(remotes.add(remote("192.0.2.2:1")), RemoteCandidates::Added::kNew);
  for (int port = 1; port < 100; ++port) {
    remotes.learn(net::Transport::kUdp, address("203.0.113.1:" + std::to_string(port)), 5);
    EXPECT_LE(remotes.all().size(), 3u);
  }
  EXPECT_NE(remotes.find(net::Transport::kUdp, address("203.0.113.1:99")), nullptr);
  EXPECT_NE(remotes.find(net::Transport::kUdp, address("192.0.2.1:1")), nullptr);
  EXPECT_EQ(remotes.add(remote("192.0.2.3:1")), RemoteCandidates::Added::kFull);
}

TEST(IceRemoteCandidates, RefusesWhatNobodyCanSendTo) {
  RemoteCandidates remotes(Limits{});
  const auto refuses = [&](Candidate candidate) {
    return remotes.add(candidate) == RemoteCandidates::Added::kUseless;
  };
  EXPECT_TRUE(refuses(remote("192.0.2.1:0")));
  EXPECT_TRUE(refuses(remote("0.0.0.0:1")));
  Candidate second = remote("192.0.2.1:1");
  second.component = 2;
  EXPECT_TRUE(refuses(second));
  Candidate open = Candidate::tcp_host(address("192.0.2.1:1"), TcpType::kSimultaneousOpen);
  EXPECT_TRUE(refuses(open));
}

TEST(IceRemoteCandidates, ResolvesNames) {
  RemoteCandidates remotes({.unresolved_names = 2});
  Candidate hidden = remote("0.0.0.0:5000");
  hidden.mdns_name = "a.local";
  EXPECT_EQ(remotes.add(hidden), RemoteCandidates::Added::kUnresolved);
  EXPECT_EQ(remotes.add(hidden), RemoteCandidates::Added::kKnown);
  hidden.mdns_name = "b.local";
  EXPECT_EQ(remotes.add(hidden), RemoteCandidates::Added::kUnresolved);
  hidden.mdns_name = "c.local";
  EXPECT_EQ(remotes.add(hidden), RemoteCandidates::Added::kFull);
  EXPECT_TRUE(remotes.take_resolved("x.local", net::IpAddress::parse("10.0.0.7")).empty());
  const auto resolved = remotes.take_resolved("a.local", net::IpAddress::parse("10.0.0.7"));
  ASSERT_EQ(resolved.size(), 1u);
  EXPECT_EQ(resolved[0].address, address("10.0.0.7:5000"));
  EXPECT_TRUE(resolved[0].mdns_name.empty());
  EXPECT_TRUE(remotes.waits_for_names());
  EXPECT_TRUE(remotes.take_resolved("b.local", std::nullopt).empty());
  EXPECT_FALSE(remotes.waits_for_names());
}

TEST(IceCredentials, AreMadeOfIceCharsAndAreLongEnough) {
  SeededRandom random(1);
  const Credentials credentials = Credentials::make(random);
  EXPECT_TRUE(credentials.is_valid());
  EXPECT_GE(credentials.ufrag.size() * 6, 24u);
  EXPECT_GE(credentials.pwd.size() * 6, 128u);
  EXPECT_NE(credentials, Credentials::make(random));
}

TEST(IceCredentials, RefusesWhatSdpCannotSay) {
  const std::string pwd(22, 'p');
  EXPECT_TRUE((Credentials{"abcd", pwd}).is_valid());
  EXPECT_FALSE((Credentials{"abc", pwd}).is_valid());
  EXPECT_FALSE((Credentials{"abcd", pwd.substr(1)}).is_valid());
  EXPECT_FALSE((Credentials{std::string(257, 'a'), pwd}).is_valid());
  EXPECT_FALSE((Credentials{"ab:d", pwd}).is_valid());
  EXPECT_FALSE((Credentials{"abcd", pwd + "\r\n"}).is_valid());
}

TEST(IceCredentials, TellsWhoseCheckItIs) {
  stun::MessageBuilder check(stun::Class::kRequest, stun::Method::kBinding, {});
  check.add_text(stun::Attribute::kUsername, "ours:theirs");
  EXPECT_EQ(addressed_ufrag(check.view()), "ours");
  stun::MessageBuilder nameless(stun::Class::kRequest, stun::Method::kBinding, {});
  EXPECT_EQ(addressed_ufrag(nameless.view()), std::nullopt);
  nameless.add_text(stun::Attribute::kUsername, "ours");
  EXPECT_EQ(addressed_ufrag(nameless.view()), std::nullopt);
  stun::MessageBuilder response(stun::Class::kSuccess, stun::Method::kBinding, {});
  response.add_text(stun::Attribute::kUsername, "ours:theirs");
  EXPECT_EQ(addressed_ufrag(response.view()), std::nullopt);
  EXPECT_EQ(addressed_ufrag({}), std::nullopt);
}

}  // namespace
}  // namespace parley::ice
