// One room on two nodes, whose people come and go and lose packets: every picture that is shown can
// be decoded, and nothing is left in the end.
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "sfu/test_two_nodes.h"

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;

// Thirty people on two nodes, who come and go and lose packets.
class Crowd {
 public:
  explicit Crowd(std::uint64_t seed) : both(seed), random_(seed) {
    both.link();
    both.drop = [this](RelayMessage&) { return random_() % 200 == 0; };
    for (std::size_t i = 0; i < kPeople; ++i) join(i % 2);
  }
  void happen() {
    const std::size_t node = random_() % 2;
    switch (random_() % 4) {
      case 0: return leave(node);
      case 1: return join(node);
      case 2:
        return both.nodes[node].network.set_links(
            both.nodes[node].host_of(anybody(node)), kGood,
            {.latency = 30ms, .jitter = 10ms, .loss = 0.03, .burst = 2});
      default: return look_elsewhere(node);
    }
  }
  void calm() {
    for (TestMeeting& each : both.nodes) {
      for (const auto& [id, client] : each.clients) {
        each.network.set_links(each.host_of(id), kGood, kGood);
      }
    }
  }

  TwoNodes both;

 private:
  static constexpr std::size_t kPeople = 30;
  static constexpr sim::LinkConfig kGood{.latency = 20ms, .jitter = 4ms};

  void join(std::size_t node) {
    const std::uint64_t id = ++last_id_;
    TestClient& client = both.nodes[node].join(id,
                                               {.microphone = id % 3 == 0,
                                                .camera = id % 5 == 0 ? 1 + random_() % 3 : 0u,
                                                .audio_slots = 1,
                                                .video_slots = 1,
                                                .data = false,
                                                .frame_bytes = 1'500},
                                               kGood);
    client.speaks = random_() % 2 == 0;
  }
  void leave(std::size_t node) { both.nodes[node].leave(anybody(node)); }
  void look_elsewhere(std::size_t node) {
    both.nodes[node].node.set_view(
        both.nodes[node].now, {anybody(node)},
        std::vector<Tile>{{{anybody(random_() % 2)}, Source::kCamera, kTestSizes[random_() % 3]}});
    both.nodes[node].flush();
  }
  std::uint64_t anybody(std::size_t node) {
    const auto& clients = both.nodes[node].clients;
    return std::next(clients.begin(), static_cast<std::ptrdiff_t>(random_() % clients.size()))
        ->first;
  }

  std::uint64_t last_id_ = 0;
  std::mt19937_64 random_;
};

TEST(NodeRelaySimulation, ARoomOfThirtyOnTwoNodesStaysWatchable) {
  constexpr std::uint64_t kSeed = 12;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  Crowd crowd(kSeed);
  TwoNodes& both = crowd.both;
  ASSERT_TRUE(both.connect_all());
  for (int i = 0; i < 8; ++i) {
    crowd.happen();
    both.run(200ms);
  }
  crowd.calm();
  both.run(2s);
  EXPECT_EQ(both.broken(), std::vector<std::string>{});
  std::size_t moving = 0;
  for (TestMeeting& each : both.nodes) {
    for (auto& [id, client] : each.clients) {
      for (const auto& [mid, shows] : each.shown(id)) {
        const TestSlot* const slot = client->find_slot(mid);
        if (slot == nullptr || !slot->video || !shows.participant) continue;
        EXPECT_LT(each.now - slot->last_at, 1s) << id << " sees " << shows.participant->value;
        ++moving;
      }
    }
  }
  EXPECT_GT(moving, 20u);
  EXPECT_GT(both.packets[0], 100u);
  EXPECT_GT(both.packets[1], 100u);
  for (TestMeeting& each : both.nodes) {
    while (!each.clients.empty()) each.leave(each.clients.begin()->first);
  }
  both.run(100ms);
  for (TestMeeting& each : both.nodes) {
    each.node.close_room(each.now, TestMeeting::kRoom);
    const auto after = each.node.counters();
    EXPECT_EQ(after.rooms, 0u);
    EXPECT_EQ(after.participants, 0u);
    EXPECT_EQ(after.packets_held, 0u);
    EXPECT_EQ(after.relayed_stale, 0u);
  }
}

}  // namespace
}  // namespace parley::sfu
