#include <gtest/gtest.h>

#include <numeric>

#include "srtp/receiver.h"
#include "srtp/sender.h"
#include "srtp/test_packets.h"

namespace parley::srtp {
namespace {

class SenderReceiver : public testing::TestWithParam<Setting> {
 protected:
  Packet protect_rtp(Bytes packet) {
    Packet out(packet.size() + kMaxRtpOverhead);
    out.resize(sender_.protect_rtp(packet, out).value());
    return out;
  }
  Packet protect_rtcp(Bytes packet) {
    Packet out(packet.size() + kMaxRtcpOverhead);
    out.resize(sender_.protect_rtcp(packet, out).value());
    return out;
  }

  // "" where it was dropped.
  std::string unprotect_rtp(Packet packet) { return text_of(receiver_.unprotect_rtp(packet)); }
  std::string unprotect_rtcp(Packet packet) { return text_of(receiver_.unprotect_rtcp(packet)); }
  Error error_of_rtp(Packet packet) { return receiver_.unprotect_rtp(packet).error(); }
  Error error_of_rtcp(Packet packet) { return receiver_.unprotect_rtcp(packet).error(); }

  static std::string text_of(const Receiver::Result& result) {
    return result ? to_hex(*result) : "";
  }

  ProfileSizes sizes_ = sizes_of(GetParam().profile);
  std::unique_ptr<Provider> provider_ = Provider::make(GetParam().kind);
  Sender sender_{*provider_, key_of(GetParam().profile)};
  Receiver receiver_{*provider_, key_of(GetParam().profile)};
};

INSTANTIATE_TEST_SUITE_P(Srtp, SenderReceiver, testing::ValuesIn(all_settings()),
                         [](const auto& test) { return test.param.name(); });

TEST_P(SenderReceiver, BringsRtpOfEveryShapeAcross) {
  std::uint16_t sequence = 1;
  for (const std::size_t payload_size :
       {0u, 1u, 15u, 16u, 17u, 63u, 64u, 65u, 255u, 1200u, 1500u}) {
    for (const std::size_t csrcs : {0u, 1u, 15u}) {
      for (const std::size_t extension_words : {0u, 1u, 9u}) {
        const Packet packet = make_rtp({.sequence = sequence++,
                                        .csrcs = csrcs,
                                        .extension_words = extension_words,
                                        .payload_size = payload_size});
        const Packet sealed = protect_rtp(packet);
        EXPECT_EQ(sealed.size(), packet.size() + sizes_.rtp_tag);
        EXPECT_EQ(unprotect_rtp(sealed), to_hex(packet));
      }
    }
  }
}

TEST_P(SenderReceiver, BringsRtcpOfEverySizeAcross) {
  for (std::size_t words = 0; words < 60; ++words) {
    const Packet packet = make_rtcp(1, words);
    const Packet sealed = protect_rtcp(packet);
    EXPECT_EQ(sealed.size(), packet.size() + sizes_.rtcp_tag + kSrtcpIndexSize);
    EXPECT_EQ(unprotect_rtcp(sealed), to_hex(packet));
  }
}

TEST_P(SenderReceiver, LeavesTheHeaderInClearAndNothingElse) {
  const Packet packet = make_rtp({.csrcs = 2, .extension_words = 3, .payload_size = 1000});
  const Packet sealed = protect_rtp(packet);
  const std::size_t header_size = packet.size() - 1000;
  EXPECT_TRUE(
      std::equal(packet.begin(), packet.begin() + std::ptrdiff_t(header_size), sealed.begin()));
  std::size_t same = 0;
  for (std::size_t i = header_size; i < packet.size(); ++i) same += packet[i] == sealed[i];
  EXPECT_LT(same, 30u);
}

TEST_P(SenderReceiver, ProtectsInPlace) {
  const Packet packet = make_rtp({});
  Packet in_place = packet;
  in_place.resize(packet.size() + kMaxRtpOverhead);
  const auto size = sender_.protect_rtp(Bytes(in_place).first(packet.size()), in_place);
  in_place.resize(size.value());
  EXPECT_EQ(unprotect_rtp(in_place), to_hex(packet));

  const Packet report = make_rtcp(1);
  in_place = report;
  in_place.resize(report.size() + kMaxRtcpOverhead);
  in_place.resize(sender_.protect_rtcp(Bytes(in_place).first(report.size()), in_place).value());
  EXPECT_EQ(unprotect_rtcp(in_place), to_hex(report));
}

TEST_P(SenderReceiver, DropsReplays) {
  const Packet sealed = protect_rtp(make_rtp({}));
  EXPECT_NE(unprotect_rtp(sealed), "");
  EXPECT_EQ(error_of_rtp(sealed), Error::kReplayed);
  const Packet report = protect_rtcp(make_rtcp(1));
  EXPECT_NE(unprotect_rtcp(report), "");
  EXPECT_EQ(error_of_rtcp(report), Error::kReplayed);
  EXPECT_EQ(receiver_.counters().dropped_for(Error::kReplayed), 2u);
  EXPECT_EQ(receiver_.counters().rtp_packets, 1u);
  EXPECT_EQ(receiver_.counters().rtcp_packets, 1u);
}

TEST_P(SenderReceiver, EncryptsNothingTwiceUnderOneIndex) {
  Packet out(1500);
  ASSERT_TRUE(sender_.protect_rtp(make_rtp({.sequence = 5000}), out));
  ASSERT_TRUE(sender_.protect_rtp(make_rtp({.sequence = 4000}), out));
  EXPECT_EQ(sender_.protect_rtp(make_rtp({.sequence = 5000}), out).error(), Error::kReplayed);
  EXPECT_EQ(sender_.protect_rtp(make_rtp({.sequence = 3000}), out).error(), Error::kTooOld);
  EXPECT_TRUE(sender_.protect_rtp(make_rtp({.ssrc = 2, .sequence = 5000}), out));
  EXPECT_EQ(sender_.counters().rtp_packets, 3u);
  EXPECT_EQ(sender_.counters().dropped_for(Error::kReplayed), 1u);
  EXPECT_EQ(sender_.counters().dropped_for(Error::kTooOld), 1u);
}

TEST_P(SenderReceiver, RefusesOutputThatIsTooSmallAndForgetsThePacket) {
  const Packet packet = make_rtp({});
  Packet out(packet.size() + sizes_.rtp_tag);
  EXPECT_EQ(sender_.protect_rtp(packet, std::span(out).first(out.size() - 1)).error(),
            Error::kOutputTooSmall);
  EXPECT_EQ(sender_.protect_rtp(packet, out), out.size());
  const Packet report = make_rtcp(1);
  out.resize(report.size() + sizes_.rtcp_tag + kSrtcpIndexSize);
  EXPECT_EQ(sender_.protect_rtcp(report, std::span(out).first(out.size() - 1)).error(),
            Error::kOutputTooSmall);
  EXPECT_EQ(sender_.protect_rtcp(report, out), out.size());
  EXPECT_EQ(out[out.size() - (sizes_.aead() ? 1 : 11)], 0);  // The first index.
}

TEST_P(SenderReceiver, DropsAPacketWithAnyByteChanged) {
  const Packet rtp = protect_rtp(make_rtp({.csrcs = 1, .extension_words = 1, .payload_size = 40}));
  const Packet rtcp = protect_rtcp(make_rtcp(1));
  for (std::size_t i = 0; i < rtp.size(); ++i) {
    Packet changed = rtp;
    changed[i] ^= static_cast<std::uint8_t>(1U << i % 8);
    EXPECT_EQ(unprotect_rtp(changed), "") << "byte " << i;
  }
  for (std::size_t i = 0; i < rtcp.size(); ++i) {
    Packet changed = rtcp;
    changed[i] ^= static_cast<std::uint8_t>(1U << i % 8);
    EXPECT_EQ(unprotect_rtcp(changed), "") << "byte " << i;
  }
  EXPECT_NE(unprotect_rtp(rtp), "");  // What was forged left no trace.
  EXPECT_NE(unprotect_rtcp(rtcp), "");
}

TEST_P(SenderReceiver, DropsAPacketThatIsCutOrLengthened) {
  const Packet rtp = protect_rtp(make_rtp({.csrcs = 1, .extension_words = 1, .payload_size = 40}));
  const Packet rtcp = protect_rtcp(make_rtcp(1));
  const std::size_t least_rtp = rtp.size() - 40;
  for (std::size_t size = 0; size < rtp.size(); ++size) {
    EXPECT_EQ(error_of_rtp(Packet(rtp.begin(), rtp.begin() + std::ptrdiff_t(size))),
              size < least_rtp ? Error::kTruncated : Error::kBadTag)
        << size << " bytes";
  }
  const std::size_t least_rtcp = 8 + sizes_.rtcp_tag + kSrtcpIndexSize;
  for (std::size_t size = 0; size < rtcp.size(); ++size) {
    EXPECT_EQ(error_of_rtcp(Packet(rtcp.begin(), rtcp.begin() + std::ptrdiff_t(size))),
              size < least_rtcp ? Error::kTruncated : Error::kBadTag)
        << size << " bytes";
  }
  Packet longer = rtp;
  longer.push_back(0);
  EXPECT_EQ(error_of_rtp(longer), Error::kBadTag);
  EXPECT_EQ(receiver_.counters().dropped_for(Error::kTruncated), least_rtp + least_rtcp);
  EXPECT_EQ(receiver_.counters().rtp_packets, 0u);
}

TEST_P(SenderReceiver, DropsPlainPacketsAndOtherVersions) {
  EXPECT_EQ(error_of_rtp(make_rtp({})), Error::kBadTag);
  EXPECT_EQ(error_of_rtcp(make_rtcp(1)), Error::kBadTag);
  Packet packet = make_rtp({});
  packet[0] ^= 0xC0;
  EXPECT_EQ(error_of_rtp(packet), Error::kMalformed);
  Packet out(1500);
  EXPECT_EQ(sender_.protect_rtp(packet, out).error(), Error::kMalformed);
  packet = make_rtcp(1);
  packet[0] ^= 0xC0;
  EXPECT_EQ(error_of_rtcp(packet), Error::kMalformed);
  EXPECT_EQ(sender_.protect_rtcp(packet, out).error(), Error::kMalformed);
}

TEST_P(SenderReceiver, RefusesToSendWhatIsCut) {
  const Packet packet = make_rtp({.csrcs = 1, .extension_words = 2, .payload_size = 0});
  Packet out(1500);
  for (std::size_t size = 0; size < packet.size(); ++size) {
    EXPECT_EQ(sender_.protect_rtp(Bytes(packet).first(size), out).error(), Error::kTruncated);
  }
  for (std::size_t size = 0; size < 8; ++size) {
    EXPECT_EQ(sender_.protect_rtcp(Bytes(packet).first(size), out).error(), Error::kTruncated);
  }
}

TEST_P(SenderReceiver, DropsWhatAnotherKeySealed) {
  Sender other(*provider_, key_of(GetParam().profile, 2));
  Packet out(1500);
  out.resize(other.protect_rtp(make_rtp({}), out).value());
  EXPECT_EQ(error_of_rtp(out), Error::kBadTag);
  out.resize(1500);
  out.resize(other.protect_rtcp(make_rtcp(1), out).value());
  EXPECT_EQ(error_of_rtcp(out), Error::kBadTag);
}

TEST_P(SenderReceiver, RemembersNoStreamThatWasNotVerified) {
  Receiver receiver(*provider_, key_of(GetParam().profile), {.max_windows = 1, .max_streams = 1});
  for (std::uint32_t ssrc = 100; ssrc < 200; ++ssrc) {
    Packet forged = make_rtp({.ssrc = ssrc});
    EXPECT_EQ(receiver.unprotect_rtp(forged).error(), Error::kBadTag);
    forged = make_rtcp(ssrc);
    EXPECT_EQ(receiver.unprotect_rtcp(forged).error(), Error::kBadTag);
  }
  Packet sealed = protect_rtp(make_rtp({.ssrc = 1}));
  EXPECT_TRUE(receiver.unprotect_rtp(sealed));
  sealed = protect_rtp(make_rtp({.ssrc = 2}));
  EXPECT_EQ(receiver.unprotect_rtp(sealed).error(), Error::kTooManyStreams);
  sealed = protect_rtcp(make_rtcp(3));
  EXPECT_TRUE(receiver.unprotect_rtcp(sealed));
}

TEST_P(SenderReceiver, FollowsTheSequenceThroughItsRollovers) {
  for (std::uint32_t n = 0; n < 10 * 65'536; n += 30'011) {
    const Packet packet = make_rtp({.sequence = static_cast<std::uint16_t>(n), .payload_size = 20});
    EXPECT_EQ(unprotect_rtp(protect_rtp(packet)), to_hex(packet)) << "packet " << n;
  }
  EXPECT_EQ(receiver_.counters().rtp_packets, sender_.counters().rtp_packets);
}

// A lossy path that duplicates and shuffles, from just before a rollover: what is not too late
// comes through, and once.
TEST_P(SenderReceiver, TakesEachPacketOnceOnABadPath) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    Sender sender(*provider_, key_of(GetParam().profile));
    Receiver receiver(*provider_, key_of(GetParam().profile));
    std::mt19937_64 random{seed};
    std::vector<Packet> on_the_way;
    std::vector<int> arrivals(600);
    const auto deliver = [&](std::size_t which) {
      Packet sealed = on_the_way[which];
      const auto packet = receiver.unprotect_rtp(sealed);
      if (packet) ++arrivals[((*packet)[12] | (*packet)[13] << 8)];
      if (random() % 4 != 0) on_the_way.erase(on_the_way.begin() + std::ptrdiff_t(which));
    };
    for (std::uint32_t n = 0; n < arrivals.size(); ++n) {
      Packet packet = make_rtp({.sequence = static_cast<std::uint16_t>(65'300 + n)});
      packet[12] = static_cast<std::uint8_t>(n);
      packet[13] = static_cast<std::uint8_t>(n >> 8);
      Packet sealed(packet.size() + kMaxRtpOverhead);
      sealed.resize(sender.protect_rtp(packet, sealed).value());
      on_the_way.push_back(sealed);
      if (n == 0 || on_the_way.size() > 50) deliver(random() % on_the_way.size());
    }
    for (int i = 0; i < 5'000 && !on_the_way.empty(); ++i) deliver(random() % on_the_way.size());
    EXPECT_EQ(arrivals, std::vector<int>(600, 1)) << "seed " << seed;
  }
}

TEST(SrtcpIndex, EndsWith31Bits) {
  SrtcpIndex index(0x7FFF'FFFE);
  EXPECT_EQ(index.take(), 0x7FFF'FFFEu);
  EXPECT_EQ(index.take(), 0x7FFF'FFFFu);
  EXPECT_EQ(index.take().error(), Error::kIndexExhausted);
  EXPECT_EQ(index.take().error(), Error::kIndexExhausted);
}

}  // namespace
}  // namespace parley::srtp
