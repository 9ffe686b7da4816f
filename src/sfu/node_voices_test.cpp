// Who is heard where voices are more than slots.
#include <gtest/gtest.h>

#include <set>

#include "sfu/test_meeting.h"

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;

constexpr TestClient::Options kTalker = {.microphone = true, .audio_slots = 3, .video_slots = 0};

// Whose microphones the slots of `who` carry.
std::set<std::uint64_t> heard_by(TestMeeting& meeting, std::uint64_t who) {
  std::set<std::uint64_t> heard;
  for (const auto& [mid, shows] : meeting.shown(who)) {
    if (shows.participant && shows.source == Source::kMicrophone) {
      heard.insert(shows.participant->value);
    }
  }
  return heard;
}

// As one who plays the meeting by WHEP has.
TEST(NodeVoices, TheOnlySlotCarriesWhoSpeaks) {
  TestMeeting meeting(5);
  for (std::uint64_t id = 1; id <= 4; ++id) meeting.join(id, kTalker).speaks = false;
  meeting.join(9, {.audio_slots = 1, .video_slots = 0});
  ASSERT_TRUE(meeting.connect_all());
  for (const std::uint64_t speaker : {1u, 2u, 3u, 2u, 4u, 3u, 1u}) {
    for (std::uint64_t id = 1; id <= 4; ++id) meeting.at(id).speaks = id == speaker;
    const auto before = meeting.at(9).frames_of({speaker}, false);
    meeting.run(4s);
    EXPECT_EQ(heard_by(meeting, 9), std::set{speaker});
    EXPECT_GT(meeting.at(9).frames_of({speaker}, false), before + 150) << "of 200";
  }
}

TEST(NodeVoices, NobodyWhoSpeaksNeedsASlotForHimself) {
  TestMeeting meeting(6);
  for (std::uint64_t id = 1; id <= 6; ++id) meeting.join(id, kTalker).speaks = id <= 4;
  ASSERT_TRUE(meeting.connect_all());
  meeting.run(5s);
  for (std::uint64_t id = 1; id <= 4; ++id) {
    std::set<std::uint64_t> others = {1, 2, 3, 4};
    others.erase(id);
    EXPECT_EQ(heard_by(meeting, id), others) << id;
  }
  EXPECT_EQ(heard_by(meeting, 5).size(), 3u);
  EXPECT_EQ(heard_by(meeting, 6), heard_by(meeting, 5));
}

// A program that tells no levels, in a room of people who do and are silent.
TEST(NodeVoices, WhoseLevelNobodyTellsIsHeard) {
  TestMeeting meeting(7);
  for (std::uint64_t id = 1; id <= 5; ++id) meeting.join(id, kTalker).speaks = false;
  meeting.join(7, kTalker).tells_level = false;
  ASSERT_TRUE(meeting.connect_all());
  meeting.run(1s);
  const auto before = meeting.at(1).frames_of({7}, false);
  meeting.run(4s);
  EXPECT_EQ(heard_by(meeting, 1), std::set<std::uint64_t>{7});
  EXPECT_EQ(meeting.at(1).frames_of({7}, false), before + 200);
  EXPECT_TRUE(meeting.speakers.empty()) << "nobody knows whether that is speech";
}

}  // namespace
}  // namespace parley::sfu
