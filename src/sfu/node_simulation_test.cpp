// Whole rooms in virtual time: whoever comes, goes, loses packets or moves to another link, every
// picture that is shown can be decoded, and nobody is heard twice. A longer run (README.md):
// PARLEY_SIM_SECONDS=3600, virtual ones.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <random>
#include <string>

#include "base/test_sanitized.h"
#include "sfu/test_meeting.h"

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;

constexpr Duration kSpan = kIsSanitized ? Duration(4s) : Duration(60s);

// A room in which something happens twice a second: of seven kinds, all of them in each round.
class Crowd {
 public:
  struct Config {
    std::size_t people = 50;
    std::size_t publishers = 6;
    std::size_t slots = 2;
    std::uint64_t seed = 1;
  };

  explicit Crowd(const Config& config)
      : config_(config), meeting(config.seed), random_(config.seed) {
    for (std::size_t i = 0; i < config.people; ++i) join();
    meeting.every_second = [this](TestMeeting&) {
      happen();
      happen();
    };
  }

  void calm() {
    meeting.every_second = [](TestMeeting&) {};
    for (const auto& [id, client] : meeting.clients) set_link(id, kGood, kGood);
  }
  void leave_all() {
    while (!meeting.clients.empty()) meeting.leave(meeting.clients.begin()->first);
  }

  enum class Kind : std::uint8_t {
    kLeave,
    kJoin,
    kLossToReceiver,
    kLossOfPublisher,
    kNarrower,
    kWider,
    kLookElsewhere,
  };
  static constexpr std::size_t kKinds = 7;
  // How often each has happened.
  const std::array<std::size_t, kKinds>& happened() const { return happened_; }

 private:
  static constexpr sim::LinkConfig kGood{.latency = 20ms, .jitter = 4ms};

  void happen() {
    if (next_ == order_.size()) {
      std::ranges::shuffle(order_, random_);
      next_ = 0;
    }
    const Kind kind = order_[next_++];
    ++happened_[static_cast<std::size_t>(kind)];
    switch (kind) {
      case Kind::kLeave: return leave();
      case Kind::kJoin: return join();
      case Kind::kLossToReceiver:
        return set_link(anybody(), kGood,
                        {.latency = 30ms, .jitter = 10ms, .loss = 0.05, .burst = 2});
      case Kind::kLossOfPublisher:
        return set_link(a_publisher(), {.latency = 20ms, .loss = 0.03}, kGood);
      case Kind::kNarrower:
        narrow_ = anybody();
        return set_link(narrow_, kGood, {.latency = 40ms, .bits_per_second = 600'000});
      case Kind::kWider:
        return set_link(meeting.clients.contains(narrow_) ? narrow_ : anybody(), kGood, kGood);
      case Kind::kLookElsewhere: return look_elsewhere();
    }
  }

  void join() {
    const std::uint64_t id = ++last_id_;
    const std::size_t publishing = static_cast<std::size_t>(std::ranges::count_if(
        meeting.clients, [](const auto& each) { return each.second->options.camera > 0; }));
    const bool publishes = publishing < config_.publishers;
    TestClient& client = meeting.join(id,
                                      {.microphone = publishes,
                                       .camera = publishes ? 1 + random_() % 3 : 0u,
                                       .audio_slots = 2,
                                       .video_slots = config_.slots,
                                       .data = false,
                                       .frame_bytes = 2'500},
                                      kGood);
    client.speaks = random_() % 2 == 0;
  }
  // Half of them say so.
  void leave() {
    const std::uint64_t id = anybody();
    random_() % 2 == 0 ? meeting.leave(id) : meeting.vanish(id);
  }
  void look_elsewhere() {
    View view(std::in_place);
    for (std::size_t i = 0; i < config_.slots; ++i) {
      view->push_back({{anybody()}, Source::kCamera, kTestSizes[random_() % 3]});
    }
    meeting.node.set_view(meeting.now, {anybody()}, std::move(view));
    meeting.flush();
  }
  void set_link(std::uint64_t id, const sim::LinkConfig& up, const sim::LinkConfig& down) {
    meeting.network.set_links(meeting.host_of(id), up, down);
  }
  std::uint64_t a_publisher() {
    for (const auto& [id, client] : meeting.clients) {
      if (client->options.camera > 0 && random_() % 2 == 0) return id;
    }
    return anybody();
  }
  std::uint64_t anybody() {
    return std::next(meeting.clients.begin(),
                     static_cast<std::ptrdiff_t>(random_() % meeting.clients.size()))
        ->first;
  }

  Config config_;
  std::uint64_t last_id_ = 0;
  std::uint64_t narrow_ = 0;  // Whose link became narrow last.
  std::array<Kind, kKinds> order_ = {
      Kind::kNarrower,        Kind::kLeave, Kind::kLossToReceiver, Kind::kJoin,
      Kind::kLossOfPublisher, Kind::kWider, Kind::kLookElsewhere};
  std::size_t next_ = 0;
  std::array<std::size_t, kKinds> happened_ = {};

 public:
  TestMeeting meeting;

 private:
  std::mt19937_64 random_;
};

Duration budget(Duration usual) {
  const char* const wanted = std::getenv("PARLEY_SIM_SECONDS");
  return wanted == nullptr ? usual : Duration{std::chrono::seconds{std::atoi(wanted)}};
}

// Whoever is shown somebody sees them move.
void expect_moving(TestMeeting& meeting) {
  for (auto& [id, client] : meeting.clients) {
    for (const auto& [mid, shows] : meeting.shown(id)) {
      const TestSlot* const slot = client->find_slot(mid);
      const bool there = shows.participant && meeting.clients.contains(shows.participant->value);
      if (slot == nullptr || !slot->video || !there) continue;
      EXPECT_LT(meeting.now - slot->last_at, 1s)
          << id << " sees " << shows.participant->value << " in " << mid;
    }
  }
}

TEST(NodeSimulation, ARoomOfFiftyStaysWatchable) {
  Crowd crowd({.people = 50, .publishers = 4, .slots = 1, .seed = 7});
  TestMeeting& meeting = crowd.meeting;
  ASSERT_TRUE(meeting.connect_all());
  meeting.run(budget(kSpan));
  crowd.calm();
  meeting.run(5s);  // So long a link that was narrow may take to be found wide again.
  for (const std::size_t times : crowd.happened()) EXPECT_GE(times, 1u);
  EXPECT_EQ(meeting.broken(), std::vector<std::string>{});
  expect_moving(meeting);
  const auto counters = meeting.node.counters();
  EXPECT_GT(counters.forwarded, 10'000u);
  EXPECT_EQ(counters.downlink.dropped_srtp, 0u);
  EXPECT_EQ(counters.publications.pool_full, 0u);
  crowd.leave_all();
  meeting.run(35s);  // Until those who went without a word are given up.
  const auto after = meeting.node.counters();
  EXPECT_EQ(after.rooms, 0u);
  EXPECT_EQ(after.participants, 0u);
  EXPECT_EQ(after.packets_held, 0u);
}

// Small rooms, many seeds.
TEST(NodeSimulation, WhateverHappensInASmallRoomPicturesCanBeDecoded) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Crowd crowd({.people = 5, .publishers = 3, .slots = 3, .seed = seed});
    TestMeeting& meeting = crowd.meeting;
    ASSERT_TRUE(meeting.connect_all());
    meeting.run(8s);
    crowd.calm();
    meeting.run(5s);  // So long a link that was narrow may take to be found wide again.
    EXPECT_EQ(meeting.broken(), std::vector<std::string>{});
    expect_moving(meeting);
  }
}

TEST(NodeSimulation, TheSameSeedIsTheSameMeeting) {
  const auto run = [](const Crowd::Config& config) {
    Crowd crowd(config);
    crowd.meeting.run(4s);
    const auto counters = crowd.meeting.node.counters();
    std::string all = std::to_string(counters.datagrams) + " " +
                      std::to_string(counters.forwarded) + " " +
                      std::to_string(counters.downlink.bytes) + " " +
                      std::to_string(crowd.meeting.network.counters().sent);
    for (const auto& [id, client] : crowd.meeting.clients) {
      for (const auto& [transceiver, slot] : client->slots) {
        all += " " + slot.mid + ":" + std::to_string(slot.frames);
      }
    }
    return all;
  };
  for (const std::size_t people : {6u, 50u}) {
    const Crowd::Config config{.people = people, .publishers = 3, .slots = 2, .seed = 11};
    EXPECT_EQ(run(config), run(config)) << people;
  }
}

}  // namespace
}  // namespace parley::sfu
