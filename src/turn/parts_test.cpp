// The small parts: framing, channels, permissions, quotas.
#include <gtest/gtest.h>

#include <map>

#include "turn/channel_data.h"
#include "turn/channel_table.h"
#include "turn/permissions.h"
#include "turn/quotas.h"
#include "turn/stream_framer.h"
#include "turn/test_server.h"

namespace parley::turn {
namespace {

using namespace std::chrono_literals;
using test::address;
using test::ip;
using test::TestServer;

constexpr Time kStart{1h};

TEST(ChannelDataPacket, IsReadAndWritten) {
  std::vector<std::uint8_t> packet = {0, 0, 0, 0, 'h', 'i', 9};
  ChannelData::write_header(std::span(packet).first<4>(), 0x4FFF, 2);
  const auto data = ChannelData::parse(packet);
  ASSERT_TRUE(data.has_value());
  EXPECT_EQ(data->channel, 0x4FFF);
  EXPECT_EQ(as_text(data->payload), "hi");
  for (std::size_t size = 0; size < 6; ++size) {
    EXPECT_FALSE(ChannelData::parse(Bytes(packet).first(size))) << size;
  }
  packet[0] = 0x80;
  EXPECT_FALSE(ChannelData::parse(packet));
  EXPECT_FALSE(ChannelData::is_one(packet));
}

void take_packets(StreamFramer& framer, std::vector<std::vector<std::uint8_t>>& packets) {
  while (true) {
    const auto packet = framer.next();
    ASSERT_TRUE(packet.has_value());
    if (!*packet) return;
    packets.emplace_back((*packet)->begin(), (*packet)->end());
  }
}

TEST(TurnStreamFramer, CutsMessagesAndChannelDataHoweverTheyArrive) {
  stun::MessageBuilder message(stun::Class::kRequest, stun::Method::kRefresh, {});
  message.add_text(stun::Attribute::kUsername, "ada");
  const std::vector<std::uint8_t> request = message.take();
  const std::vector<std::uint8_t> channel = {0x40, 0x01, 0, 5, 'h', 'e', 'l', 'l', 'o', 0, 0, 0};
  std::vector<std::uint8_t> stream;
  for (int i = 0; i < 3; ++i) {
    stream.insert(stream.end(), channel.begin(), channel.end());
    stream.insert(stream.end(), request.begin(), request.end());
  }
  for (std::size_t step = 1; step < 40; ++step) {
    StreamFramer framer;
    std::vector<std::vector<std::uint8_t>> packets;
    for (std::size_t at = 0; at < stream.size(); at += step) {
      framer.append(Bytes(stream).subspan(at, std::min(step, stream.size() - at)));
      take_packets(framer, packets);
    }
    ASSERT_EQ(packets.size(), 6u) << step;
    EXPECT_EQ(packets[4], channel);
    EXPECT_EQ(packets[5], request);
    EXPECT_EQ(framer.held(), 0u);
  }
}

TEST(TurnStreamFramer, RefusesOtherProtocolsAndWhatIsTooLong) {
  for (const std::vector<std::uint8_t>& bad : std::initializer_list<std::vector<std::uint8_t>>{
           {0x80, 0, 0, 0}, {0x16, 3, 1, 0, 252, 1, 0, 0}, {0xC0, 0, 0, 0}, {0, 1, 0, 3}}) {
    StreamFramer framer;
    framer.append(bad);
    const auto packet = framer.next();
    ASSERT_FALSE(packet.has_value());
    EXPECT_EQ(packet.error(), stun::FrameError::kNotStun);
  }
  StreamFramer framer(100);
  framer.append(std::vector<std::uint8_t>{'G', 'E', 'T', ' '});  // Of a channel that is too long.
  EXPECT_EQ(framer.next().error(), stun::FrameError::kTooLong);
}

TEST(TurnStreamFramer, PassesOverChannelDataThatIsTooLong) {
  const std::vector<std::uint8_t> good = {0x40, 0, 0, 4, 'g', 'o', 'o', 'd'};
  std::vector<std::uint8_t> stream = good;
  stream.insert(stream.end(), {0x40, 0, 0xFF, 0xFE});
  stream.resize(stream.size() + 0x10000, 0x16);
  stream.insert(stream.end(), good.begin(), good.end());
  for (const std::size_t step :
       {std::size_t{1}, std::size_t{7}, std::size_t{4096}, stream.size()}) {
    StreamFramer framer(100);
    std::vector<std::vector<std::uint8_t>> packets;
    for (std::size_t at = 0; at < stream.size(); at += step) {
      framer.append(Bytes(stream).subspan(at, std::min(step, stream.size() - at)));
      take_packets(framer, packets);
      ASSERT_LE(framer.held(), 100u);
    }
    ASSERT_EQ(packets.size(), 3u) << step;
    EXPECT_EQ(packets[0], good);
    TestServer world;
    world.from_client(test::tcp_from("198.51.100.7:1234"), packets[1]);
    EXPECT_EQ(world.server.counters().dropped_too_long, 1u);
    EXPECT_EQ(packets[2], good);
  }
}

TEST(TurnStreamFramer, HandsOutTheRestOnceTheStreamIsAnothers) {
  StreamFramer framer;
  framer.append(std::vector<std::uint8_t>{0x40, 0, 0, 0, 'G', 'E', 'T'});
  EXPECT_TRUE(framer.next()->has_value());
  EXPECT_EQ(as_text(framer.take_rest()), "GET");
  EXPECT_EQ(framer.held(), 0u);
}

TEST(ChannelTable, FindsAsAMapWould) {
  SeededRandom random(11);
  ChannelTable table;
  std::map<std::uint16_t, Channel> expected;
  Time now = kStart;
  const auto is_alive = [&](const Channel& channel) { return channel.expires > now; };
  for (int i = 0; i < 3'000; ++i) {
    now += 100ms;
    const auto number = static_cast<std::uint16_t>(0x4000 + random.u32() % 80);
    const net::SocketAddress peer{ip("93.184.216.34"),
                                  static_cast<std::uint16_t>(random.u32() % 80)};
    std::erase_if(expected, [&](const auto& entry) { return !is_alive(entry.second); });
    const auto by_number = expected.find(number);
    const auto by_peer = std::ranges::find_if(
        expected, [&](const auto& entry) { return entry.second.peer == peer; });
    ChannelTable::Bound bound = ChannelTable::Bound::kYes;
    if (by_number != by_peer) {
      bound = ChannelTable::Bound::kConflict;
    } else if (by_number == expected.end() && expected.size() >= 40) {
      bound = ChannelTable::Bound::kFull;
    }
    ASSERT_EQ(table.bind(now, number, peer, now + 30s, 40), bound) << i;
    if (bound == ChannelTable::Bound::kYes) expected[number] = {number, peer, now + 30s};
    for (const auto& [n, channel] : expected) {
      ASSERT_NE(table.find(now, n), nullptr);
      ASSERT_EQ(table.find(now, n)->peer, channel.peer);
      ASSERT_EQ(table.find(now, channel.peer)->number, n);
    }
    ASSERT_LE(table.size(), 40u);
  }
  EXPECT_EQ(table.find(now + 30s, 0x4000), nullptr);
}

TEST(PermissionsOfAnAllocation, EndAndAreCounted) {
  Permissions permissions;
  permissions.set(ip("8.8.8.8"), kStart + 1s);
  permissions.set(ip("2a00::1"), kStart + 2s);
  permissions.set(ip("1.1.1.1"), kStart + 3s);
  EXPECT_TRUE(permissions.has(kStart, ip("8.8.8.8")));
  EXPECT_FALSE(permissions.has(kStart + 1s, ip("8.8.8.8")));
  EXPECT_TRUE(permissions.knows(ip("8.8.8.8")));
  EXPECT_FALSE(permissions.knows(ip("8.8.8.9")));
  permissions.set(ip("8.8.8.8"), kStart + 4s);
  EXPECT_EQ(permissions.size(), 3u);
  EXPECT_EQ(permissions.drop_expired(kStart + 3s), 2u);
  EXPECT_TRUE(permissions.has(kStart + 3s, ip("8.8.8.8")));
}

TEST(Quotas, CountForAUserAndForAnAddress) {
  Quotas quotas({.user = {.allocations = 2, .permissions = 3, .bandwidth = DataRate::kbps(8)},
                 .address = {.allocations = 3, .permissions = 4, .bandwidth = DataRate::kbps(12)}});
  const auto first = quotas.begin("ada", ip("2a00::1"));
  const auto second = quotas.begin("ada", ip("2a00::2"));  // The same /64.
  ASSERT_NE(second.user, nullptr);
  EXPECT_EQ(quotas.begin("ada", ip("8.8.8.8")).user, nullptr);
  const auto third = quotas.begin("bob", ip("2a00::3"));
  ASSERT_NE(third.user, nullptr);
  EXPECT_EQ(quotas.begin("bob", ip("2a00::4")).user, nullptr);
  EXPECT_NE(quotas.begin("bob", ip("2a00:0:0:1::4")).user, nullptr);

  EXPECT_TRUE(quotas.take_permissions(first, 3));
  EXPECT_FALSE(quotas.take_permissions(second, 1));
  EXPECT_TRUE(quotas.take_permissions(third, 1));
  EXPECT_FALSE(quotas.take_permissions(third, 1));
  quotas.give_back_permissions(first, 3);
  EXPECT_TRUE(quotas.take_permissions(third, 1));
  quotas.give_back_permissions(third, 2);

  EXPECT_TRUE(quotas.take_bandwidth(kStart, first, 500));
  EXPECT_FALSE(quotas.take_bandwidth(kStart, second, 1)) << "the user's burst";
  EXPECT_TRUE(quotas.take_bandwidth(kStart, third, 250));
  EXPECT_FALSE(quotas.take_bandwidth(kStart, third, 1)) << "the address's burst";
  EXPECT_TRUE(quotas.take_bandwidth(kStart + 1s, first, 500));
  EXPECT_FALSE(quotas.take_bandwidth(kStart + 1s, first, 1)) << "no more than a burst is saved";
  EXPECT_FALSE(quotas.take_bandwidth(kStart, first, 1)) << "time does not go back";
  quotas.end(first);
  quotas.end(second);
  quotas.end(third);
  EXPECT_EQ(quotas.shares(), 2u);
}

}  // namespace
}  // namespace parley::turn
