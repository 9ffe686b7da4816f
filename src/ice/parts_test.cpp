// The agent's parts, each alone: which pair is next, when consent is lost, what servers are asked.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "ice/checklist.h"
#include "ice/consent.h"
#include "ice/gatherer.h"
#include "ice/transactions.h"
#include "stun/message_builder.h"

namespace parley::ice {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};

net::SocketAddress address(std::string_view text) {
  return net::SocketAddress::parse(text).value();
}

net::Path path(std::uint16_t port) {
  return {net::Transport::kUdp, address("192.0.2.1:1"), {address("192.0.2.2:1").ip, port}};
}

Pair pair(std::uint16_t port, std::uint32_t priority, std::string foundation) {
  return {.path = path(port),
          .local_priority = priority,
          .remote_priority = priority,
          .foundation = std::move(foundation)};
}

// --- Checklist ---

TEST(IceChecklist, ChecksTheHighestPriorityFirstAndOneOfEachFoundation) {
  Checklist list(10);
  list.add(pair(1, 100, "a"), true);
  list.add(pair(2, 300, "b"), true);
  list.add(pair(3, 200, "b"), true);
  EXPECT_EQ(list.find(path(3))->state, PairState::kFrozen);
  std::vector<std::uint16_t> order;
  while (Pair* const next = list.next(0)) {
    order.push_back(next->path.remote.port);
    next->state = PairState::kInProgress;
  }
  EXPECT_EQ(order, (std::vector<std::uint16_t>{2, 1}));
  EXPECT_FALSE(list.has_next(0));
  list.succeed(*list.find(path(2)));
  EXPECT_EQ(list.find(path(3))->state, PairState::kWaiting);
  EXPECT_EQ(list.next(0)->path, path(3));
}

TEST(IceChecklist, ThawsAFoundationWhoseFirstPairFailed) {
  Checklist list(10);
  list.add(pair(1, 300, "a"), true);
  list.add(pair(2, 200, "a"), true);
  list.next(0)->state = PairState::kInProgress;
  EXPECT_EQ(list.next(0), nullptr);
  list.fail(*list.find(path(1)));
  EXPECT_EQ(list.next(0)->path, path(2));
}

TEST(IceChecklist, APairOfAFoundationThatFaresWellDoesNotWait) {
  Checklist list(10);
  list.succeed(*list.add(pair(1, 300, "a"), true));
  EXPECT_EQ(list.add(pair(2, 200, "a"), true)->state, PairState::kWaiting);
}

TEST(IceChecklist, TriggeredChecksComeFirstAndOnce) {
  Checklist list(10);
  list.add(pair(1, 300, "a"), true);
  list.add(pair(2, 200, "b"), true);
  list.trigger(*list.find(path(2)));
  list.trigger(*list.find(path(2)));
  Pair* const first = list.next(0);
  EXPECT_EQ(first->path, path(2));
  first->state = PairState::kInProgress;
  EXPECT_EQ(list.next(0)->path, path(1));
}

TEST(IceChecklist, LeavesPairsBelowTheFloorAloneUnlessTriggered) {
  Checklist list(10);
  const std::uint64_t floor = list.add(pair(1, 300, "a"), true)->priority;
  list.add(pair(2, 200, "b"), true);
  list.find(path(1))->state = PairState::kSucceeded;
  EXPECT_FALSE(list.has_next(floor));
  EXPECT_EQ(list.next(floor), nullptr);
  list.trigger(*list.find(path(2)));
  EXPECT_TRUE(list.has_next(floor));
  EXPECT_EQ(list.next(floor)->path, path(2));
}

TEST(IceChecklist, MakesRoomForWhatIsBetterButNeverOfWhatIsInUse) {
  Checklist list(2);
  list.add(pair(1, 100, "a"), true)->valid = true;
  list.add(pair(2, 200, "b"), true);
  EXPECT_EQ(list.add(pair(3, 150, "c"), true), nullptr);
  EXPECT_NE(list.add(pair(4, 300, "d"), true), nullptr);
  EXPECT_NE(list.find(path(1)), nullptr);
  EXPECT_EQ(list.find(path(2)), nullptr);
  list.fail(*list.find(path(4)));
  EXPECT_NE(list.add(pair(5, 10, "e"), true), nullptr);
  EXPECT_EQ(list.find(path(4)), nullptr);
}

TEST(IceChecklist, ReviveChecksEverythingAnew) {
  Checklist list(10);
  Pair& one = *list.add(pair(1, 300, "a"), true);
  list.succeed(one);
  one.valid = one.nominated = true;
  list.revive();
  EXPECT_FALSE(one.valid || one.nominated);
  EXPECT_EQ(list.next(0), &one);
}

TEST(IceChecklist, TheRoleDecidesThePriorityAndEndsANomination) {
  Checklist list(10);
  Pair unequal = pair(1, 0, "a");
  unequal.local_priority = 2;
  unequal.remote_priority = 1;
  Pair& one = *list.add(unequal, true);
  EXPECT_EQ(one.priority, pair_priority(2, 1));
  one.use_candidate = true;
  one.state = PairState::kInProgress;
  list.set_role(false);
  EXPECT_EQ(one.priority, pair_priority(1, 2));
  EXPECT_FALSE(one.use_candidate);
  EXPECT_EQ(one.state, PairState::kWaiting);  // Its check is made anew, in the new role.
}

// --- Consent ---

TEST(IceConsent, AsksEveryFiveSecondsGiveOrTakeAFifth) {
  SeededRandom random(1);
  Consent consent({}, random);
  EXPECT_EQ(consent.next_deadline(kStart), kNever);
  consent.start(kStart, 20ms);
  Duration shortest = 1h;
  Duration longest{};
  Time now = kStart;
  for (int i = 0; i < 200; ++i) {
    const Time next = consent.next_deadline(now);
    shortest = std::min(shortest, next - now);
    longest = std::max(longest, next - now);
    now = next;
    ASSERT_TRUE(consent.is_due(now));
    consent.handle_sent(now);
    consent.handle_answer(now, 20ms);
  }
  EXPECT_GE(shortest, 4s);
  EXPECT_LT(shortest, 4200ms);
  EXPECT_LE(longest, 6s);
  EXPECT_GT(longest, 5800ms);
}

TEST(IceConsent, IsDisconnectedAndThenExpiredWithoutAnswers) {
  SeededRandom random(1);
  Consent consent({}, random);
  consent.start(kStart, 20ms);
  Time now = consent.next_deadline(kStart);
  const Time first = now;
  while (!consent.is_disconnected(now)) {
    if (consent.is_due(now)) consent.handle_sent(now);
    now = consent.next_deadline(now);
  }
  EXPECT_EQ(now, first + 5s);
  while (!consent.has_expired(now)) {
    if (consent.is_due(now)) consent.handle_sent(now);
    const Time next = consent.next_deadline(now);
    ASSERT_GT(next, now);
    now = next;
  }
  EXPECT_EQ(now, kStart + 30s);
  consent.stop();
  EXPECT_EQ(consent.next_deadline(now), kNever);
  EXPECT_FALSE(consent.has_expired(now + 1h));
}

TEST(IceConsent, OneAnswerIsEnough) {
  SeededRandom random(1);
  Consent consent({}, random);
  consent.start(kStart, 20ms);
  consent.handle_sent(kStart + 5s);
  consent.handle_sent(kStart + 6s);
  consent.handle_answer(kStart + 29s, 20ms);
  EXPECT_FALSE(consent.is_disconnected(kStart + 30s));
  EXPECT_FALSE(consent.has_expired(kStart + 58s));
  EXPECT_TRUE(consent.has_expired(kStart + 59s));
}

TEST(IceConsent, ADoubtedPathIsLostAfterThreeQuickChecks) {
  SeededRandom random(1);
  Consent consent({}, random);
  consent.start(kStart, 20ms);
  consent.doubt(kStart + 1s);
  Time now = kStart + 1s;
  int sent = 0;
  while (!consent.is_lost() && sent < 10) {
    ASSERT_TRUE(consent.is_due(now));
    consent.handle_sent(now);
    ++sent;
    if (!consent.is_lost()) now = consent.next_deadline(now);
  }
  EXPECT_EQ(sent, 4);
  EXPECT_EQ(now, kStart + 1300ms);
  consent.handle_answer(now, 20ms);
  EXPECT_FALSE(consent.is_lost());
}

TEST(IceConsent, GivesAFarPeerTheTimeItNeeds) {
  SeededRandom random(1);
  Consent consent({}, random);
  consent.start(kStart, 300ms);
  consent.doubt(kStart);
  consent.handle_sent(kStart);
  EXPECT_EQ(consent.next_deadline(kStart), kStart + 600ms);
}

TEST(IceConsent, TheTimeRunsWhileThereIsNoPath) {
  SeededRandom random(1);
  Consent consent({}, random);
  consent.start(kStart, 20ms);
  consent.suspend(kStart + 2s);
  EXPECT_TRUE(consent.is_disconnected(kStart + 2s));
  EXPECT_FALSE(consent.is_due(kStart + 20s));
  EXPECT_TRUE(consent.has_expired(kStart + 30s));
}

// --- Gatherer ---

struct Gathering {
  SeededRandom random{1};
  Timers timers;
  Gatherer gatherer{timers, {}, random};
  net::SocketAddress base = address("10.0.0.2:5000");
  net::SocketAddress server = address("198.51.100.1:3478");

  std::optional<Gatherer::Mapped> answer(Time now, const Transmit& question,
                                         std::string_view mapped,
                                         stun::Class answer_class = stun::Class::kSuccess) {
    const auto request = stun::MessageView::parse(question.payload).value();
    stun::MessageBuilder builder(answer_class, request);
    builder.add_xor_address(stun::Attribute::kXorMappedAddress, address(mapped));
    const auto message = builder.take();
    const auto view = stun::MessageView::parse(message).value();
    EXPECT_TRUE(gatherer.is_answer(view, question.path));
    return gatherer.handle_answer(now, view);
  }
};

TEST(IceGatherer, IsCompleteAtOnceWithoutServers) {
  Gathering g;
  EXPECT_FALSE(g.gatherer.complete());
  g.gatherer.start(kStart, {}, {g.base});
  EXPECT_TRUE(g.gatherer.complete());
  EXPECT_EQ(g.gatherer.next_deadline(), kNever);
}

TEST(IceGatherer, AsksEachServerOfItsFamilyOncePerPace) {
  Gathering g;
  g.gatherer.start(kStart,
                   {g.server, address("[2001:db8::9]:3478"), address("127.0.0.1:3478"),
                    address("198.51.100.3:3478")},
                   {g.base});
  const auto first = g.gatherer.poll(kStart);
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->path, (net::Path{net::Transport::kUdp, g.base, g.server}));
  EXPECT_EQ(g.gatherer.poll(kStart), std::nullopt);
  EXPECT_EQ(g.gatherer.next_deadline(), kStart + 20ms);
  const auto second = g.gatherer.poll(kStart + 20ms);
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->path.remote, address("198.51.100.3:3478"));
  EXPECT_FALSE(g.gatherer.complete());
}

TEST(IceGatherer, TellsTheMappingAndAsksAgainToKeepIt) {
  Gathering g;
  g.gatherer.start(kStart, {g.server}, {g.base});
  const auto question = g.gatherer.poll(kStart);
  const auto mapped = g.answer(kStart + 40ms, *question, "203.0.113.1:9");
  ASSERT_TRUE(mapped.has_value());
  EXPECT_EQ(mapped->address, address("203.0.113.1:9"));
  EXPECT_EQ(mapped->base, g.base);
  EXPECT_TRUE(g.gatherer.complete());
  EXPECT_EQ(g.gatherer.next_deadline(), kStart + 40ms + 15s);
  const auto again = g.gatherer.poll(kStart + 40ms + 15s);
  ASSERT_TRUE(again.has_value());
  EXPECT_NE(again->payload, question->payload);
  g.answer(kStart + 16s, *again, "203.0.113.1:9");
  g.gatherer.let_mappings_go();
  EXPECT_EQ(g.gatherer.poll(kStart + 31s), std::nullopt);
  EXPECT_EQ(g.gatherer.next_deadline(), kNever);
}

TEST(IceGatherer, GivesUpASilentServer) {
  Gathering g;
  g.gatherer.start(kStart, {g.server}, {g.base});
  Time now = kStart;
  std::vector<Duration> sent;
  while (g.gatherer.next_deadline() != kNever) {
    now = std::max(now, g.gatherer.next_deadline());
    if (const auto question = g.gatherer.poll(now)) sent.push_back(now - kStart);
  }
  EXPECT_EQ(sent, (std::vector<Duration>{0ms, 500ms, 1500ms, 3500ms, 5500ms, 7500ms, 9500ms}));
  EXPECT_TRUE(g.gatherer.complete());
}

TEST(IceGatherer, TakesAnErrorForAnAnswer) {
  Gathering g;
  g.gatherer.start(kStart, {g.server}, {g.base});
  const auto question = g.gatherer.poll(kStart);
  EXPECT_EQ(g.answer(kStart, *question, "203.0.113.1:9", stun::Class::kError), std::nullopt);
  EXPECT_TRUE(g.gatherer.complete());
  EXPECT_EQ(g.gatherer.next_deadline(), kNever);
}

TEST(IceGatherer, TakesNoAnswerFromElsewhere) {
  Gathering g;
  g.gatherer.start(kStart, {g.server}, {g.base});
  const auto question = g.gatherer.poll(kStart);
  const auto request = stun::MessageView::parse(question->payload).value();
  const auto message = stun::MessageBuilder(stun::Class::kSuccess, request).take();
  const auto view = stun::MessageView::parse(message).value();
  EXPECT_TRUE(g.gatherer.is_answer(view, question->path));
  net::Path elsewhere = question->path;
  elsewhere.remote.port = 1;
  EXPECT_FALSE(g.gatherer.is_answer(view, elsewhere));
  g.gatherer.remove_base(g.base);
  EXPECT_FALSE(g.gatherer.is_answer(view, question->path));
}

TEST(IceGatherer, AsksForABaseThatComesLater) {
  Gathering g;
  g.gatherer.add_base(kStart, g.base);
  EXPECT_EQ(g.gatherer.next_deadline(), kNever);
  g.gatherer.start(kStart, {g.server}, {});
  EXPECT_TRUE(g.gatherer.complete());
  g.gatherer.add_base(kStart, g.base);
  EXPECT_TRUE(g.gatherer.poll(kStart).has_value());
}

// --- Transactions ---

TEST(IceTransactions, RemembersTheLatest) {
  Transactions transactions;
  for (std::uint8_t i = 0; i < 200; ++i) transactions.add({.id = {i}});
  EXPECT_EQ(transactions.find({71}), nullptr);
  EXPECT_NE(transactions.find({72}), nullptr);
  transactions.mark_retransmitted({199});
  EXPECT_TRUE(transactions.find({199})->retransmitted);
  transactions.erase({199});
  EXPECT_EQ(transactions.find({199}), nullptr);
}

}  // namespace
}  // namespace parley::ice
