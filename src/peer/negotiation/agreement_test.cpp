#include "peer/negotiation/agreement.h"

#include <gtest/gtest.h>

namespace parley::peer {
namespace {

using rtp::Extension;
using rtp::Ssrc;

std::string uri(Extension extension) {
  return std::string(rtp::uri_of(extension));
}

Transceiver transceiver() {
  return {.id = {1},
          .kind = MediaKind::kVideo,
          .encodings = {{.rid = "h"}, {.rid = "l"}},
          .ssrcs = {{Ssrc{1}, Ssrc{2}}, {Ssrc{3}, Ssrc{4}}}};
}

sdp::MediaSection section(Direction direction) {
  return {.mid = "0",
          .direction = direction,
          .codecs = {{.payload_type = 96, .name = "VP8", .clock_rate = 90'000}},
          .rtcp_rsize = true};
}

TEST(Agree, EachDirectionHasItsExtensions) {
  auto ours = section(Direction::kSendRecv);
  auto theirs = section(Direction::kSendRecv);
  // As Firefox writes them: rids it sends, a playout delay it receives; and as we answer.
  ours.extensions = {{1, uri(Extension::kMid)},
                     {2, uri(Extension::kRid), Direction::kRecvOnly},
                     {3, uri(Extension::kPlayoutDelay), Direction::kSendOnly},
                     {4, uri(Extension::kAbsoluteSendTime)}};
  theirs.extensions = {{1, uri(Extension::kMid)},
                       {2, uri(Extension::kRid), Direction::kSendOnly},
                       {3, uri(Extension::kPlayoutDelay), Direction::kRecvOnly},
                       {5, uri(Extension::kAbsoluteSendTime)}};
  const auto agreement = agree(transceiver(), ours, theirs);
  EXPECT_EQ(agreement.send_extensions.id_of(Extension::kMid), 1);
  EXPECT_EQ(agreement.receive_extensions.id_of(Extension::kMid), 1);
  EXPECT_EQ(agreement.send_extensions.id_of(Extension::kRid), std::nullopt);
  EXPECT_EQ(agreement.receive_extensions.id_of(Extension::kRid), 2);
  EXPECT_EQ(agreement.send_extensions.id_of(Extension::kPlayoutDelay), 3);
  EXPECT_EQ(agreement.receive_extensions.id_of(Extension::kPlayoutDelay), std::nullopt);
  // Two ids for one are no agreement.
  EXPECT_EQ(agreement.send_extensions.id_of(Extension::kAbsoluteSendTime), std::nullopt);
}

TEST(Agree, SendsOnlyWhatTheOtherReceives) {
  const auto ours = section(Direction::kSendRecv);
  const auto receiving = agree(transceiver(), ours, section(Direction::kRecvOnly));
  EXPECT_TRUE(receiving.sends);
  EXPECT_FALSE(receiving.receives);
  const auto sending = agree(transceiver(), ours, section(Direction::kSendOnly));
  EXPECT_FALSE(sending.sends);
  EXPECT_TRUE(sending.receives);
  EXPECT_TRUE(sending.encodings.empty());
  auto rejected = section(Direction::kSendRecv);
  rejected.port = 0;
  EXPECT_FALSE(agree(transceiver(), ours, rejected).sends);
}

TEST(Agree, LayersKeepTheirSsrcsWhateverTheirNames) {
  auto ours = section(Direction::kSendRecv);
  auto theirs = section(Direction::kSendRecv);
  ours.simulcast = sdp::Simulcast{.send = {{{"l"}}, {{"h"}}}};
  theirs.simulcast = sdp::Simulcast{.recv = {{{"h"}}, {{"l", true}}}};
  const auto named = agree(transceiver(), ours, theirs);
  EXPECT_EQ(named.encodings, (std::vector<Encoding>{{"l", false}, {"h", true}}));
  EXPECT_EQ(named.ssrcs[0].media, Ssrc{3});
  EXPECT_EQ(named.ssrcs[1].media, Ssrc{1});
  ours.simulcast = sdp::Simulcast{.send = {{{"x"}}, {{"y"}}, {{"z"}}}};
  theirs.simulcast = sdp::Simulcast{.recv = {{{"x"}}, {{"y"}}, {{"z"}}}};
  const auto unnamed = agree(transceiver(), ours, theirs);
  EXPECT_EQ(unnamed.encodings, (std::vector<Encoding>{{"x"}, {"y"}}));  // We have two.
  EXPECT_EQ(unnamed.ssrcs[1].rtx, Ssrc{4});
}

TEST(Agree, WithoutASimulcastTheFirstEncodingIsSent) {
  const auto agreement =
      agree(transceiver(), section(Direction::kSendRecv), section(Direction::kSendRecv));
  EXPECT_EQ(agreement.encodings, (std::vector<Encoding>{Encoding{}}));
  EXPECT_EQ(agreement.ssrcs.front().media, Ssrc{1});
  EXPECT_TRUE(agreement.reduced_size);
}

TEST(Agree, ReadsWhichSsrcRepairsWhich) {
  auto theirs = section(Direction::kSendRecv);
  theirs.sources = {{.ssrc = 10}, {.ssrc = 11}, {.ssrc = 12}};
  theirs.source_groups = {{"FID", {10, 11}}, {"SIM", {10, 12}}, {"FID", {1, 2, 3}}};
  EXPECT_EQ(agree(transceiver(), section(Direction::kSendRecv), theirs).remote_sources,
            (std::vector<Agreement::RemoteSource>{{Ssrc{10}, Ssrc{11}}, {.media = Ssrc{12}}}));
}

}  // namespace
}  // namespace parley::peer
