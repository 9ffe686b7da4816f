// Whoever means harm: the others notice nothing of it, and it costs no memory.
#include <gtest/gtest.h>

#include "sfu/test_meeting.h"

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;

constexpr TestClient::Options kPublisher{.microphone = true, .camera = 1};

TEST(NodeBadInput, DropsAndCountsAFloodFromNobody) {
  TestMeeting meeting(20);
  for (const std::uint64_t id : {1u, 2u}) meeting.join(id, kPublisher);
  ASSERT_TRUE(meeting.connect_all());
  meeting.run(500ms);
  const auto before = meeting.node.counters();
  SeededRandom noise(1);
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    std::vector<std::uint8_t> datagram(20 + noise.u32() % 100);
    noise.fill(datagram);
    const net::SocketAddress from{net::IpAddress::v4({198, 51, 100, std::uint8_t(i)}),
                                  static_cast<std::uint16_t>(1 + i / 256)};
    meeting.inject(from, std::move(datagram));
  }
  const auto after = meeting.node.counters();
  EXPECT_EQ(after.datagrams - before.datagrams, 20'000u);
  EXPECT_EQ((after.unknown_path + after.unknown_ufrag + after.not_webrtc) -
                (before.unknown_path + before.unknown_ufrag + before.not_webrtc),
            20'000u);
  EXPECT_EQ(after.packets_held, before.packets_held);
  const auto frames = meeting.at(2).frames_of({1}, true);
  meeting.run(1s);
  EXPECT_GT(meeting.at(2).frames_of({1}, true), frames + 10);
}

TEST(NodeBadInput, TakesNothingForgedOnAPathThatItKnows) {
  TestMeeting meeting(21);
  for (const std::uint64_t id : {1u, 2u}) meeting.join(id, kPublisher);
  ASSERT_TRUE(meeting.connect_all());
  meeting.run(500ms);
  SeededRandom noise(2);
  const auto packets = meeting.node.counters().uplink.packets;
  for (int i = 0; i < 5'000; ++i) {
    std::vector<std::uint8_t> datagram(20 + noise.u32() % 1'300);
    noise.fill(datagram);
    meeting.inject(meeting.at(1).address, std::move(datagram));
  }
  EXPECT_EQ(meeting.node.counters().uplink.packets, packets);
  const auto frames = meeting.at(2).frames_of({1}, true);
  meeting.run(1s);
  EXPECT_GT(meeting.at(2).frames_of({1}, true), frames + 10);
  EXPECT_EQ(meeting.broken(), std::vector<std::string>{});
}

}  // namespace
}  // namespace parley::sfu
