#include "cc/acked_bitrate.h"

#include <gtest/gtest.h>

#include <random>

namespace parley::cc {
namespace {

using namespace std::chrono_literals;

struct Stream {
  AckedBitrate acked;
  Duration now = 0ms;

  void receive(Duration time, DataRate rate, bool limited = false) {
    const DataSize packet = DataSize::bytes(1'000);
    for (const Duration end = now + time; now < end; now += packet / rate) {
      acked.handle_packet(now, packet, limited);
    }
  }
  double kbps() const { return acked.estimate().value().in_kbps(); }
};

TEST(AckedBitrate, KnowsNothingBeforeTheFirstWindowIsOver) {
  Stream stream;
  stream.receive(300ms, DataRate::kbps(1'000));
  EXPECT_FALSE(stream.acked.estimate().has_value());
  stream.receive(20ms, DataRate::kbps(1'000));
  EXPECT_NEAR(stream.kbps(), 1'000, 20);
}

TEST(AckedBitrate, FollowsALastingChange) {
  Stream stream;
  stream.receive(5s, DataRate::kbps(1'000));
  stream.receive(3s, DataRate::kbps(500));
  EXPECT_NEAR(stream.kbps(), 500, 50);
  stream.receive(3s, DataRate::kbps(2'000));
  EXPECT_NEAR(stream.kbps(), 2'000, 200);
}

TEST(AckedBitrate, LetsOneOutlierMoveItLittle) {
  Stream stream;
  stream.receive(5s, DataRate::kbps(1'000));
  stream.receive(150ms, DataRate::kbps(8'000));
  EXPECT_LT(stream.kbps(), 1'500);
}

TEST(AckedBitrate, FollowsAtOnceWhereAChangeIsExpected) {
  Stream stream;
  stream.receive(5s, DataRate::kbps(2'000));
  Stream told = stream;
  told.acked.expect_fast_change();
  stream.receive(320ms, DataRate::kbps(500));
  told.receive(320ms, DataRate::kbps(500));
  EXPECT_LT(told.kbps(), 900);
  EXPECT_GT(stream.kbps(), told.kbps() + 100);
}

TEST(AckedBitrate, TrustsSamplesOfALimitedApplicationLess) {
  Stream stream;
  stream.receive(5s, DataRate::kbps(1'000));
  Stream limited = stream;
  stream.receive(500ms, DataRate::kbps(500));
  limited.receive(500ms, DataRate::kbps(500), true);
  EXPECT_GT(limited.kbps(), stream.kbps() + 20);
}

TEST(AckedBitrate, TakesTheNextSampleForWhatItIsWhereItMeasuresAnew) {
  Stream stream;
  stream.receive(5s, DataRate::kbps(1'500));
  stream.acked.measure_anew();
  EXPECT_NEAR(stream.kbps(), 1'500, 20);  // As long as there is nothing better.
  stream.receive(200ms, DataRate::kbps(400), true);
  EXPECT_NEAR(stream.kbps(), 400, 40);
}

TEST(AckedBitrate, NeedsLittleTimeToMeasureAnewWhateverElseIsExpected) {
  Stream stream;
  stream.receive(5s, DataRate::kbps(1'500));
  EXPECT_FALSE(stream.acked.is_measuring_anew());
  stream.acked.measure_anew();
  stream.receive(60ms, DataRate::kbps(400));
  stream.acked.expect_fast_change();
  EXPECT_TRUE(stream.acked.is_measuring_anew());
  stream.receive(60ms, DataRate::kbps(400));
  EXPECT_FALSE(stream.acked.is_measuring_anew());
  EXPECT_NEAR(stream.kbps(), 400, 40);
}

TEST(AckedBitrate, MeasuresAPathAnewThatCarriesAPacketNowAndThen) {
  Stream stream;
  stream.receive(5s, DataRate::kbps(1'500));
  stream.acked.measure_anew();
  stream.receive(600ms, DataRate::kbps(40));  // One every 200 ms.
  EXPECT_NEAR(stream.kbps(), 40, 4);
}

TEST(AckedBitrate, TakesNoSilenceForALowRate) {
  Stream stream;
  stream.receive(5s, DataRate::kbps(1'000));
  stream.now += 10s;
  stream.receive(1s, DataRate::kbps(1'000));
  EXPECT_NEAR(stream.kbps(), 1'000, 150);
}

TEST(AckedBitrate, TakesNoWindowWithAGapInWhatIsKnown) {
  Stream stream;
  stream.receive(5s, DataRate::kbps(1'000));
  for (int i = 0; i < 20; ++i) {
    stream.receive(100ms, DataRate::kbps(1'000));
    stream.now += 50ms;  // What came then was not told of.
    stream.acked.skip_window();
  }
  EXPECT_NEAR(stream.kbps(), 1'000, 20);
}

TEST(AckedBitrate, BearsAClockThatGoesBack) {
  std::mt19937 random{1};
  Stream stream;
  for (int i = 0; i < 1'000; ++i) {
    stream.now = Duration{static_cast<int>(random() % 10'000'000)};
    stream.receive(300ms, DataRate::kbps(1'000));
  }
  EXPECT_NEAR(stream.kbps(), 1'000, 200);
}

}  // namespace
}  // namespace parley::cc
