// Participants who send far more than anybody needs: the others lose nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "rtp/packet_writer.h"
#include "sfu/test_meeting.h"
#include "sfu/test_raw_client.h"

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;

constexpr TestClient::Options kPublisher{.microphone = true, .camera = 1, .camera_fps = 25};

// Sends well-formed pictures of VP8 in packets of `size`, by all of its encodings in turn.
class Flooder {
 public:
  Flooder(TestMeeting& meeting, std::uint64_t id)
      : number_(id), client_(&meeting.join_raw(id, {.camera = 3})) {}

  bool is_connected() const { return client_->transport.is_connected(); }
  void send(std::size_t size) {
    constexpr std::array<std::string_view, 3> kRids = {"q", "h", "f"};
    const std::size_t encoding = sent_ % 3;
    const peer::Agreement& camera = client_->sending(Source::kCamera);
    const auto index = static_cast<std::uint32_t>(sent_ / 3);
    rtp::PacketWriter writer(
        {.marker = true,
         .payload_type = rtp::PayloadType{camera.send_codecs[0].payload_type},
         .sequence_number = static_cast<std::uint16_t>(index),
         .timestamp = index * 90,
         .ssrc = rtp::Ssrc{static_cast<std::uint32_t>(number_ * 10 + encoding)}});
    const auto add = [&](rtp::Extension extension, Bytes value) {
      writer.add_extension(*camera.send_extensions.id_of(extension), value);
    };
    add(rtp::Extension::kMid, as_bytes(camera.mid));
    add(rtp::Extension::kRid, as_bytes(kRids[encoding]));
    std::vector<std::uint8_t> payload = {0x10, static_cast<std::uint8_t>(index == 0 ? 0x10 : 0x11),
                                         0,    0,
                                         0x9d, 0x01,
                                         0x2a, 0x80,
                                         2,    0x68,
                                         1};
    payload.resize(size);
    writer.set_payload(payload);
    client_->transport.send_rtp(writer.take());
    ++sent_;
  }

 private:
  std::uint64_t number_;
  RawClient* client_;
  std::uint64_t sent_ = 0;
};

struct Flood {
  std::size_t pool = 0;
  int each_millisecond = 0;
  std::size_t size = 0;
  RateLimit limit = Uplink::Config().packets;
};

// Two innocents and three who flood, for two seconds.
Node::Counters counters_of(const Flood& flood) {
  TestMeeting meeting(40, {.pool = {.max_packets = flood.pool},
                           .participant = {.uplink = {.packets = flood.limit}}});
  for (const std::uint64_t id : {1u, 2u}) meeting.join(id, kPublisher);
  std::vector<Flooder> flooders;
  for (const std::uint64_t id : {7u, 8u, 9u}) flooders.emplace_back(meeting, id);
  EXPECT_TRUE(meeting.connect_all());
  EXPECT_TRUE(
      meeting.run_until(2s, [&] { return std::ranges::all_of(flooders, &Flooder::is_connected); }));
  for (const std::uint64_t id : {1u, 2u}) {
    meeting.node.set_view(meeting.now, {id},
                          View(std::in_place, {Tile{{3 - id}, Source::kCamera, {640, 360}}}));
  }
  meeting.flush();
  meeting.run(1s);
  const auto sounds = [&](std::uint64_t id) { return meeting.at(id).frames_of({3 - id}, false); };
  const auto pictures = [&](std::uint64_t id) { return meeting.at(id).frames_of({3 - id}, true); };
  const std::array before = {sounds(1), sounds(2), pictures(1), pictures(2)};
  for (int i = 0; i < 2'000; ++i) {
    for (Flooder& each : flooders) {
      for (int n = 0; n < flood.each_millisecond; ++n) each.send(flood.size);
    }
    meeting.drain_raw();
    meeting.run(1ms);
  }
  meeting.run(100ms);
  EXPECT_GE(sounds(1) - before[0], 99u);
  EXPECT_GE(sounds(2) - before[1], 99u);
  EXPECT_GE(pictures(1) - before[2], 49u);
  EXPECT_GE(pictures(2) - before[3], 49u);
  EXPECT_EQ(meeting.broken(), std::vector<std::string>{});
  return meeting.node.counters();
}

TEST(NodeFlood, TinyPacketsThatFillThePoolSilenceNobody) {
  const auto counters = counters_of({.pool = 3'072, .each_millisecond = 5, .size = 20});
  EXPECT_EQ(counters.publications.pool_full, 0u);
  EXPECT_EQ(counters.uplink.too_many, 0u);
  EXPECT_GT(counters.packets_given_up, 1'000u);
  EXPECT_LE(counters.packets_held, 3'072u);
}

TEST(NodeFlood, LargePacketsThatFillThePoolSilenceNobody) {
  const auto counters = counters_of({.pool = 1'024, .each_millisecond = 3, .size = 1'100});
  EXPECT_EQ(counters.publications.pool_full, 0u);
  EXPECT_GT(counters.packets_given_up, 1'000u);
}

TEST(NodeFlood, WhatIsMoreThanAParticipantNeedsIsDroppedAtOnce) {
  const auto counters = counters_of({.pool = 131'072,
                                     .each_millisecond = 3,
                                     .size = 20,
                                     .limit = {.per_second = 1'000, .burst = 1'000}});
  EXPECT_GT(counters.uplink.too_many, 3u * 2'900);  // Of 6,000 each, half pass.
  EXPECT_LT(counters.uplink.too_many, 3u * 3'100);
  EXPECT_EQ(counters.publications.pool_full, 0u);
}

}  // namespace
}  // namespace parley::sfu
