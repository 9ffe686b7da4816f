#include "peer/media/outgoing_stream.h"

#include <gtest/gtest.h>

#include <vector>

#include "peer/media/packet_patch.h"
#include "peer/negotiation/media_defaults.h"
#include "rtp/packet.h"
#include "rtp/packet_writer.h"
#include "rtp/rtx.h"

namespace parley::peer {
namespace {

using namespace std::chrono_literals;
using rtp::Extension;
using Packet = std::vector<std::uint8_t>;

constexpr Time kStart{1h};

rtp::ExtensionMap extensions() {
  rtp::ExtensionMap map;
  map.set(Extension::kMid, 1);
  map.set(Extension::kRid, 2);
  map.set(Extension::kRepairedRid, 3);
  map.set(Extension::kTransportSequenceNumber, 4);
  map.set(Extension::kVideoOrientation, 5);
  return map;
}

class OutgoingStreamTest : public testing::Test {
 protected:
  OutgoingStreamTest() { stream.configure(default_video_codecs(), extensions(), true); }

  std::vector<Packet> send(std::size_t size, Time now = kStart) {
    const Packet frame(size, 0x10);
    auto packets = stream.packetize(now,
                                    {.codec = "VP8",
                                     .timestamp = 9'000,
                                     .captured = now,
                                     .key = true,
                                     .data = frame,
                                     .orientation = rtp::VideoOrientation{.degrees = 90}},
                                    1'000);
    EXPECT_TRUE(packets);
    return packets.value_or(std::vector<Packet>{});
  }
  static std::string_view extension(const Packet& packet, std::uint8_t id) {
    return as_text(rtp::PacketView::parse(packet)->find_extension(id).value_or(Bytes{}));
  }
  static std::uint16_t number_of(const Packet& packet) {
    return rtp::PacketView::parse(packet)->sequence_number();
  }

  SeededRandom random{1};
  OutgoingStream stream{{.mid = "1", .rid = "h", .ssrcs = {rtp::Ssrc{7}, rtp::Ssrc{8}}}, random};
};

TEST_F(OutgoingStreamTest, CutsAFrameIntoPacketsThatSayWhoseTheyAre) {
  const auto packets = send(2'500);
  ASSERT_EQ(packets.size(), 3u);
  for (const Packet& packet : packets) {
    const auto view = rtp::PacketView::parse(packet).value();
    EXPECT_EQ(view.ssrc(), rtp::Ssrc{7});
    EXPECT_EQ(view.timestamp(), 9'000u);
    EXPECT_EQ(view.marker(), &packet == &packets.back());
    EXPECT_EQ(extension(packet, 1), "1");
    EXPECT_EQ(extension(packet, 2), "h");
    EXPECT_EQ(extension(packet, 4).size(), 2u);
    EXPECT_EQ(extension(packet, 5).empty(), &packet != &packets.front());
  }
  EXPECT_EQ(static_cast<std::uint16_t>(number_of(packets[2]) - number_of(packets[0])), 2);
}

TEST_F(OutgoingStreamTest, SendsAgainByRtxUnderTheRepairedRid) {
  const auto packets = send(2'500);
  const auto again = stream.resend(kStart + 50ms, number_of(packets[1]));
  ASSERT_TRUE(again);
  const auto view = rtp::PacketView::parse(*again).value();
  EXPECT_EQ(view.ssrc(), rtp::Ssrc{8});
  EXPECT_EQ(view.payload_type(), rtp::PayloadType{97});
  EXPECT_EQ(extension(*again, 2), "");
  EXPECT_EQ(extension(*again, 3), "h");
  const auto original = rtp::from_rtx(view, rtp::Ssrc{7}, rtp::PayloadType{96});
  ASSERT_TRUE(original);
  EXPECT_EQ(number_of(*original), number_of(packets[1]));
  EXPECT_EQ(as_text(rtp::PacketView::parse(*original)->payload()),
            as_text(rtp::PacketView::parse(packets[1])->payload()));
  EXPECT_FALSE(stream.resend(kStart + 51ms, number_of(packets[1])));  // It is under way.
  EXPECT_EQ(stream.counters().resent_packets, 1u);
}

TEST_F(OutgoingStreamTest, CannotSendAgainWhatItNeverSentOrForgot) {
  const auto packets = send(100);
  EXPECT_FALSE(stream.resend(kStart, static_cast<std::uint16_t>(number_of(packets[0]) + 1)));
  EXPECT_FALSE(stream.resend(kStart, static_cast<std::uint16_t>(number_of(packets[0]) - 1)));
  EXPECT_FALSE(stream.resend(kStart + 10s, number_of(packets[0])));
}

TEST_F(OutgoingStreamTest, WithoutRtxNothingIsSentAgain) {
  stream.configure({default_video_codecs().front()}, extensions(), true);
  const auto packets = send(100);
  EXPECT_FALSE(stream.resend(kStart + 50ms, number_of(packets[0])));
  EXPECT_FALSE(stream.make_padding(kStart, 500));
  EXPECT_FALSE(stream.can_pad());
}

TEST_F(OutgoingStreamTest, PadsWithWhatItSentOrWithNothing) {
  EXPECT_FALSE(stream.make_padding(kStart, 500));  // Before the first packet, nobody knows it.
  const auto packets = send(900);
  const auto repeat = stream.make_padding(kStart, 500);
  ASSERT_TRUE(repeat);
  EXPECT_GT(repeat->size(), 900u);
  send(50);
  const auto nothing = stream.make_padding(kStart, 200);
  ASSERT_TRUE(nothing);
  const auto view = rtp::PacketView::parse(*nothing).value();
  EXPECT_EQ(view.padding_size(), 200u);
  EXPECT_TRUE(view.payload().empty());
  EXPECT_EQ(extension(*nothing, 3), "h");
}

TEST_F(OutgoingStreamTest, TakesAFullIntraRequestOnce) {
  EXPECT_TRUE(stream.handle_fir(4));
  EXPECT_FALSE(stream.handle_fir(4));
  EXPECT_TRUE(stream.handle_fir(5));
}

TEST(PacketPatch, ChangesExtensionsInEitherForm) {
  for (const std::size_t size : {2u, 20u}) {  // The second does not fit the one-byte form.
    rtp::PacketWriter writer({.ssrc = rtp::Ssrc{1}});
    writer.add_extension(2, as_bytes("ab"));
    writer.add_extension(3, as_bytes(std::string(size, 'x')));
    Packet packet = writer.take();
    EXPECT_TRUE(overwrite_extension(packet, 2, as_bytes("cd")));
    EXPECT_FALSE(overwrite_extension(packet, 2, as_bytes("long")));
    EXPECT_FALSE(overwrite_extension(packet, 9, as_bytes("cd")));
    EXPECT_TRUE(renumber_extension(packet, 2, 6));
    EXPECT_FALSE(renumber_extension(packet, 2, 6));
    const auto view = rtp::PacketView::parse(packet).value();
    EXPECT_FALSE(view.find_extension(2));
    EXPECT_EQ(as_text(*view.find_extension(6)), "cd");
    EXPECT_EQ(view.find_extension(3)->size(), size);
    EXPECT_EQ(renumber_extension(packet, 6, 20), size == 20);
  }
}

}  // namespace
}  // namespace parley::peer
