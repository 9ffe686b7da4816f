#include "net/packet_framer.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace parley::net {
namespace {

std::string framed(std::string_view packet) {
  const auto header = PacketFramer::header(packet.size());
  return std::string(as_text(header)) + std::string(packet);
}

std::vector<std::string> all_of(PacketFramer& framer) {
  std::vector<std::string> packets;
  while (const auto packet = framer.next()) packets.emplace_back(as_text(*packet));
  return packets;
}

TEST(PacketFramer, CutsWhatArrivesAtOnce) {
  PacketFramer framer;
  framer.append(as_bytes(framed("one") + framed("two") + framed("three")));
  EXPECT_EQ(all_of(framer), (std::vector<std::string>{"one", "two", "three"}));
  EXPECT_EQ(framer.held(), 0u);
}

TEST(PacketFramer, WaitsForTheRest) {
  const std::string stream = framed("one") + framed("two");
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    PacketFramer framer;
    framer.append(as_bytes(stream.substr(0, cut)));
    auto packets = all_of(framer);
    EXPECT_EQ(packets.size(), cut / 5) << cut;
    framer.append(as_bytes(stream.substr(cut)));
    for (const std::string& packet : all_of(framer)) packets.push_back(packet);
    EXPECT_EQ(packets, (std::vector<std::string>{"one", "two"})) << cut;
  }
}

TEST(PacketFramer, SkipsEmptyPackets) {
  PacketFramer framer;
  framer.append(as_bytes(framed("") + framed("x") + framed("") + framed("")));
  EXPECT_EQ(all_of(framer), std::vector<std::string>{"x"});
  EXPECT_EQ(framer.held(), 0u);
}

TEST(PacketFramer, CarriesTheLongestPacket) {
  const std::string longest(PacketFramer::kMaxPacket, 'x');
  PacketFramer framer;
  framer.append(as_bytes(framed(longest)));
  EXPECT_EQ(all_of(framer), std::vector<std::string>{longest});
}

TEST(PacketFramer, LetsAPacketBeChangedWithoutHarmToTheNext) {
  PacketFramer framer;
  framer.append(as_bytes(framed("one") + framed("two")));
  const auto first = framer.next();
  for (std::uint8_t& byte : first.value()) byte = 0xff;
  EXPECT_EQ(all_of(framer), std::vector<std::string>{"two"});
}

TEST(PacketFramer, HoldsNoMoreThanAPacketAndWhatCameLast) {
  std::mt19937 random{1};
  PacketFramer framer;
  std::string expected;
  std::string received;
  for (int i = 0; i < 500; ++i) {
    std::string arrival;
    for (int n = 0; n < 3; ++n) {
      const std::string packet(random() % 3000, static_cast<char>('a' + random() % 26));
      expected += packet;
      arrival += framed(packet);
    }
    // What arrives is cut anywhere.
    const std::size_t cut = random() % (arrival.size() + 1);
    for (const std::string& part : {arrival.substr(0, cut), arrival.substr(cut)}) {
      framer.append(as_bytes(part));
      for (const std::string& packet : all_of(framer)) received += packet;
      EXPECT_LE(framer.held(), 3002u);
    }
  }
  EXPECT_EQ(received, expected);
}

}  // namespace
}  // namespace parley::net
