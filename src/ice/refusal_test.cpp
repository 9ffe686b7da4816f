// What is not from the peer, not for us, or no STUN at all: refused, counted by reason, told once.
#include <gtest/gtest.h>

#include <algorithm>

#include "ice/authenticator.h"
#include "ice/test_call.h"
#include "stun/attributes.h"
#include "stun/message_builder.h"

namespace parley::ice {
namespace {

using namespace test;
using stun::Attribute;
using stun::Class;
using stun::MessageBuilder;

const Credentials kPeer{"peer", std::string(22, 'p')};
const net::Path kPath{
    net::Transport::kUdp, {ip("203.0.113.12"), kPort}, {ip("203.0.113.11"), kPort}};

// A full agent with one candidate that knows its peer, and has sent its first check.
struct Alone {
  SeededRandom random{1};
  Agent agent;
  Time now = kStart;

  explicit Alone(const Config& config = {}) : agent(config, random) {
    agent.add_local_candidate(now, Candidate::host(kPath.local));
    agent.set_remote(now, kPeer);
    outputs();
  }

  std::string username() const { return agent.local_credentials().ufrag + ":peer"; }
  Bytes key() const { return as_bytes(agent.local_credentials().pwd); }

  std::vector<Output> outputs() {
    std::vector<Output> all;
    drain(agent, [&](Output output) { all.push_back(std::move(output)); });
    return all;
  }
  std::vector<Output> handle(Bytes datagram, const net::Path& path = kPath) {
    agent.handle_input(now, {path, datagram});
    return outputs();
  }
  std::uint64_t dropped(Drop reason) const { return agent.counters().dropped_for(reason); }
};

// The answers among `outputs`, requests of our own left out.
std::vector<std::vector<std::uint8_t>> answers(const std::vector<Output>& outputs) {
  std::vector<std::vector<std::uint8_t>> all;
  for (const Output& output : outputs) {
    const auto* const transmit = std::get_if<Transmit>(&output);
    if (transmit == nullptr) continue;
    if (stun::MessageView::parse(transmit->payload)->message_class() != Class::kRequest) {
      all.push_back(transmit->payload);
    }
  }
  return all;
}

std::optional<stun::ErrorCode> error_in(const std::vector<std::uint8_t>& answer) {
  const auto message = stun::MessageView::parse(answer).value();
  const auto value = message.find(Attribute::kErrorCode);
  if (!value) return std::nullopt;
  return stun::read_error(*value)->code;
}

TEST(IceRefusal, WhatIsNotStunIsCounted) {
  Alone alone;
  EXPECT_TRUE(answers(alone.handle({})).empty());
  EXPECT_TRUE(answers(alone.handle(as_bytes("hello, this is no STUN message at all"))).empty());
  EXPECT_EQ(alone.dropped(Drop::kMalformed), 2u);
  alone.handle(MessageBuilder(Class::kRequest, stun::Method::kAllocate, {}).view());
  EXPECT_EQ(alone.dropped(Drop::kUnsupported), 1u);
  alone.handle(MessageBuilder(Class::kIndication, stun::Method::kBinding, {}).view());
  EXPECT_EQ(alone.agent.counters().indications, 1u);
  alone.handle(MessageBuilder(Class::kSuccess, stun::Method::kBinding, {}).view());
  EXPECT_EQ(alone.dropped(Drop::kUnmatchedResponse), 1u);
}

TEST(IceRefusal, ACheckForSomebodyElseIsNotAnswered) {
  Alone alone;
  for (const std::string& username :
       {std::string("other:peer"), alone.agent.local_credentials().ufrag,
        alone.agent.local_credentials().ufrag + "x:peer", std::string()}) {
    MessageBuilder check(Class::kRequest, stun::Method::kBinding, {});
    check.add_text(Attribute::kUsername, username);
    check.add_integrity(alone.key());
    EXPECT_TRUE(answers(alone.handle(check.view())).empty()) << username;
  }
  EXPECT_EQ(alone.dropped(Drop::kUsername), 4u);
}

TEST(IceRefusal, ABadIntegrityIsCountedEachTimeAndToldOnce) {
  Alone alone;
  std::size_t told = 0;
  for (int i = 0; i < 100; ++i) {
    MessageBuilder check(Class::kRequest, stun::Method::kBinding, {});
    check.add_text(Attribute::kUsername, alone.username());
    check.add_u32(Attribute::kPriority, 1);
    check.add_integrity(as_bytes("a password that is a guess"));
    check.add_fingerprint();
    const auto outputs = alone.handle(check.view());
    EXPECT_TRUE(answers(outputs).empty());
    for (const Output& output : outputs) {
      if (const auto* const refused = std::get_if<Refused>(&output)) {
        EXPECT_EQ(refused->reason, Drop::kIntegrity);
        EXPECT_EQ(refused->path, kPath);
        ++told;
      }
    }
  }
  EXPECT_EQ(told, 1u);
  EXPECT_EQ(alone.dropped(Drop::kIntegrity), 100u);
  EXPECT_FALSE(alone.agent.is_validated(kPath));
  EXPECT_TRUE(alone.agent.remote_candidates().empty());
}

TEST(IceRefusal, ACheckWithoutIntegrityIsNotAnswered) {
  Alone alone;
  MessageBuilder check(Class::kRequest, stun::Method::kBinding, {});
  check.add_text(Attribute::kUsername, alone.username());
  check.add_u32(Attribute::kPriority, 1);
  check.add_fingerprint();
  EXPECT_TRUE(answers(alone.handle(check.view())).empty());
  EXPECT_EQ(alone.dropped(Drop::kNoIntegrity), 1u);
}

TEST(IceRefusal, AnUnknownAttributeThatMustBeUnderstoodIsToldToThePeer) {
  Alone alone;
  MessageBuilder check(Class::kRequest, stun::Method::kBinding, {});
  check.add_text(Attribute::kUsername, alone.username());
  check.add_u32(Attribute::kPriority, 1);
  check.add_flag(Attribute{0x7ABC});
  check.add_integrity(alone.key());
  const auto sent = answers(alone.handle(check.view()));
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(error_in(sent[0]), stun::ErrorCode::kUnknownAttribute);
  EXPECT_EQ(alone.dropped(Drop::kUnknownAttribute), 1u);
}

TEST(IceRefusal, ACheckWithoutPriorityIsABadRequest) {
  Alone alone;
  MessageBuilder check(Class::kRequest, stun::Method::kBinding, {});
  check.add_text(Attribute::kUsername, alone.username());
  check.add_integrity(alone.key());
  const auto sent = answers(alone.handle(check.view()));
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(error_in(sent[0]), stun::ErrorCode::kBadRequest);
}

TEST(IceRefusal, WhatChromiumAddsIsIgnored) {
  Alone alone;
  MessageBuilder check(Class::kRequest, stun::Method::kBinding, {});
  check.add_text(Attribute::kUsername, alone.username());
  check.add_u32(Attribute::kGoogNetworkInfo, 1);
  check.add_u64(Attribute::kIceControlling, 1);
  check.add_u32(Attribute::kPriority, 1);
  check.add_integrity(alone.key());
  check.add_fingerprint();
  const auto sent = answers(alone.handle(check.view()));
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(error_in(sent[0]), std::nullopt);
  EXPECT_TRUE(alone.agent.is_validated(kPath));
}

TEST(IceRefusal, ACheckAtNoAddressOfOursIsNotAnswered) {
  Alone alone;
  MessageBuilder check(Class::kRequest, stun::Method::kBinding, {});
  check.add_text(Attribute::kUsername, alone.username());
  check.add_u32(Attribute::kPriority, 1);
  check.add_integrity(alone.key());
  net::Path elsewhere = kPath;
  elsewhere.local.port = 1;
  EXPECT_TRUE(answers(alone.handle(check.view(), elsewhere)).empty());
  EXPECT_EQ(alone.dropped(Drop::kUnknownLocal), 1u);
}

TEST(IceRefusal, APriorityBeyondTheRfcIsTakenForItsHighest) {
  Alone alone;
  MessageBuilder check(Class::kRequest, stun::Method::kBinding, {});
  check.add_text(Attribute::kUsername, alone.username());
  check.add_u32(Attribute::kPriority, 0xFFFFFFFF);
  check.add_integrity(alone.key());
  alone.handle(check.view());
  EXPECT_EQ(alone.agent.remote_candidates().at(0).priority, 0x7FFFFFFFu);
}

// The check of ours that went out to the peer's candidate.
struct Asked : Alone {
  std::vector<std::uint8_t> request;

  Asked() {
    Candidate remote = Candidate::host(kPath.remote);
    remote.priority = 1;
    remote.foundation = "1";
    agent.add_remote_candidate(now, remote);
    for (const Output& output : outputs()) {
      if (const auto* const transmit = std::get_if<Transmit>(&output)) request = transmit->payload;
    }
  }

  std::vector<std::uint8_t> answer(std::string_view pwd) {
    return success_answer(stun::MessageView::parse(request).value(), kPath.local, pwd);
  }
};

TEST(IceRefusal, AnAnswerOfSomebodyElseChangesNothing) {
  Asked asked;
  asked.handle(asked.answer("not the peer's password"));
  EXPECT_EQ(asked.dropped(Drop::kIntegrity), 1u);
  EXPECT_EQ(asked.agent.state(), State::kChecking);
  asked.handle(asked.answer(kPeer.pwd));  // The peer's own is still taken.
  EXPECT_EQ(asked.agent.state(), State::kConnected);
}

TEST(IceRefusal, AnAnswerFromElsewhereFailsThePair) {
  Asked asked;
  net::Path elsewhere = kPath;
  elsewhere.remote.port = 1;
  asked.handle(asked.answer(kPeer.pwd), elsewhere);
  EXPECT_EQ(asked.dropped(Drop::kWrongPath), 1u);
  EXPECT_EQ(asked.agent.pairs().at(0).state, PairState::kFailed);
  EXPECT_FALSE(asked.agent.is_validated(elsewhere));
}

TEST(IceRefusal, AnAnswerCountsOnce) {
  Asked asked;
  asked.handle(asked.answer(kPeer.pwd));
  asked.handle(asked.answer(kPeer.pwd));
  EXPECT_EQ(asked.dropped(Drop::kUnmatchedResponse), 1u);
  EXPECT_EQ(asked.agent.counters().responses_received, 1u);
}

TEST(IceRefusal, AnErrorFailsThePair) {
  Asked asked;
  asked.handle(
      error_answer(stun::MessageView::parse(asked.request).value(), Drop::kBadRequest, kPeer.pwd));
  EXPECT_EQ(asked.agent.pairs().at(0).state, PairState::kFailed);
}

TEST(IceRefusal, TheSmallerTieBreakerGivesIn) {
  Config config;
  config.controlling = true;
  for (const bool ours_is_larger : {true, false}) {
    Alone alone(config);
    MessageBuilder check(Class::kRequest, stun::Method::kBinding, {});
    check.add_text(Attribute::kUsername, alone.username());
    check.add_u32(Attribute::kPriority, 1);
    check.add_u64(Attribute::kIceControlling, ours_is_larger ? 0 : ~std::uint64_t{0});
    check.add_integrity(alone.key());
    const auto sent = answers(alone.handle(check.view()));
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(alone.agent.controlling(), ours_is_larger);
    EXPECT_EQ(error_in(sent[0]) == stun::ErrorCode::kRoleConflict, ours_is_larger);
  }
}

// RFC 8445, 7.2.5.1: told so, we change our role and check again.
TEST(IceRefusal, GivesInWhenToldOfARoleConflict) {
  Asked asked;
  EXPECT_FALSE(asked.agent.controlling());
  const auto outputs = asked.handle(error_answer(stun::MessageView::parse(asked.request).value(),
                                                 Drop::kRoleConflict, kPeer.pwd));
  EXPECT_TRUE(asked.agent.controlling());
  asked.now += 20ms;
  asked.agent.handle_timeout(asked.now);
  std::vector<Output> sent = asked.outputs();
  sent.insert(sent.end(), outputs.begin(), outputs.end());
  EXPECT_TRUE(std::ranges::any_of(sent, [](const Output& output) {
    const auto* const transmit = std::get_if<Transmit>(&output);
    return transmit != nullptr &&
           stun::MessageView::parse(transmit->payload)->has(Attribute::kIceControlling);
  }));
}

// As controlled: two pairs, and a peer that nominates by hand.
struct Controlled : Alone {
  std::uint8_t next_id = 100;

  static net::Path path(std::uint16_t port) {
    return {kPath.transport, kPath.local, {kPath.remote.ip, port}};
  }

  // A check of the peer's over that path. What is asked back is answered, save perhaps over it.
  void check(std::uint16_t port, bool nominates, bool answered = true) {
    MessageBuilder check(Class::kRequest, stun::Method::kBinding, {++next_id});
    check.add_text(Attribute::kUsername, username());
    check.add_u32(Attribute::kPriority, port * 100'000u);  // So the higher port is the better one.
    check.add_u64(Attribute::kIceControlling, 1);
    if (nominates) check.add_flag(Attribute::kUseCandidate);
    check.add_integrity(key());
    auto sent = handle(check.view(), path(port));
    for (int i = 0; i < 20; ++i) {
      for (const Output& output : sent) {
        const auto* const transmit = std::get_if<Transmit>(&output);
        if (transmit == nullptr || (transmit->path == path(port) && !answered)) continue;
        const auto request = stun::MessageView::parse(transmit->payload).value();
        if (request.message_class() != Class::kRequest) continue;
        handle(success_answer(request, kPath.local, kPeer.pwd), transmit->path);
      }
      now += 20ms;
      agent.handle_timeout(now);
      sent = outputs();
    }
  }
};

TEST(IceNomination, FollowsAnAggressivePeerToThePairOfHighestPriority) {
  Controlled controlled;
  controlled.check(2, true);
  EXPECT_EQ(controlled.agent.selected(), Controlled::path(2));
  controlled.check(1, true);
  EXPECT_EQ(controlled.agent.selected(), Controlled::path(2));
  controlled.check(3, true);
  EXPECT_EQ(controlled.agent.selected(), Controlled::path(3));
}

TEST(IceNomination, PrefersWhatThePeerNominatesToWhatIsBetter) {
  Controlled controlled;
  controlled.check(2, false);
  EXPECT_EQ(controlled.agent.selected(), Controlled::path(2));  // Valid is enough to send on.
  controlled.check(1, true);
  EXPECT_EQ(controlled.agent.selected(), Controlled::path(1));
  controlled.check(3, false);
  EXPECT_EQ(controlled.agent.selected(), Controlled::path(1));
}

TEST(IceNomination, FollowsThePeersLaterDecisionToAWorsePair) {
  Controlled controlled;
  controlled.check(2, true);
  controlled.now += 2s;
  controlled.check(1, true);
  EXPECT_EQ(controlled.agent.selected(), Controlled::path(1));
  EXPECT_EQ(controlled.agent.counters().path_changes, 1u);
}

TEST(IceNomination, APairThatIsNominatedEarlyAndValidLateIsNoLaterDecision) {
  Controlled controlled;
  controlled.check(2, true);
  controlled.check(1, true, false);
  controlled.now += 3s;
  controlled.check(1, false);
  EXPECT_EQ(controlled.agent.selected(), Controlled::path(2));
}

TEST(IceNomination, NeedsAPairThatIsValidForUsToo) {
  Controlled controlled;
  controlled.check(1, true, false);
  EXPECT_EQ(controlled.agent.selected(), std::nullopt);
  EXPECT_TRUE(controlled.agent.is_validated(Controlled::path(1)));  // It may be heard, though.
}

// The peer may have doubted the path, and forgotten, since it was agreed on.
TEST(IceNomination, IsRepeatedWithEachConsentCheck) {
  Config config;
  config.controlling = true;
  Alone alone(config);
  Candidate remote = Candidate::host(kPath.remote);
  remote.priority = 1;
  remote.foundation = "1";
  alone.agent.add_remote_candidate(alone.now, remote);
  std::vector<bool> nominates;
  for (int i = 0; i < 20; ++i) {
    for (const Output& output : alone.outputs()) {
      const auto* const transmit = std::get_if<Transmit>(&output);
      if (transmit == nullptr) continue;
      const auto request = stun::MessageView::parse(transmit->payload).value();
      nominates.push_back(request.has(Attribute::kUseCandidate));
      alone.agent.handle_input(alone.now, {kPath, success_answer(request, kPath.local, kPeer.pwd)});
    }
    alone.now = std::max(alone.now, alone.agent.next_deadline());
    alone.agent.handle_timeout(alone.now);
  }
  ASSERT_GE(nominates.size(), 10u);
  EXPECT_FALSE(nominates[0]);
  EXPECT_EQ(std::ranges::count(nominates, false), 1);
}

TEST(IceRefusal, EveryReasonHasAName) {
  for (std::size_t i = 0; i < kDropReasons; ++i) {
    EXPECT_FALSE(to_string(static_cast<Drop>(i)).empty());
  }
}

}  // namespace
}  // namespace parley::ice
