#include "sctp/tx/congestion_window.h"

#include <gtest/gtest.h>

#include "sctp/tx/retransmission_timeout.h"

namespace parley::sctp {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMtu = 1'000;
constexpr Tsn kFirst = Tsn::first(0);

class CongestionWindowTest : public testing::Test {
 protected:
  void ack(std::size_t acked, std::optional<Duration> round_trip = {}) {
    cumulative = cumulative + 1;
    window.handle_ack({.cumulative = cumulative,
                       .next = next,
                       .acked = acked,
                       .in_flight = window.window(),
                       .round_trip = round_trip});
  }

  CongestionWindow window{kMtu, 10};
  Tsn cumulative = kFirst;
  Tsn next = kFirst + 1'000;
};

TEST_F(CongestionWindowTest, GrowsByWhatIsAcknowledgedInSlowStart) {
  ack(600);
  EXPECT_EQ(window.window(), 10'600u);
  ack(5'000);  // But by a packet at most.
  EXPECT_EQ(window.window(), 11'600u);
}

TEST_F(CongestionWindowTest, DoesNotGrowUnused) {
  window.handle_ack({.cumulative = kFirst, .next = next, .acked = 1'000, .in_flight = 9'000});
  EXPECT_EQ(window.window(), 10'000u);
  window.handle_ack({.cumulative = kFirst, .next = next, .acked = 1'000, .in_flight = 9'001});
  EXPECT_EQ(window.window(), 11'000u);
}

TEST_F(CongestionWindowTest, HalvesOnceForTheLossesOfARoundTrip) {
  for (int i = 0; i < 10; ++i) ack(kMtu);
  EXPECT_TRUE(window.handle_loss(cumulative, next));
  EXPECT_EQ(window.window(), 10'000u);
  EXPECT_TRUE(window.is_in_fast_recovery());
  EXPECT_FALSE(window.handle_loss(cumulative, next + 10));
  ack(kMtu);
  EXPECT_EQ(window.window(), 10'000u);
  cumulative = next - 2;
  ack(kMtu);
  EXPECT_FALSE(window.is_in_fast_recovery());
  EXPECT_TRUE(window.handle_loss(cumulative, next + 10));
  EXPECT_EQ(window.window(), 5'000u);
}

TEST_F(CongestionWindowTest, KeepsFourPackets) {
  for (int i = 0; i < 5; ++i) {
    window.handle_loss(next - 1, next);
    window.handle_ack({.cumulative = next});
  }
  EXPECT_EQ(window.window(), 4 * kMtu);
}

TEST_F(CongestionWindowTest, GrowsByAPacketARoundTripAfterALoss) {
  window.handle_loss(cumulative, next);
  window.handle_ack({.cumulative = next});
  ack(kMtu);  // At the threshold it is slow start once more.
  EXPECT_EQ(window.window(), 6'000u);
  for (int i = 0; i < 5; ++i) ack(kMtu);
  EXPECT_EQ(window.window(), 6'000u);
  ack(kMtu);
  EXPECT_EQ(window.window(), 7'000u);
}

TEST_F(CongestionWindowTest, FallsToOnePacketAtATimeout) {
  window.handle_timeout(next);
  EXPECT_EQ(window.window(), kMtu);
  EXPECT_EQ(window.slow_start_threshold(), 5'000u);
  window.handle_timeout(next);  // A second says nothing new.
  EXPECT_EQ(window.slow_start_threshold(), 5'000u);
}

TEST_F(CongestionWindowTest, TakesLossesAfterATimeoutForTheOldOnes) {
  window.handle_timeout(next);
  for (int i = 0; i < 3; ++i) ack(kMtu);
  EXPECT_FALSE(window.handle_loss(cumulative, next + 10));
  EXPECT_EQ(window.window(), 4'000u);
  EXPECT_TRUE(window.handle_loss(next - 1, next + 10));
}

TEST_F(CongestionWindowTest, EndsSlowStartWhenRoundTripsGetLonger) {
  Duration round_trip = 50ms;
  int rounds = 0;
  for (; window.slow_start_threshold() > 1'000'000 && rounds < 20; ++rounds) {
    next = cumulative + 21;
    for (int i = 0; i < 20; ++i) ack(kMtu, round_trip);
    round_trip += 20ms;
  }
  EXPECT_GT(rounds, 6);  // It makes sure.
  EXPECT_LT(rounds, 12);
  const std::size_t after = window.window();
  ack(kMtu, round_trip);
  EXPECT_EQ(window.window(), after);
}

TEST_F(CongestionWindowTest, GoesOnWithSlowStartWhenTheDelayWasAMoment) {
  for (int round = 0; round < 30; ++round) {
    next = cumulative + 21;
    for (int i = 0; i < 20; ++i) ack(kMtu, round == 5 ? 90ms : 50ms);
  }
  EXPECT_GT(window.window(), 500'000u);
}

TEST(RetransmissionTimeout, FollowsTheRoundTrip) {
  Config config;
  RetransmissionTimeout rto(config);
  EXPECT_EQ(rto.timeout(), config.rto_initial);
  rto.handle_measurement(200ms);
  EXPECT_EQ(rto.timeout(), 200ms + 4 * 100ms);
  EXPECT_EQ(rto.smoothed_round_trip(), 200ms);
  for (int i = 0; i < 100; ++i) rto.handle_measurement(200ms);
  EXPECT_EQ(rto.timeout(), 200ms + config.rto_min);
  rto.handle_measurement(280ms);
  EXPECT_EQ(rto.smoothed_round_trip(), 210ms);
}

TEST(RetransmissionTimeout, DoublesUpToItsLimit) {
  Config config;
  RetransmissionTimeout rto(config);
  rto.back_off();
  EXPECT_EQ(rto.timeout(), 2 * config.rto_initial);
  for (int i = 0; i < 10; ++i) rto.back_off();
  EXPECT_EQ(rto.timeout(), config.rto_max);
  rto.handle_measurement(10ms);
  EXPECT_EQ(rto.timeout(), 10ms + config.rto_min);
}

}  // namespace
}  // namespace parley::sctp
