#include "rtp/statistics.h"

#include <gtest/gtest.h>

#include <chrono>

namespace parley::rtp {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};
constexpr Ssrc kSsrc{7};
constexpr SeqNo kFirst{65'536 + 100};

double in_ms(Duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

TEST(ReceptionStatistics, HaveNothingToTellBeforeTheFirstPacket) {
  ReceptionStatistics statistics(kSsrc, 48'000);
  EXPECT_FALSE(statistics.report(kStart).has_value());
  EXPECT_EQ(statistics.packets_lost(), 0);
}

TEST(ReceptionStatistics, CountLossSinceTheLastReportAndInAll) {
  ReceptionStatistics statistics(kSsrc, 48'000);
  for (std::uint64_t i = 0; i < 100; ++i) {
    if (i % 4 != 3) statistics.handle_packet(kStart, kFirst + i, 0);
  }
  statistics.handle_packet(kStart, kFirst + 100, 0);
  auto block = statistics.report(kStart).value();
  EXPECT_EQ(block.ssrc, kSsrc);
  EXPECT_EQ(block.cumulative_lost, 25);
  EXPECT_EQ(block.fraction_lost, 25 * 256 / 101);
  EXPECT_EQ(block.highest_sequence, 200u);

  for (std::uint64_t i = 101; i < 200; ++i) statistics.handle_packet(kStart, kFirst + i, 0);
  block = statistics.report(kStart).value();
  EXPECT_EQ(block.cumulative_lost, 25);
  EXPECT_EQ(block.fraction_lost, 0);
}

TEST(ReceptionStatistics, LateAndDoublePacketsLowerTheLoss) {
  ReceptionStatistics statistics(kSsrc, 48'000);
  for (const std::uint64_t i : {0u, 2u, 1u, 2u, 2u})
    statistics.handle_packet(kStart, kFirst + i, 0);
  const auto block = statistics.report(kStart).value();
  EXPECT_EQ(block.cumulative_lost, -2);
  EXPECT_EQ(block.fraction_lost, 0);
}

TEST(ReceptionStatistics, TakeWhatIsOlderThanTheFirstForExpected) {
  ReceptionStatistics statistics(kSsrc, 48'000);
  statistics.handle_packet(kStart, kFirst, 0);
  statistics.handle_packet(kStart, {kFirst.value - 2}, 0);
  EXPECT_EQ(statistics.packets_lost(), 1);
}

TEST(ReceptionStatistics, AnEvenPaceHasNoJitter) {
  ReceptionStatistics statistics(kSsrc, 48'000);
  for (std::uint32_t i = 0; i < 100; ++i) {
    statistics.handle_packet(kStart + i * 20ms, kFirst + i, i * 960);
  }
  EXPECT_EQ(statistics.report(kStart)->jitter, 0u);
}

TEST(ReceptionStatistics, JitterIsTheMeanChangeOfTheWayTaken) {
  ReceptionStatistics statistics(kSsrc, 48'000);
  for (std::uint32_t i = 0; i < 1'000; ++i) {
    const Duration late = i % 2 == 0 ? 0ms : 10ms;
    statistics.handle_packet(kStart + i * 20ms + late, kFirst + i, i * 960);
  }
  EXPECT_NEAR(in_ms(statistics.jitter()), 10, 0.1);
  EXPECT_NEAR(statistics.report(kStart)->jitter, 480, 5);
}

TEST(ReceptionStatistics, LookAtEachPictureOnce) {
  ReceptionStatistics statistics(kSsrc, 90'000);
  std::uint64_t seq = 0;
  for (std::uint32_t picture = 0; picture < 100; ++picture) {
    for (int packet = 0; packet < 5; ++packet) {  // Paced over 20 ms.
      statistics.handle_packet(kStart + picture * 40ms + packet * 5ms, kFirst + seq++,
                               picture * 3'600);
    }
  }
  EXPECT_EQ(statistics.jitter(), 0ms);
}

TEST(ReceptionStatistics, EchoTheSenderReport) {
  ReceptionStatistics statistics(kSsrc, 48'000);
  statistics.handle_packet(kStart, kFirst, 0);
  EXPECT_EQ(statistics.report(kStart)->last_sr, 0u);
  statistics.handle_sender_report(kStart, {.ntp = {0x1122'3344'5566'7788}});
  const auto block = statistics.report(kStart + 500ms).value();
  EXPECT_EQ(block.last_sr, 0x3344'5566u);
  EXPECT_EQ(block.delay_since_last_sr, 1u << 15);
}

TEST(SendStatistics, SayWhichMomentOfTheStreamIsNow) {
  SendStatistics statistics(kSsrc, 90'000);
  EXPECT_FALSE(statistics.report(kStart).has_value());
  statistics.handle_packet(kStart, 0xFFFFFF00, 1'000);
  statistics.handle_packet(kStart + 100ms, 0xFFFFFF00 + 9'000, 500);
  const auto report = statistics.report(kStart + 300ms).value();
  EXPECT_EQ(report.sender, kSsrc);
  EXPECT_EQ(report.packets, 2u);
  EXPECT_EQ(report.octets, 1'500u);
  EXPECT_EQ(report.rtp_timestamp, 0xFFFFFF00 + 27'000);
  EXPECT_EQ(report.ntp, NtpTime::of(kStart + 300ms));
}

// A report goes out, is held for a while by the peer, and its echo comes back.
TEST(RoundTripTime, IsWhatTheEchoTookButForTheTimeItWasHeld) {
  RoundTripTime rtt;
  EXPECT_FALSE(rtt.latest().has_value());
  const rtcp::ReportBlock echo{.last_sr = NtpTime::of(kStart).middle(),
                               .delay_since_last_sr = to_fixed_16_16(2s)};
  rtt.handle(kStart + 2s + 80ms, echo);
  EXPECT_NEAR(in_ms(*rtt.latest()), 80, 0.05);
  EXPECT_EQ(rtt.smoothed(), rtt.latest());
}

TEST(RoundTripTime, IsSmoothed) {
  RoundTripTime rtt;
  const rtcp::ExtendedReport::LastReceiverReference echo{.last_rr = NtpTime::of(kStart).middle()};
  rtt.handle(kStart + 80ms, echo);
  rtt.handle(kStart + 160ms, echo);
  EXPECT_NEAR(in_ms(*rtt.latest()), 160, 0.05);
  EXPECT_NEAR(in_ms(*rtt.smoothed()), 90, 0.05);
}

TEST(RoundTripTime, IgnoresWhatCannotBe) {
  RoundTripTime rtt;
  rtt.handle(kStart, rtcp::ReportBlock{.last_sr = 0, .delay_since_last_sr = 5});
  rtt.handle(kStart, rtcp::ReportBlock{.last_sr = NtpTime::of(kStart + 1s).middle()});
  rtt.handle(kStart, rtcp::ReportBlock{.last_sr = NtpTime::of(kStart).middle(),
                                       .delay_since_last_sr = to_fixed_16_16(1s)});
  EXPECT_FALSE(rtt.latest().has_value());
}

}  // namespace
}  // namespace parley::rtp
