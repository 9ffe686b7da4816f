#include "meeting/announcements.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/random.h"
#include "meeting/test_meeting.h"

namespace parley::meeting {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};
constexpr Duration kGather = 50ms;

// ---- When

TEST(AnnouncementPace, TellsWhatComesAloneAtOnce) {
  AnnouncementPace pace;
  EXPECT_EQ(pace.next(kStart, kGather), kAtOnce);
  EXPECT_EQ(pace.next(kStart + 50ms, kGather), kAtOnce);
  EXPECT_EQ(pace.next(kStart + 10min, kGather), kAtOnce);
}

TEST(AnnouncementPace, GathersWhatFollowsClosely) {
  AnnouncementPace pace;
  EXPECT_EQ(pace.next(kStart, kGather), kAtOnce);
  EXPECT_EQ(pace.next(kStart, kGather), kStart + 50ms);
  EXPECT_EQ(pace.next(kStart + 49ms, kGather), kStart + 50ms);
}

TEST(AnnouncementPace, TellsACrowdOnceATimeAndNobodyLater) {
  AnnouncementPace pace;
  std::set<Time> tellings;
  for (Time now = kStart; now < kStart + 1s; now += 7ms) {
    const Time due = pace.next(now, kGather);
    const Time told = due == kAtOnce ? now : due;
    EXPECT_GE(told, now);
    EXPECT_LE(told, now + kGather);
    tellings.insert(told);
  }
  EXPECT_EQ(tellings.size(), 21u);  // And not 143.
}

TEST(AnnouncementPace, IsNotUpsetByTheBeginningOfTime) {
  AnnouncementPace pace;
  EXPECT_EQ(pace.next(Time{}, kGather), kAtOnce);
  EXPECT_EQ(pace.next(Time{} + 1ms, kGather), Time{} + 50ms);
}

// ---- In which order

class AnnouncementsTest : public testing::Test {
 protected:
  static Tell tell(std::vector<ConnectionId> to, std::string sid, Time due = kAtOnce) {
    return {.to = std::move(to), .event = Left{.sid = std::move(sid)}, .due = due};
  }
  std::vector<Tell> take_all() {
    std::vector<Tell> all;
    while (auto told = announcements_.take()) all.push_back(*std::move(told));
    return all;
  }

  Announcements announcements_;
};

TEST_F(AnnouncementsTest, WaitUntilTheFirstIsDue) {
  announcements_.hold(tell({kAda}, "x", kStart + 50ms));
  announcements_.hold(tell({kAda, kBob}, "y", kStart + 20ms));
  EXPECT_EQ(announcements_.next_deadline(), kStart + 20ms);
  announcements_.handle_timeout(kStart + 19ms);
  EXPECT_TRUE(take_all().empty());
  announcements_.handle_timeout(kStart + 20ms);
  EXPECT_EQ(take_all(), (std::vector{tell({kAda}, "x"), tell({kAda, kBob}, "y")}));
  EXPECT_EQ(announcements_.next_deadline(), kNever);
}

TEST_F(AnnouncementsTest, PrecedeWhatElseIsForOneOfTheirs) {
  announcements_.hold(tell({kAda, kBob}, "x", kStart));
  announcements_.hold(tell({kBob}, "y", kStart));
  announcements_.hold(tell({kBob, kAda}, "z", kStart));
  EXPECT_FALSE(announcements_.precede(Answer{.to = kCy}));
  EXPECT_FALSE(announcements_.precede(ToMedia{}));
  EXPECT_TRUE(announcements_.precede(Answer{.to = kAda}));
  EXPECT_EQ(take_all(), (std::vector{tell({kAda}, "x"), tell({kAda}, "z")}));
  EXPECT_FALSE(announcements_.precede(Answer{.to = kAda}));
  announcements_.handle_timeout(kStart);
  EXPECT_EQ(take_all(), (std::vector{tell({kBob}, "x"), tell({kBob}, "y"), tell({kBob}, "z")}));
}

TEST_F(AnnouncementsTest, PrecedeEveryKindOfOutput) {
  for (const Output& output : {Output(tell({kAda}, "now")), Output(Answer{.to = kAda}),
                               Output(Admit{.to = kAda}), Output(GiveIceServers{.to = kAda})}) {
    announcements_.hold(tell({kAda}, "x", kStart));
    EXPECT_TRUE(announcements_.precede(output));
    EXPECT_EQ(take_all(), std::vector{tell({kAda}, "x")});
    announcements_.handle_timeout(kStart);
  }
}

TEST_F(AnnouncementsTest, AreAllToldBeforeWhatIsForMany) {
  std::vector<ConnectionId> many;
  for (std::uint64_t i = 0; i <= Announcements::kFew; ++i) many.push_back(ConnectionId{100 + i});
  announcements_.hold(tell({kAda, many.back()}, "x", kStart));
  EXPECT_TRUE(announcements_.precede(tell(many, "now")));
  EXPECT_EQ(take_all(), (std::vector{tell({kAda, many.back()}, "x")}));
}

TEST_F(AnnouncementsTest, DoNotOvertakeEachOtherWhereOneMoreComes) {
  announcements_.hold(tell({kAda}, "x", kStart));
  EXPECT_FALSE(announcements_.precede(tell({kAda}, "y", kStart)));
  EXPECT_TRUE(take_all().empty());
}

TEST_F(AnnouncementsTest, AreNotForWhoIsForgotten) {
  announcements_.hold(tell({kAda}, "x", kStart));
  announcements_.hold(tell({kAda, kBob}, "y", kStart));
  EXPECT_FALSE(announcements_.precede(Forget{kAda}));
  announcements_.handle_timeout(kStart);
  EXPECT_EQ(take_all(), std::vector{tell({kBob}, "y")});
}

TEST_F(AnnouncementsTest, AreBounded) {
  for (std::size_t i = 0; i < Announcements::kMaxWaiting; ++i) {
    announcements_.hold(tell({kAda}, std::to_string(i), kStart + 50ms));
  }
  EXPECT_TRUE(take_all().empty());
  announcements_.hold(tell({kAda}, "last", kStart + 50ms));
  EXPECT_EQ(take_all().size(), Announcements::kMaxWaiting);
  announcements_.handle_timeout(kStart + 50ms);
  EXPECT_EQ(take_all(), std::vector{tell({kAda}, "last")});
}

// ---- In a room

class CrowdTest : public MeetingTest {
 protected:
  CrowdTest() {
    configure({.max_mesh_participants = 64, .told_at_once = 2});
    join(kAda, "Ada");
    join(kBob, "Bob");
    join(kCy, "Cy");
    clients().advance(1s);
    forget();
  }
};

TEST_F(CrowdTest, HearsOfTheFirstAtOnceAndOfThoseWhoFollowTogether) {
  join(kDan, "Dan");
  EXPECT_EQ(names_heard(kAda), Heard{"joined"});
  const ConnectionId eve{21};
  join(eve, "Eve");
  clients().say(eve, "leave");
  EXPECT_EQ(names_heard(kAda), Heard{});
  EXPECT_EQ(clients().rooms_now().next_deadline(), clients().now() + 50ms);
  clients().advance(50ms);
  EXPECT_EQ(names_heard(kAda), (Heard{"joined", "left"}));
  EXPECT_EQ(names_heard(kDan), (Heard{"joined", "left"}));
  EXPECT_EQ(names_heard(eve), Heard{});
}

TEST_F(CrowdTest, HearsNothingBeforeWhatCameBeforeIt) {
  join(kDan, "Dan");
  const ConnectionId eve{21};
  join(eve, "Eve");
  forget();
  clients().say(kBob, "react", R"({"emoji": "👍"})");
  EXPECT_EQ(names_heard(kAda), (Heard{"joined", "reaction"}));
  EXPECT_EQ(names_heard(kBob), Heard{});
  ask(kBob, "hand", R"({"raised": true})");
  EXPECT_EQ(names_heard(kBob), (Heard{"joined", "participant"}));
  clients().advance(50ms);
  EXPECT_EQ(names_heard(kAda), Heard{"participant"});
}

TEST_F(CrowdTest, HearsOfWhoGoesAwayAndComesBackInOrder) {
  const std::string resume = join(kDan, "Dan").resume;
  clients().lose(kDan);
  join(kBobAgain, "Dan", resume);
  clients().advance(50ms);
  EXPECT_EQ(names_heard(kAda), (Heard{"joined", "away", "back"}));
}

TEST_F(CrowdTest, IsNotToldAnyMoreOnceItsConnectionIsForgotten) {
  join(kDan, "Dan");
  const ConnectionId eve{21};
  join(eve, "Eve");
  forget();
  clients().lose(kCy);
  clients().advance(50ms);
  EXPECT_EQ(names_heard(kCy), Heard{});
  EXPECT_EQ(names_heard(kAda), (Heard{"joined", "away"}));
}

TEST_F(CrowdTest, IsNotToldOfWhatWasBeforeByAJoinAfterLeaving) {
  join(kDan, "Dan");
  join(ConnectionId{21}, "Eve");
  forget();
  clients().say(kCy, "leave");
  join(kCy, "Cy");
  clients().advance(100ms);
  EXPECT_EQ(names_heard(kCy), Heard{});
}

// Whatever happens, everyone hears of the same comings and goings in the same order, and no later
// than they may: what they know of each other is what is so.
TEST(CrowdSimulation, EndsWithEveryoneKnowingWhoIsThere) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    SeededRandom random(seed);
    const auto below = [&](std::uint64_t end) { return random.u64() % end; };
    TestClients clients({.max_mesh_participants = 64, .told_at_once = 3}, seed);
    std::map<ConnectionId, std::set<std::string>> known;  // Of those who are in.
    std::map<ConnectionId, std::string> sids;
    clients.on_event = [&](ConnectionId to, const Event& event) {
      if (const auto* const joined = std::get_if<Joined>(&event)) {
        EXPECT_TRUE(known[to].insert(joined->participant.sid).second);
      } else if (const auto* const left = std::get_if<Left>(&event)) {
        EXPECT_EQ(known[to].erase(left->sid), 1u);
      }
    };
    for (int step = 0; step < 200; ++step) {
      const ConnectionId who{1 + below(12)};
      if (const auto in = sids.find(who); in != sids.end()) {
        if (below(3) == 0) clients.say(who, "react", R"({"emoji": "👍"})");
        clients.say(who, "leave");
        known.erase(who);
        sids.erase(in);
      } else {
        Json body = Json::parse(R"({"room":"daily","micinf":true,"vidinf":true})").value();
        body.set("name", "Somebody");
        const Welcome welcome = welcome_of(clients.ask_with(who, "join", std::move(body)));
        sids[who] = welcome.sid;
        auto& others = known[who];
        for (const auto& other : welcome.participants) others.insert(other.sid);
      }
      clients.advance(Duration{static_cast<Duration::rep>(below(40'000))});
    }
    clients.advance(50ms);
    for (const auto& [who, others] : known) {
      std::set<std::string> expected;
      for (const auto& [other, sid] : sids) {
        if (other != who) expected.insert(sid);
      }
      EXPECT_EQ(others, expected);
    }
  }
}

}  // namespace
}  // namespace parley::meeting
