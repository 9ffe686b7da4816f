#include "cc/probe_estimator.h"

#include <gtest/gtest.h>

namespace parley::cc {
namespace {

using namespace std::chrono_literals;
using rtp::ProbeId;

constexpr Time kStart{1h};
constexpr ProbeCluster kCluster{
    .id = {1}, .rate = DataRate::kbps(1'000), .min_packets = 5, .min_size = DataSize::bytes(5'000)};

struct Probe {
  ProbeEstimator estimator;
  ProbeId id{1};

  Probe() { estimator.expect(kCluster); }
  std::optional<DataRate> packet(Duration sent, Duration received) {
    const auto result = estimator.handle_packet(
        {.size = 1'000, .sent = kStart + sent, .received = 1h + received, .probe = id});
    if (!result) return std::nullopt;
    return result->rate;
  }
  // Packets at these distances; what the last of them says.
  std::optional<DataRate> burst(int packets, Duration sent, Duration received) {
    std::optional<DataRate> result;
    for (int i = 0; i < packets; ++i) result = packet(i * sent, i * received);
    return result;
  }
};

TEST(ProbeEstimator, MeasuresTheRateOfABurstThatCameAsItWasSent) {
  EXPECT_EQ(Probe().burst(5, 8ms, 8ms), DataRate::kbps(1'000));
}

TEST(ProbeEstimator, TakesTheSlowerOfSendingAndReceiving) {
  EXPECT_EQ(Probe().burst(5, 8ms, 5ms), DataRate::kbps(1'000));
}

TEST(ProbeEstimator, StaysBelowACapacityThatWasReached) {
  EXPECT_EQ(Probe().burst(5, 8ms, 16ms), DataRate::kbps(475));
}

TEST(ProbeEstimator, NeedsFourFifthsOfTheCluster) {
  EXPECT_FALSE(Probe().burst(3, 8ms, 8ms).has_value());
  EXPECT_TRUE(Probe().burst(4, 8ms, 8ms).has_value());
  Probe small;
  small.estimator.expect({.id = {2}, .min_packets = 5, .min_size = DataSize::bytes(10'000)});
  small.id = {2};
  EXPECT_FALSE(small.burst(7, 8ms, 8ms).has_value());
}

TEST(ProbeEstimator, DistrustsABurstThatCameMuchFasterThanItWasSent) {
  EXPECT_FALSE(Probe().burst(5, 8ms, 3ms).has_value());
}

TEST(ProbeEstimator, DistrustsWhatIsNoBurst) {
  EXPECT_FALSE(Probe().burst(5, 0ms, 8ms).has_value());
  EXPECT_FALSE(Probe().burst(5, 8ms, 0ms).has_value());
  EXPECT_FALSE(Probe().burst(5, 300ms, 300ms).has_value());
}

TEST(ProbeEstimator, DoesNotMindTheOrderOfArrival) {
  Probe probe;
  probe.packet(8ms, 8ms);
  probe.packet(0ms, 16ms);
  probe.packet(24ms, 24ms);
  EXPECT_EQ(probe.packet(16ms, 0ms), DataRate::kbps(1'000));
}

TEST(ProbeEstimator, IgnoresWhatBelongsToNoProbeOrHasNotCome) {
  Probe probe;
  probe.id = {};
  EXPECT_FALSE(probe.burst(9, 8ms, 8ms).has_value());
  probe.id = {7};
  EXPECT_FALSE(probe.burst(9, 8ms, 8ms).has_value());
  EXPECT_FALSE(probe.estimator.handle_packet({.size = 1'000, .probe = {1}}).has_value());
}

// The first half passes by what a token bucket has saved up.
TEST(ProbeEstimator, MeasuresAProofByItsSecondHalf) {
  for (const auto kind : {ProbeKind::kPlain, ProbeKind::kTrial, ProbeKind::kProof}) {
    Probe probe;
    probe.id = {2};
    probe.estimator.expect({.id = {2}, .min_size = DataSize::bytes(10'000), .kind = kind});
    for (int i = 0; i < 5; ++i) probe.packet(i * 8ms, i * 8ms);
    for (int i = 5; i < 9; ++i) probe.packet(i * 8ms, 32ms + (i - 4) * 20ms);
    const auto rate = probe.packet(72ms, 132ms).value();
    EXPECT_NEAR(rate.in_kbps(), kind == ProbeKind::kProof ? 380 : 518, 1);
  }
}

TEST(ProbeEstimator, NeedsNineTenthsOfAProof) {
  Probe probe;
  probe.id = {2};
  probe.estimator.expect(
      {.id = {2}, .min_size = DataSize::bytes(10'000), .kind = ProbeKind::kProof});
  EXPECT_FALSE(probe.burst(8, 8ms, 8ms).has_value());
  EXPECT_EQ(probe.packet(64ms, 64ms), DataRate::kbps(1'000));
}

TEST(ProbeEstimator, KeepsABoundedNumberOfClusters) {
  Probe probe;
  for (std::uint64_t id = 2; id < 100; ++id) probe.estimator.expect({.id = {id}});
  EXPECT_FALSE(probe.burst(5, 8ms, 8ms).has_value());  // The first is forgotten.
}

}  // namespace
}  // namespace parley::cc
