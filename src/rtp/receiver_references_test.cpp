#include "rtp/receiver_references.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "rtp/statistics.h"

namespace parley::rtp {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};

rtcp::ExtendedReport asking(std::uint32_t ssrc, Time at) {
  return {.sender = Ssrc{ssrc}, .receiver_reference_time = NtpTime::of(at)};
}

TEST(ReceiverReferences, LetTheReceiverKnowTheRoundTrip) {
  ReceiverReferences references;
  RoundTripTime rtt;  // The receiver's, whose clock is two hours ahead.
  references.handle(kStart, asking(7, kStart + 2h));
  const auto answer = references.report(kStart + 300ms, Ssrc{1}).value();
  ByteWriter writer;
  rtcp::write_to(writer, answer);
  const auto read = std::get<rtcp::ExtendedReport>(rtcp::parse(writer.view())->front());
  ASSERT_EQ(read.last_receiver_references.size(), 1u);
  EXPECT_EQ(read.sender, Ssrc{1});
  EXPECT_EQ(read.last_receiver_references[0].ssrc, Ssrc{7});
  rtt.handle(kStart + 2h + 300ms + 80ms, read.last_receiver_references[0]);
  EXPECT_NEAR(static_cast<double>(rtt.latest()->count()), 80'000, 50);
}

TEST(ReceiverReferences, AreAnsweredOnce) {
  ReceiverReferences references;
  EXPECT_FALSE(references.report(kStart, Ssrc{1}).has_value());
  references.handle(kStart, asking(7, kStart));
  EXPECT_TRUE(references.report(kStart, Ssrc{1}).has_value());
  EXPECT_FALSE(references.report(kStart, Ssrc{1}).has_value());
}

TEST(ReceiverReferences, AnswerTheLatestOfEachReceiver) {
  ReceiverReferences references;
  references.handle(kStart, asking(7, kStart));
  references.handle(kStart + 1s, asking(7, kStart + 1s));
  references.handle(kStart + 1s, asking(8, kStart + 5s));
  const auto answer = references.report(kStart + 2s, Ssrc{1}).value();
  ASSERT_EQ(answer.last_receiver_references.size(), 2u);
  EXPECT_EQ(answer.last_receiver_references[0].last_rr, NtpTime::of(kStart + 1s).middle());
  EXPECT_EQ(answer.last_receiver_references[0].delay_since_last_rr, to_fixed_16_16(1s));
  EXPECT_FALSE(answer.receiver_reference_time.has_value());
}

TEST(ReceiverReferences, IgnoreReportsThatAskNothing) {
  ReceiverReferences references;
  references.handle(kStart, {.sender = Ssrc{7}});
  EXPECT_FALSE(references.report(kStart, Ssrc{1}).has_value());
}

TEST(ReceiverReferences, AreNotAnsweredWhenTheyAreOld) {
  ReceiverReferences references({.memory = 10s});
  references.handle(kStart, asking(7, kStart));
  EXPECT_FALSE(references.report(kStart + 10s + 1us, Ssrc{1}).has_value());
}

TEST(ReceiverReferences, AreKeptOfABoundedNumberOfReceivers) {
  ReceiverReferences references({.max_receivers = 4});
  for (std::uint32_t ssrc = 0; ssrc < 100; ++ssrc) references.handle(kStart, asking(ssrc, kStart));
  references.handle(kStart + 1s, asking(2, kStart + 1s));  // One that is known may ask again.
  const auto answer = references.report(kStart + 1s, Ssrc{1}).value();
  ASSERT_EQ(answer.last_receiver_references.size(), 4u);
  EXPECT_EQ(answer.last_receiver_references[2].delay_since_last_rr, 0u);
}

}  // namespace
}  // namespace parley::rtp
