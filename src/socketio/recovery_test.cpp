#include "socketio/recovery.h"

#include <gtest/gtest.h>

namespace parley::socketio {
namespace {

using namespace std::chrono_literals;
using Texts = std::vector<std::string>;

constexpr Time kStart{1h};

class RecoveryTest : public testing::Test {
 protected:
  // Records an event that says `text`; its offset is how many there were, with it.
  void record(std::string_view text, Targets targets = {}, Time now = kStart) {
    recovery.record(now, encode_event("/", text, {}), std::move(targets));
  }
  void save(std::string_view pid, std::vector<std::string> rooms = {}, Time now = kStart,
            std::uint64_t first_offset = 0) {
    recovery.save(now, std::string(pid),
                  {.id = "id of " + std::string(pid),
                   .rooms = std::move(rooms),
                   .first_offset = first_offset});
  }
  // What "p" has missed; "(lost)" when it cannot come back.
  Texts restore(std::optional<std::string_view> offset, Time now = kStart) {
    const auto restored = recovery.restore(now, "p", offset);
    if (!restored) return {"(lost)"};
    Texts texts;
    for (const Encoded& missed : restored->missed) {
      const std::string_view text = missed.text.frame.text();
      texts.emplace_back(text.substr(4, text.size() - 6));
    }
    return texts;
  }

  Recovery recovery{{.max_disconnection = 2min, .max_sessions = 3, .max_packets = 5}};
};

TEST_F(RecoveryTest, GivesBackTheSocketAsItWas) {
  recovery.save(kStart, "p", {.id = "s", .rooms = {"a", "b"}, .data = 42});
  const auto restored = recovery.restore(kStart, "p", std::nullopt);
  ASSERT_TRUE(restored);
  EXPECT_EQ(restored->socket.id, "s");
  EXPECT_EQ(restored->socket.rooms, (Texts{"a", "b"}));
  EXPECT_EQ(std::any_cast<int>(restored->socket.data), 42);
}

TEST_F(RecoveryTest, ReplaysWhatCameAfterTheOffset) {
  record("one");
  record("two");
  save("p");
  record("three");
  EXPECT_EQ(restore("1"), (Texts{"two", "three"}));
}

TEST_F(RecoveryTest, HasNothingToReplayWhenNothingWasMissed) {
  record("one");
  save("p");
  EXPECT_EQ(restore("1"), Texts{});
}

TEST_F(RecoveryTest, ReplaysFromTheConnectionOnToOneThatGotNothing) {
  record("before");
  save("p", {}, kStart, recovery.last_offset());
  record("after");
  EXPECT_EQ(restore(std::nullopt), Texts{"after"});
}

TEST_F(RecoveryTest, ReplaysOnlyWhatWasMeantForTheSocket) {
  save("p", {"in"});
  record("to all");
  record("to its room", {.rooms = {"other", "in"}});
  record("to another room", {.rooms = {"other"}});
  record("to itself", {.rooms = {"id of p"}});
  record("not to its room", {.excepts = {"in"}});
  EXPECT_EQ(restore("0"), (Texts{"to all", "to its room", "to itself"}));
}

TEST_F(RecoveryTest, KnowsNobodyTwice) {
  save("p");
  EXPECT_EQ(restore("0"), Texts{});
  EXPECT_EQ(restore("0"), Texts{"(lost)"});
}

TEST_F(RecoveryTest, DoesNotKnowStrangers) {
  EXPECT_EQ(restore("0"), Texts{"(lost)"});
}

TEST_F(RecoveryTest, ForgetsWhoStaysAwayTooLong) {
  save("p");
  EXPECT_EQ(restore("0", kStart + 2min), Texts{});
  save("p");
  EXPECT_EQ(restore("0", kStart + 2min + 1us), Texts{"(lost)"});
  EXPECT_EQ(recovery.saved(), 0u);
}

TEST_F(RecoveryTest, RefusesOffsetsThatItNeverGave) {
  for (const std::string_view offset : {"2", "-1", "x", "", "1x", "99999999999999999999999"}) {
    record("one");
    save("p");
    EXPECT_EQ(restore(offset == "2" ? "9" : offset), Texts{"(lost)"}) << offset;
  }
}

TEST_F(RecoveryTest, LetsNobodyBackWhoMissedMoreThanIsKept) {
  for (int i = 1; i <= 7; ++i) record(std::to_string(i));
  EXPECT_EQ(recovery.recorded(), 5u);
  save("p");
  EXPECT_EQ(restore("1"), Texts{"(lost)"});
  save("p");
  EXPECT_EQ(restore("2"), (Texts{"3", "4", "5", "6", "7"}));
}

TEST_F(RecoveryTest, ForgetsEventsThatAreTooOldForAnybody) {
  record("old", {}, kStart);
  record("new", {}, kStart + 2min + 1us);
  EXPECT_EQ(recovery.recorded(), 1u);
}

TEST_F(RecoveryTest, RemembersTheLatestToGo) {
  save("p");
  save("q");
  save("r");
  save("s");
  EXPECT_EQ(recovery.saved(), 3u);
  EXPECT_EQ(restore("0"), Texts{"(lost)"});
  EXPECT_TRUE(recovery.restore(kStart, "q", "0"));
}

TEST(RecoveryBytes, AreBounded) {
  Recovery recovery({.max_bytes = 100});
  const Encoded event = encode_event("/", std::string(40, 'a'), {});
  for (int i = 0; i < 10; ++i) recovery.record(kStart, event, {});
  EXPECT_EQ(recovery.recorded(), 2u);
}

}  // namespace
}  // namespace parley::socketio
