#include "peer/media/stream_router.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "rtp/packet_writer.h"

namespace parley::peer {
namespace {

using rtp::Extension;
using rtp::Ssrc;
using Route = StreamRouter::Route;

constexpr TransceiverId kVoice{1};
constexpr TransceiverId kCamera{2};
constexpr TransceiverId kScreen{3};

sdp::Codec codec(std::uint8_t type, std::string name) {
  return {.payload_type = type, .name = std::move(name), .clock_rate = 90'000};
}

rtp::ExtensionMap extensions() {
  rtp::ExtensionMap map;
  map.set(Extension::kMid, 1);
  map.set(Extension::kRid, 2);
  map.set(Extension::kRepairedRid, 3);
  return map;
}

// A voice, a camera in two layers, and a screen that declares its SSRCs.
std::vector<Agreement> agreements() {
  return {{.transceiver = kVoice,
           .mid = "0",
           .receives = true,
           .receive_codecs = {codec(111, "opus")},
           .receive_extensions = extensions()},
          {.transceiver = kCamera,
           .mid = "1",
           .receives = true,
           .receive_codecs = {codec(96, "VP8"), codec(97, "rtx")},
           .receive_extensions = extensions(),
           .receive_rids = {"h", "l"},
           .remote_sources = {{Ssrc{50}, Ssrc{51}}}},
          {.transceiver = kScreen,
           .mid = "2",
           .receives = true,
           .receive_codecs = {codec(96, "VP8"), codec(97, "rtx")},
           .receive_extensions = extensions(),
           .remote_sources = {{Ssrc{60}, Ssrc{61}}}}};
}

struct Packet {
  std::uint32_t ssrc = 0;
  std::uint8_t type = 96;
  std::string_view mid = {};
  std::string_view rid = {};
  std::string_view repaired = {};
};

std::optional<Route> route(StreamRouter& router, const Packet& packet) {
  rtp::PacketWriter writer(
      {.payload_type = rtp::PayloadType{packet.type}, .ssrc = Ssrc{packet.ssrc}});
  if (!packet.mid.empty()) writer.add_extension(1, as_bytes(packet.mid));
  if (!packet.rid.empty()) writer.add_extension(2, as_bytes(packet.rid));
  if (!packet.repaired.empty()) writer.add_extension(3, as_bytes(packet.repaired));
  const auto bytes = writer.take();
  return router.route(rtp::PacketView::parse(bytes).value());
}

class StreamRouterTest : public testing::Test {
 protected:
  StreamRouterTest() { router.configure(agreements()); }
  StreamRouter router{8};
};

TEST_F(StreamRouterTest, GoesByMidAndRidAndRemembersTheSsrc) {
  EXPECT_EQ(route(router, {.ssrc = 1, .mid = "1", .rid = "h"}), (Route{kCamera, "h"}));
  EXPECT_EQ(route(router, {.ssrc = 2, .mid = "1", .rid = "l"}), (Route{kCamera, "l"}));
  EXPECT_EQ(route(router, {.ssrc = 3, .type = 97, .mid = "1", .repaired = "l"}),
            (Route{kCamera, "l", true}));
  EXPECT_EQ(route(router, {.ssrc = 1}), (Route{kCamera, "h"}));
  EXPECT_EQ(route(router, {.ssrc = 1, .mid = "1"}), (Route{kCamera, "h"}));
  EXPECT_EQ(route(router, {.ssrc = 3, .type = 97}), (Route{kCamera, "l", true}));
}

TEST_F(StreamRouterTest, FollowsAnSsrcThatMoves) {
  EXPECT_EQ(route(router, {.ssrc = 1, .mid = "1", .rid = "h"}), (Route{kCamera, "h"}));
  EXPECT_EQ(route(router, {.ssrc = 1, .rid = "l"}), (Route{kCamera, "l"}));
  EXPECT_EQ(route(router, {.ssrc = 1, .mid = "2"}), (Route{kScreen}));
  EXPECT_EQ(route(router, {.ssrc = 1}), (Route{kScreen}));
}

TEST_F(StreamRouterTest, GoesByWhatTheDescriptionDeclares) {
  EXPECT_EQ(route(router, {.ssrc = 60}), (Route{kScreen}));
  EXPECT_EQ(route(router, {.ssrc = 61, .type = 97}), (Route{kScreen, {}, true}));
  // Of layers it declares which repairs which, but not their rids.
  EXPECT_EQ(route(router, {.ssrc = 51, .type = 97}), std::nullopt);
  EXPECT_EQ(route(router, {.ssrc = 50, .mid = "1", .rid = "h"}), (Route{kCamera, "h"}));
  EXPECT_EQ(route(router, {.ssrc = 51, .type = 97}), (Route{kCamera, "h", true}));
}

TEST_F(StreamRouterTest, GoesByAPayloadTypeThatOnlyOneSectionHas) {
  EXPECT_EQ(route(router, {.ssrc = 9, .type = 111}), (Route{kVoice}));
  EXPECT_EQ(route(router, {.ssrc = 8, .type = 96}), std::nullopt);
}

TEST_F(StreamRouterTest, KnowsWhatIsNoOnes) {
  EXPECT_EQ(route(router, {.ssrc = 1, .mid = "7"}), std::nullopt);
  EXPECT_EQ(route(router, {.ssrc = 1, .mid = "1", .rid = "x"}), std::nullopt);
  EXPECT_EQ(route(router, {.ssrc = 1, .type = 100, .mid = "2"}), std::nullopt);
  EXPECT_EQ(route(router, {.ssrc = 1, .type = 96, .mid = "0"}), std::nullopt);
}

TEST_F(StreamRouterTest, ASectionThatDoesNotReceiveTakesNothing) {
  auto changed = agreements();
  EXPECT_EQ(route(router, {.ssrc = 9, .type = 111, .mid = "0"}), (Route{kVoice}));
  changed[0].receives = false;
  router.configure(changed);
  EXPECT_EQ(route(router, {.ssrc = 9, .type = 111}), std::nullopt);
}

TEST_F(StreamRouterTest, ForgetsTheSectionsThatAreGone) {
  EXPECT_EQ(route(router, {.ssrc = 1, .mid = "1", .rid = "h"}), (Route{kCamera, "h"}));
  auto changed = agreements();
  changed.erase(changed.begin() + 1);
  router.configure(changed);
  EXPECT_EQ(route(router, {.ssrc = 1}), (Route{kScreen}));  // By its payload type.
}

TEST_F(StreamRouterTest, RemembersNoMoreThanItMay) {
  for (std::uint32_t ssrc = 100; ssrc < 109; ++ssrc) {
    EXPECT_TRUE(route(router, {.ssrc = ssrc, .mid = "1", .rid = "h"}));
  }
  EXPECT_EQ(route(router, {.ssrc = 100}), std::nullopt);  // The oldest made room.
  EXPECT_TRUE(route(router, {.ssrc = 101}));
}

}  // namespace
}  // namespace parley::peer
