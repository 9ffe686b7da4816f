// A mixer's node beside one of the SFU, over a network in virtual time: what those hear who want
// everyone in one sound.
#include "mcu/node.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "sfu/test_meeting.h"

namespace parley::mcu {
namespace {

using namespace std::chrono_literals;
using sfu::TestMeeting;

constexpr sfu::NodeId kForwarder{1}, kSound{2}, kPictures{3};

struct Meeting {
  explicit Meeting(std::uint64_t seed) : forwarder(seed) {
    forwarder.relay = [this](sfu::Node::Relay& relay) { take(kForwarder, std::move(relay)); };
  }
  void start_mixing() {
    for (const sfu::NodeId mixer : {kSound, kPictures}) {
      forwarder.node.link_room(TestMeeting::kRoom, mixer);
      at(mixer).link_room(forwarder.now, TestMeeting::kRoom, kForwarder);
    }
    sound.link_mixer(TestMeeting::kRoom, kPictures);
    forwarder.flush();
    carry();
  }
  void describe(std::uint64_t id) {
    for (Node* const mixer : {&sound, &pictures}) {
      mixer->describe(forwarder.now, TestMeeting::kRoom, {id}, {.name = "Ada", .camera = true});
    }
  }
  void close() {
    sound.close_room(TestMeeting::kRoom);
    pictures.close_room(TestMeeting::kRoom);
  }
  void one_stream(std::uint64_t id, bool on = true) {
    forwarder.node.set_one_stream(forwarder.now, {id},
                                  on ? std::optional(sfu::kTestSizes[1]) : std::nullopt);
    sound.set_listening(TestMeeting::kRoom, {id}, on);
    forwarder.flush();
    carry();
  }
  void run(Duration time) {
    for (const Time end = forwarder.now + time; forwarder.now < end;) {
      forwarder.run(1ms);
      carry();
      for (Node* const mixer : {&sound, &pictures}) {
        while (mixer->next_deadline() <= forwarder.now) mixer->handle_timeout(forwarder.now);
      }
      carry();
    }
  }
  // What the nodes have for each other.
  void carry() {
    do {
      while (auto relay = sound.poll_output()) take(kSound, *std::move(relay));
      while (auto relay = pictures.poll_output()) take(kPictures, *std::move(relay));
      for (; !under_way.empty(); under_way.pop_front()) {
        auto& [from, relay] = under_way.front();
        if (relay.node == kForwarder) {
          forwarder.node.handle_relay(forwarder.now, from, std::move(relay.batch));
          forwarder.flush();
        } else {
          at(relay.node)
              .handle_input(forwarder.now, {.from = from, .batch = std::move(relay.batch)});
        }
      }
    } while (!under_way.empty());
  }
  void take(sfu::NodeId from, sfu::RelayOutbox::ForNode relay) {
    under_way.emplace_back(from, std::move(relay));
  }
  Node& at(sfu::NodeId mixer) { return mixer == kSound ? sound : pictures; }
  // The slots of theirs that carry sound.
  std::vector<sfu::SlotShows> sounds(std::uint64_t id) {
    std::vector<sfu::SlotShows> all;
    for (const auto& [mid, slot] : forwarder.shown(id)) {
      const auto* const shown = forwarder.at(id).find_slot(mid);
      if ((slot.participant || slot.mix) && !shown->video) all.push_back(slot);
    }
    return all;
  }
  const sfu::TestSlot& slot(std::uint64_t id, const std::string& mid) {
    return *forwarder.at(id).find_slot(mid);
  }

  TestMeeting forwarder;
  SeededRandom random{7};
  Fonts fonts;
  Node sound{Node::Kind::kSound, {}, fonts, random};
  Node pictures{Node::Kind::kPictures, {}, fonts, random};
  std::deque<std::pair<sfu::NodeId, sfu::RelayOutbox::ForNode>> under_way;
};

TEST(McuNode, WhoWantsEveryoneInOneSoundHasOneStreamThatNeverBreaks) {
  Meeting meeting(1);
  for (std::uint64_t id = 1; id <= 4; ++id) meeting.forwarder.join(id, {.microphone = true});
  ASSERT_TRUE(meeting.forwarder.connect_all());
  meeting.run(1s);
  EXPECT_EQ(meeting.sounds(1).size(), 3u);
  meeting.start_mixing();
  meeting.one_stream(1);
  meeting.run(1s);
  const auto sounds = meeting.sounds(1);
  ASSERT_EQ(sounds.size(), 1u);
  EXPECT_TRUE(sounds[0].mix);
  const auto& slot = meeting.slot(1, sounds[0].mid);
  const std::uint64_t before = slot.frames;
  const std::uint64_t lost = slot.losses;
  for (int second = 0; second < 20; ++second) {  // They speak, and fall silent.
    meeting.forwarder.at(1).speaks = second % 8 == 1;
    meeting.run(1s);
  }
  EXPECT_EQ(slot.losses, lost);
  EXPECT_NEAR(static_cast<double>(slot.frames - before), 1'000, 2);
  EXPECT_EQ(meeting.sounds(2).size(), 3u) << "others hear each by themselves";
  const RoomMixer::Counters counters = meeting.sound.counters().of_rooms;
  EXPECT_GT(counters.audio.encoded, counters.audio.frames + 100) << "a mix of their own";
  EXPECT_EQ(counters.unreadable + counters.of_nobody + meeting.sound.counters().stale, 0u);
  EXPECT_EQ(meeting.forwarder.broken(), std::vector<std::string>{});
}

TEST(McuNode, OnceTheRoomIsMixedNoMoreAllHearEachOtherAsBefore) {
  Meeting meeting(2);
  for (std::uint64_t id = 1; id <= 3; ++id) meeting.forwarder.join(id, {.microphone = true});
  ASSERT_TRUE(meeting.forwarder.connect_all());
  meeting.start_mixing();
  meeting.one_stream(1);
  meeting.run(1s);
  ASSERT_EQ(meeting.sounds(1).size(), 1u);
  meeting.one_stream(1, false);
  meeting.run(200ms);
  EXPECT_EQ(meeting.sounds(1).size(), 2u);
  meeting.one_stream(1);
  meeting.run(200ms);
  EXPECT_EQ(meeting.sounds(1).size(), 1u);
  meeting.close();
  meeting.run(200ms);
  EXPECT_EQ(meeting.sounds(1).size(), 2u);
  EXPECT_EQ(meeting.sound.next_deadline(), kNever);
  EXPECT_EQ(meeting.sound.counters().rooms, 0u);
  EXPECT_EQ(meeting.pictures.next_deadline(), kNever);
  meeting.start_mixing();  // And again.
  meeting.run(1s);
  EXPECT_EQ(meeting.sounds(1).size(), 1u);
}

// Their cameras send nothing that can be decoded, so all are cards.
TEST(McuNode, WhoWantsEveryoneInOneStreamHasOnePicture) {
  Meeting meeting(5);
  for (std::uint64_t id = 1; id <= 3; ++id) {
    meeting.forwarder.join(id, {.microphone = true, .camera = 3});
  }
  ASSERT_TRUE(meeting.forwarder.connect_all());
  meeting.run(1s);
  meeting.start_mixing();
  for (std::uint64_t id = 1; id <= 3; ++id) {
    meeting.describe(id);
  }
  meeting.one_stream(1);
  meeting.run(2s);
  std::vector<sfu::SlotShows> pictures;
  for (const auto& [mid, slot] : meeting.forwarder.shown(1)) {
    if ((slot.participant || slot.mix) && meeting.slot(1, mid).video) pictures.push_back(slot);
  }
  ASSERT_EQ(pictures.size(), 1u);
  EXPECT_TRUE(pictures[0].mix);
  const auto& slot = meeting.slot(1, pictures[0].mid);
  const std::uint64_t before = slot.frames;
  meeting.run(2s);
  EXPECT_NEAR(static_cast<double>(slot.frames - before), 60, 3);
  // Nobody needs the full size, and after a while it is not encoded.
  meeting.run(2s);
  const auto encoded = meeting.pictures.counters().of_rooms.video.encoded;
  meeting.run(1s);
  EXPECT_LE(meeting.pictures.counters().of_rooms.video.encoded - encoded, 62u);
  EXPECT_GT(meeting.pictures.counters().of_rooms.packets, 50u);
  EXPECT_EQ(meeting.pictures.counters().of_rooms.of_nobody, 0u);
  // Once nobody looks nothing is composed for.
  meeting.one_stream(1, false);
  meeting.run(4s);
  const auto idle = meeting.pictures.counters().of_rooms.video.encoded;
  const auto packets = meeting.pictures.counters().of_rooms.packets;
  meeting.run(1s);
  EXPECT_EQ(meeting.pictures.counters().of_rooms.video.encoded, idle);
  EXPECT_EQ(meeting.pictures.counters().of_rooms.packets, packets);
}

TEST(McuNode, DropsWhatIsOfARoomThatIsOver) {
  Meeting meeting(3);
  meeting.forwarder.join(1, {.microphone = true});
  ASSERT_TRUE(meeting.forwarder.connect_all());
  meeting.forwarder.node.link_room(TestMeeting::kRoom, kSound);
  meeting.forwarder.flush();
  meeting.carry();
  EXPECT_GT(meeting.sound.counters().stale, 0u);
}

TEST(McuNode, WhoJoinsAndLeavesWhileAllIsMixedChangesNothingForTheOthers) {
  Meeting meeting(4);
  for (std::uint64_t id = 1; id <= 3; ++id) meeting.forwarder.join(id, {.microphone = true});
  ASSERT_TRUE(meeting.forwarder.connect_all());
  meeting.start_mixing();
  meeting.one_stream(1);
  meeting.run(1s);
  const auto sounds = meeting.sounds(1);
  ASSERT_EQ(sounds.size(), 1u);
  const std::uint64_t before = meeting.slot(1, sounds[0].mid).frames;
  for (std::uint64_t id = 10; id < 20; ++id) {
    meeting.forwarder.join(id, {.microphone = true});
    meeting.run(1s);
    if (id % 2 == 0) meeting.forwarder.leave(id);
  }
  EXPECT_NEAR(static_cast<double>(meeting.slot(1, sounds[0].mid).frames - before), 500, 2);
  EXPECT_EQ(meeting.sounds(1).size(), 1u);
  EXPECT_EQ(meeting.forwarder.broken(), std::vector<std::string>{});
}

// A thread with rooms of which each picture takes so long, but for nobody in it.
struct Thread {
  explicit Thread(std::uint64_t rooms) {
    for (std::uint64_t id = 1; id <= rooms; ++id) {
      node.link_room(now, {id}, kForwarder);
      node.describe(now, {id}, {100 + id}, {.name = "Ada"});
    }
  }
  static Node::Config small() {
    Node::Config config;
    config.video.layout = {.canvas = {160, 90}, .gap = 2};
    config.video.qualities = {{.rate = DataRate::kbps(100), .speed = 16}};
    return config;
  }
  void run(Duration time, Duration each) {
    for (const Time end = now + time; now < end;) {
      now = std::max(now, node.next_deadline());
      node.handle_timeout(now);
      node.handle_load(now, each);
      now += each;
      while (node.poll_output()) {
      }
    }
  }
  RoomMixer::Counters counters() const { return node.counters().of_rooms; }

  SeededRandom random{1};
  Fonts fonts;
  Node node{Node::Kind::kPictures, small(), fonts, random};
  Time now{1h};
};

TEST(McuNode, MakesAllRoomsOfABusyThreadSlower) {
  Thread thread(4);
  thread.run(20s, 12ms);  // Of 33; one alone would have a third of it.
  EXPECT_EQ(thread.counters().overloaded, 4u);
  const auto before = thread.counters().video;
  thread.run(5s, 12ms);
  const auto after = thread.counters().video;
  EXPECT_EQ(after.left_out, before.left_out) << "each picture that there is to be has its time";
  EXPECT_GE(after.pictures - before.pictures, 4u * 5 * 10) << "none has stopped";
  thread.run(60s, 3ms);
  EXPECT_EQ(thread.counters().overloaded, 0u) << "and they come back";
}

TEST(McuNode, LeavesRoomsAsTheyAreWhileThereIsTimeForAll) {
  Thread thread(4);
  thread.run(20s, 5ms);
  EXPECT_EQ(thread.counters().overloaded, 0u);
  EXPECT_EQ(thread.counters().video.left_out, 0u);
}

}  // namespace
}  // namespace parley::mcu
