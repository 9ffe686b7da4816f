// What a Downlink counts that its parts know of.
#include <gtest/gtest.h>

#include <algorithm>

#include "rtp/arrival_log.h"
#include "sfu/test_receiver.h"

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};

TEST(DownlinkCounters, TellWhatHasWaitedForTooLong) {
  Downlink::Config config = test_downlink();
  config.limits = {.start = DataRate::kbps(100), .max = DataRate::kbps(100)};
  TestReceiver receiver(std::move(config));
  receiver.downlink.start(kStart);
  receiver.send_frame(kStart, {.key = true, .packets = 60, .size = 1'100});
  const auto sent = receiver.sent_now(kStart).size();
  ASSERT_EQ(receiver.downlink.counters().dropped_waiting, 0u);
  EXPECT_TRUE(std::ranges::none_of(receiver.sent_now(kStart + 10s), &Arrived::is_picture));
  EXPECT_EQ(receiver.downlink.counters().dropped_waiting, 60 - sent);
}

TEST(DownlinkCounters, TellOfFeedbackOnWhatWasSentLongAgo) {
  TestReceiver receiver;
  receiver.downlink.start(kStart);
  receiver.send_frame(kStart, {.key = true, .packets = 2});
  rtp::ArrivalLog arrivals;
  for (const Arrived& packet : receiver.sent_now(kStart)) {
    arrivals.handle_packet(kStart + 10ms, packet.transport_number());
  }
  const auto feedback = arrivals.poll(kStart + 1s);
  ASSERT_TRUE(feedback);
  EXPECT_EQ(receiver.downlink.counters().ignored_feedback, 0u);
  receiver.downlink.handle_rtcp(kStart + 5min, *feedback);
  EXPECT_EQ(receiver.downlink.counters().ignored_feedback, 2u);
}

}  // namespace
}  // namespace parley::sfu
