#include "server/media/mixing.h"

#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "base/overloaded.h"

namespace parley::server {
namespace {

constexpr sfu::RoomId kTea{1}, kLunch{2}, kTalk{3};
constexpr sfu::ParticipantId kAda{11}, kBob{12};

struct MixingTest : testing::Test {
  // What mixers and workers were told since the last call: "M0 link 1 worker 0".
  std::vector<std::string> told() {
    std::vector<std::string> all;
    for (const ForMedia& next : calls) {
      all.push_back(std::visit([](const auto& one) { return text_of(one); }, next));
    }
    calls.clear();
    return all;
  }
  static std::string text_of(const ForMixer& next) {
    return "M" + std::to_string(next.mixer) + " " + std::visit(text, next.call);
  }
  static std::string text_of(const ForWorker& next) {
    const auto& link = std::get<media_call::LinkRoom>(next.call);
    return "W" + std::to_string(next.worker) + " link " + std::to_string(link.room.value) + " to " +
           std::to_string(link.worker);
  }
  void listen(sfu::RoomId room, sfu::ParticipantId who) {
    const std::vector<std::size_t> carriers{0, 2};
    const std::vector<Mixing::Person> people{{kAda, &ada}, {kBob, &bob}};
    mixing.listen(room, who, carriers, people, calls);
  }

  static constexpr overloaded text{
      [](const mix_call::LinkRoom& one) {
        return "link " + std::to_string(one.room.value) + " worker " + std::to_string(one.worker);
      },
      [](const mix_call::LinkMixer& one) { return "pictures by " + std::to_string(one.mixer); },
      [](const mix_call::Listen& one) {
        return std::string(one.listens ? "listens " : "stops ") +
               std::to_string(one.participant.value);
      },
      [](const mix_call::Describe& one) {
        return std::to_string(one.participant.value) + " is " + one.looks.name;
      },
      [](const mix_call::Forget& one) { return "forget " + std::to_string(one.participant.value); },
      [](const mix_call::CloseRoom& one) { return "close " + std::to_string(one.room.value); }};

  Mixing mixing{3, 2};
  Mixing::Calls calls;
  mcu::Looks ada{.name = "Ada"}, bob{.name = "Bob"};
};

using Texts = std::vector<std::string>;

TEST_F(MixingTest, ARoomIsMixedFromItsFirstListenerToItsLast) {
  listen(kTea, kAda);
  EXPECT_EQ(told(),
            (Texts{"M0 link 1 worker 0", "W0 link 1 to 3", "M2 link 1 worker 0", "W0 link 1 to 5",
                   "M0 link 1 worker 2", "W2 link 1 to 3", "M2 link 1 worker 2", "W2 link 1 to 5",
                   "M0 pictures by 5", "M2 11 is Ada", "M2 12 is Bob", "M0 listens 11"}))
      << "a mixer before who speaks to it of the room";
  EXPECT_TRUE(mixing.is_mixed(kTea));
  listen(kTea, kBob);
  EXPECT_EQ(told(), (Texts{"M0 listens 12"}));
  listen(kTea, kBob);  // Another size.
  EXPECT_EQ(told(), Texts{});
  mixing.stop_listening(kTea, kAda, calls);
  EXPECT_EQ(told(), (Texts{"M0 stops 11"}));
  mixing.stop_listening(kTea, kAda, calls);
  EXPECT_EQ(told(), Texts{});
  mixing.stop_listening(kTea, kBob, calls);
  EXPECT_EQ(told(), (Texts{"M0 close 1", "M2 close 1"}));
  EXPECT_FALSE(mixing.is_mixed(kTea));
}

TEST_F(MixingTest, ARoomGoesToTheMixerWithTheFewest) {
  listen(kTea, kAda);
  told();
  listen(kLunch, kAda);
  EXPECT_EQ(told().front(), "M1 link 2 worker 0");
  mixing.stop_listening(kTea, kAda, calls);
  told();
  listen(kTalk, kAda);
  EXPECT_EQ(told().front(), "M0 link 3 worker 0");
}

TEST_F(MixingTest, WhoComesChangesOrLeavesIsToldWhereTheRoomIsMixed) {
  mixing.describe(kTea, {kBob, &bob}, calls);
  mixing.forget(kTea, kBob, calls);
  mixing.add_worker(kTea, 1, calls);
  EXPECT_EQ(told(), Texts{}) << "it is not";
  listen(kTea, kAda);
  told();
  bob.name = "Robert";
  mixing.describe(kTea, {kBob, &bob}, calls);
  mixing.forget(kTea, kBob, calls);
  mixing.add_worker(kTea, 1, calls);
  EXPECT_EQ(told(), (Texts{"M2 12 is Robert", "M2 forget 12", "M0 link 1 worker 1",
                           "W1 link 1 to 3", "M2 link 1 worker 1", "W1 link 1 to 5"}));
  mixing.forget(kTea, kAda, calls);
  EXPECT_EQ(told(), (Texts{"M0 close 1", "M2 close 1"})) << "she was the last who listened";
}

TEST_F(MixingTest, OfALecturesAudienceMixersHearNothing) {
  const std::vector<std::size_t> carriers{0};
  const std::vector<Mixing::Person> people{{kAda, &ada}, {kBob, &bob, false}};
  mixing.listen(kTea, kBob, carriers, people, calls);
  EXPECT_EQ(told(), (Texts{"M0 link 1 worker 0", "W0 link 1 to 3", "M2 link 1 worker 0",
                           "W0 link 1 to 5", "M0 pictures by 5", "M2 11 is Ada"}));
  for (std::uint64_t sid = 100; sid < 1'100; ++sid) {
    mixing.describe(kTea, {{sid}, &bob, false}, calls);
    mixing.listen(kTea, {sid}, {}, {}, calls);
  }
  for (std::uint64_t sid = 100; sid < 1'100; ++sid) mixing.forget(kTea, {sid}, calls);
  EXPECT_EQ(told(), Texts{});
  EXPECT_TRUE(mixing.is_mixed(kTea)) << "Bob still listens";
}

TEST_F(MixingTest, WhoIsLetOnStageIsHeardAndSeenUntilTheyLeaveIt) {
  const std::vector<std::size_t> carriers{0};
  const std::vector<Mixing::Person> people{{kAda, &ada}, {kBob, &bob, false}};
  mixing.listen(kTea, kBob, carriers, people, calls);
  told();
  mixing.describe(kTea, {kBob, &bob}, calls);
  EXPECT_EQ(told(), (Texts{"M0 listens 12", "M2 12 is Bob"})) << "not to their own voice";
  mixing.describe(kTea, {kBob, &bob}, calls);
  EXPECT_EQ(told(), (Texts{"M2 12 is Bob"}));
  mixing.describe(kTea, {kBob, &bob, false}, calls);
  EXPECT_EQ(told(), (Texts{"M0 stops 12", "M2 forget 12"}));
  mixing.describe(kTea, {kBob, &bob, false}, calls);
  EXPECT_EQ(told(), Texts{});
  mixing.describe(kTea, {kAda, &ada, false}, calls);
  EXPECT_EQ(told(), (Texts{"M2 forget 11"})) << "who did not listen";
  mixing.stop_listening(kTea, kBob, calls);
  EXPECT_EQ(told(), (Texts{"M0 close 1", "M2 close 1"}));
}

TEST_F(MixingTest, AMixerTakesSoManyRoomsAndNoMore) {
  for (std::uint64_t room = 100; room < 100 + 2 * Mixing::kMaxRooms; ++room) listen({room}, kAda);
  told();
  listen(kTea, kAda);
  EXPECT_EQ(told(), Texts{});
  EXPECT_FALSE(mixing.is_mixed(kTea));
  EXPECT_EQ(mixing.refused(), 1u);
  listen({100}, kBob);
  EXPECT_EQ(told(), (Texts{"M0 listens 12"})) << "it has its place";
  mixing.close({100}, calls);
  told();
  listen(kTea, kAda);
  EXPECT_TRUE(mixing.is_mixed(kTea));
}

TEST_F(MixingTest, ARoomThatEndsIsMixedNoMore) {
  listen(kTea, kAda);
  told();
  mixing.close(kTea, calls);
  mixing.close(kTea, calls);
  EXPECT_EQ(told(), (Texts{"M0 close 1", "M2 close 1"}));
}

TEST_F(MixingTest, WithoutMixersNothingIsMixed) {
  mixing = Mixing(3, 0);
  listen(kTea, kAda);
  EXPECT_EQ(told(), Texts{});
  EXPECT_FALSE(mixing.can_mix());
}

}  // namespace
}  // namespace parley::server
