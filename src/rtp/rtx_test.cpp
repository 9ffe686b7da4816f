#include "rtp/rtx.h"

#include <gtest/gtest.h>

#include "rtp/packet_writer.h"

namespace parley::rtp {
namespace {

using Packet = std::vector<std::uint8_t>;

constexpr Header kOriginal{.marker = true,
                           .payload_type = PayloadType{96},
                           .sequence_number = 0x1234,
                           .timestamp = 90'000,
                           .ssrc = Ssrc{1}};
constexpr RtxStream kStream{.ssrc = Ssrc{2}, .payload_type = PayloadType{97}, .sequence_number = 5};

Packet original(std::uint8_t padding = 0) {
  PacketWriter writer(kOriginal);
  writer.add_extension(4, as_bytes("mid"));
  writer.set_payload(as_bytes("picture"));
  writer.set_padding(padding);
  return writer.take();
}

TEST(Rtx, CarriesTheOriginalSequenceNumberInFrontOfThePayload) {
  const Packet packet = original();
  const Packet bytes = to_rtx(PacketView::parse(packet).value(), kStream);
  const auto rtx = PacketView::parse(bytes).value();
  EXPECT_EQ(rtx.ssrc(), Ssrc{2});
  EXPECT_EQ(rtx.payload_type(), PayloadType{97});
  EXPECT_EQ(rtx.sequence_number(), 5);
  EXPECT_EQ(rtx.timestamp(), 90'000u);
  EXPECT_TRUE(rtx.marker());
  EXPECT_EQ(as_text(rtx.find_extension(4).value()), "mid");
  EXPECT_EQ(as_text(rtx.payload()), "\x12\x34picture");
}

TEST(Rtx, GivesTheOriginalBack) {
  const Packet packet = original();
  const Packet rtx = to_rtx(PacketView::parse(packet).value(), kStream);
  EXPECT_EQ(from_rtx(PacketView::parse(rtx).value(), Ssrc{1}, PayloadType{96}), packet);
}

TEST(Rtx, LeavesThePaddingBehind) {
  const Packet padded = original(7);
  const Packet rtx = to_rtx(PacketView::parse(padded).value(), kStream);
  EXPECT_EQ(PacketView::parse(rtx)->padding_size(), 0u);
  EXPECT_EQ(from_rtx(PacketView::parse(rtx).value(), Ssrc{1}, PayloadType{96}), original());
}

TEST(Rtx, TakesPurePaddingForNoPacket) {
  PacketWriter writer(kOriginal);
  writer.set_padding(200);
  const Packet padding = writer.take();
  EXPECT_FALSE(from_rtx(PacketView::parse(padding).value(), Ssrc{1}, PayloadType{96}).has_value());
}

TEST(Rtx, GivesBackAnEmptyPayload) {
  PacketWriter writer(kOriginal);
  const Packet empty = writer.take();
  const Packet rtx = to_rtx(PacketView::parse(empty).value(), kStream);
  EXPECT_EQ(from_rtx(PacketView::parse(rtx).value(), Ssrc{1}, PayloadType{96}), empty);
}

}  // namespace
}  // namespace parley::rtp
