#include "sfu/downlink.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "rtp/arrival_log.h"
#include "sfu/test_receiver.h"

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;
using Frame = TestStream::Frame;
namespace rtcp = rtp::rtcp;

constexpr Time kStart{1h};
constexpr Duration kFrameTime = 40ms;
// Eight packets as a camera of 2 Mbit/s sends them.
constexpr Frame kFrame{.packets = 8, .size = 1'100};
constexpr Frame kKeyFrame{.key = true, .packets = 8, .size = 1'100};

Downlink::Config with_rates(cc::SendController::Limits limits) {
  Downlink::Config config = test_downlink();
  config.limits = limits;
  return config;
}

std::vector<std::uint16_t> numbers(const std::vector<Arrived>& packets) {
  std::vector<std::uint16_t> numbers;
  for (const Arrived& packet : packets) numbers.push_back(packet.view().sequence_number());
  return numbers;
}

// The far end of a path that takes 10 ms and loses nothing.
struct FarEnd {
  rtp::ArrivalLog arrivals = {};

  void handle(TestReceiver& receiver, Time now, const std::vector<Arrived>& packets) {
    for (const Arrived& packet : packets) {
      arrivals.handle_packet(now + 10ms, packet.transport_number());
    }
    while (const auto feedback = arrivals.poll(now)) receiver.downlink.handle_rtcp(now, *feedback);
  }
};

TEST(Downlink, SendsNothingBeforeThereIsAPath) {
  TestReceiver receiver;
  receiver.send_frame(kStart, kKeyFrame);
  EXPECT_FALSE(receiver.downlink.has_packets(kStart));
  EXPECT_TRUE(receiver.sent_now(kStart).empty());
  EXPECT_EQ(receiver.downlink.next_deadline(), kNever);
}

TEST(Downlink, ForwardsUnderTheReceiversNumbers) {
  TestReceiver receiver;
  receiver.downlink.start(kStart);
  receiver.send_sound(kStart);
  receiver.send_frame(kStart, {.key = true, .packets = 2});
  ASSERT_TRUE(receiver.downlink.has_packets(kStart));
  const auto sent = receiver.sent_now(kStart);
  ASSERT_EQ(sent.size(), 3u);
  EXPECT_TRUE(sent[0].is_sound());
  EXPECT_EQ(sent[0].view().sequence_number(), 100);
  EXPECT_EQ(sent[0].view().timestamp(), 5'000u);
  EXPECT_EQ(sent[0].view().payload_type(), kOpus);
  EXPECT_TRUE(std::ranges::equal(sent[0].view().payload(), std::vector<std::uint8_t>(80, 0x78)));
  EXPECT_EQ(numbers({sent[1], sent[2]}), (std::vector<std::uint16_t>{65'530, 65'531}));
  EXPECT_EQ(sent[1].view().timestamp(), 9'000u);
  EXPECT_FALSE(sent[1].view().marker());
  EXPECT_TRUE(sent[2].view().marker());
  EXPECT_FALSE(receiver.downlink.has_packets(kStart));
  EXPECT_EQ(receiver.downlink.counters().packets, 3u);
}

TEST(Downlink, NumbersAllPacketsOfThePathInTheOrderTheyLeave) {
  TestReceiver receiver;
  receiver.downlink.start(kStart);
  receiver.send_frame(kStart, {.key = true, .packets = 2});
  receiver.send_sound(kStart);
  const auto sent = receiver.sent_now(kStart);
  ASSERT_EQ(sent.size(), 3u);
  for (std::size_t i = 1; i < sent.size(); ++i) {
    EXPECT_EQ(sent[i].transport_number(), sent[0].transport_number() + i);
  }
}

TEST(Downlink, SaysTheMidUntilTheReceiverReports) {
  TestReceiver receiver;
  receiver.downlink.start(kStart);
  receiver.send_frame(kStart, {.key = true});
  const auto first = receiver.sent_now(kStart);
  EXPECT_EQ(as_text(first.at(0).view().find_extension(1).value()), "v");
  receiver.downlink.handle_rtcp(kStart, rtcp::ReceiverReport{.blocks = {{.ssrc = kPictureSsrc}}});
  receiver.send_frame(kStart + kFrameTime, {});
  EXPECT_FALSE(receiver.sent_now(kStart + kFrameTime).at(0).view().find_extension(1));
}

// Firefox takes no SSRC of a section but those that came with its mid, once it has seen one.
TEST(Downlink, SaysTheMidOfWhatIsSentAgainUntilTheReceiverReportsThat) {
  TestReceiver receiver;
  receiver.downlink.start(kStart);
  receiver.send_frame(kStart, {.key = true});
  const auto number = receiver.sent_now(kStart).at(0).view().sequence_number();
  const auto report = [&](rtp::Ssrc ssrc) {
    receiver.downlink.handle_rtcp(kStart, rtcp::ReceiverReport{.blocks = {{.ssrc = ssrc}}});
  };
  const auto again = [&](Duration later) {
    receiver.downlink.handle_rtcp(kStart + later,
                                  rtcp::Nack{.media = kPictureSsrc, .missing = {number}});
    const auto sent = receiver.sent_now(kStart + later);
    EXPECT_EQ(sent.size(), 1u);
    return sent.at(0);
  };
  report(kPictureSsrc);
  const Arrived first = again(150ms);
  EXPECT_TRUE(first.is_rtx());
  EXPECT_EQ(as_text(first.view().find_extension(1).value()), "v");
  report(kRtxSsrc);
  EXPECT_FALSE(again(300ms).view().find_extension(1));
}

TEST(Downlink, SaysTheMidForSomeTimeToOneWhoNeverReports) {
  TestReceiver receiver;
  receiver.downlink.start(kStart);
  std::size_t with_mid = 0;
  for (int i = 0; i < 200; ++i) {
    receiver.send_sound(kStart + i * 20ms);
    for (const Arrived& packet : receiver.sent_now(kStart + i * 20ms)) {
      with_mid += packet.is_sound() && packet.view().find_extension(1).has_value();
    }
  }
  EXPECT_EQ(with_mid, 50u);
}

// --- Runs ---

TEST(Downlink, SendsAFrameAsOneRun) {
  TestReceiver receiver;
  receiver.downlink.start(kStart);
  receiver.send_frame(kStart, kKeyFrame);
  receiver.runs_now(kStart);
  receiver.send_frame(kStart + 1s, kFrame);
  const auto runs = receiver.runs_now(kStart + 1s);
  std::size_t longest = 0;
  for (const auto& run : runs) longest = std::max(longest, run.size());
  EXPECT_GE(longest, 6u) << "of eight: the first is larger, and a shorter one ends a run";
}

TEST(Downlink, PutsThePacketsOfAFrameTogetherWhateverCameBetween) {
  TestReceiver receiver;
  receiver.downlink.start(kStart);
  receiver.send_frame(kStart, {.key = true});
  receiver.sent_now(kStart);
  const Time now = kStart + 1s;
  for (const auto& packet : receiver.pictures.frame({.packets = 4, .size = 1'000})) {
    receiver.publish(now, receiver.camera, kPictureSlot, packet);
    receiver.send_sound(now);
  }
  const auto sent = receiver.sent_now(now);
  ASSERT_EQ(sent.size(), 8u);
  for (std::size_t i = 0; i < 8; ++i) EXPECT_EQ(sent[i].is_picture(), i < 4) << i;
}

TEST(Downlink, GoesOnInTheNextBatchWhereOneIsFull) {
  TestReceiver receiver(with_rates({.start = DataRate::mbps(50), .max = DataRate::mbps(100)}));
  receiver.downlink.start(kStart);
  receiver.send_frame(kStart, {.key = true, .packets = 150, .size = 1'000});
  const auto sent = receiver.sent_now(kStart);
  std::set<std::uint16_t> media;
  for (const Arrived& packet : sent) {
    if (packet.is_picture()) media.insert(packet.view().sequence_number());
  }
  EXPECT_EQ(media.size(), 150u);
}

// --- Payloads of one's own ---

TEST(Downlink, RewritesPictureIdsOfVp8) {
  TestReceiver receiver;
  receiver.downlink.start(kStart);
  receiver.send_frame(kStart, {.key = true});
  const auto first = receiver.sent_now(kStart);
  const auto before = codec::Vp8Descriptor::parse(first.at(0).view().payload()).value();
  // Another publisher, whose numbers are its own.
  Publication other(receiver.camera.config(), receiver.pool);
  TestStream stream{.ssrc = rtp::Ssrc{77}, .picture_id = 5, .tl0_picture_index = 9};
  receiver.downlink.slot(kPictureSlot).show(&other);
  const Time now = kStart + kFrameTime;
  for (const auto& packet : stream.frame({.key = true, .packets = 2, .size = 700})) {
    receiver.publish(now, other, kPictureSlot, packet);
  }
  const auto sent = receiver.sent_now(now);
  ASSERT_EQ(sent.size(), 2u);
  for (const Arrived& packet : sent) {
    const auto after = codec::Vp8Descriptor::parse(packet.view().payload()).value();
    EXPECT_EQ(after.picture_id, (*before.picture_id + 1) & 0x7FFF);
    EXPECT_EQ(*after.tl0_picture_index, static_cast<std::uint8_t>(*before.tl0_picture_index + 1));
    EXPECT_GT(packet.view().payload().size(), 700u);
    EXPECT_EQ(packet.view().payload().back(), 0);
  }
  receiver.downlink.slot(kPictureSlot).show(nullptr);
}

// --- Retransmissions ---

TEST(Downlink, SendsWhatWasLostAgainByRtx) {
  TestReceiver receiver;
  receiver.downlink.start(kStart);
  receiver.send_frame(kStart, {.key = true, .packets = 3, .size = 500});
  const auto first = receiver.sent_now(kStart);
  const Arrived& lost = first.at(1);
  receiver.downlink.handle_rtcp(
      kStart + 50ms, rtcp::Nack{.media = kPictureSsrc, .missing = {lost.view().sequence_number()}});
  const auto again = receiver.sent_now(kStart + 50ms);
  ASSERT_EQ(again.size(), 1u);
  EXPECT_TRUE(again[0].is_rtx());
  EXPECT_EQ(again[0].view().payload_type(), kRtx);
  EXPECT_EQ(again[0].original(), lost.view().sequence_number());
  EXPECT_EQ(again[0].view().timestamp(), lost.view().timestamp());
  EXPECT_TRUE(std::ranges::equal(again[0].view().payload().subspan(2), lost.view().payload()));
  EXPECT_EQ(receiver.downlink.counters().retransmitted, 1u);
}

TEST(Downlink, SendsTheReceiversPictureIdsAgain) {
  TestReceiver receiver;
  receiver.downlink.start(kStart);
  receiver.send_frame(kStart, {.key = true});
  receiver.sent_now(kStart);
  Publication other(receiver.camera.config(), receiver.pool);
  TestStream stream{.ssrc = rtp::Ssrc{77}, .picture_id = 5, .tl0_picture_index = 9};
  receiver.downlink.slot(kPictureSlot).show(&other);
  receiver.publish(kStart, other, kPictureSlot, stream.frame({.key = true}).at(0));
  const auto sent = receiver.sent_now(kStart);
  receiver.downlink.handle_rtcp(
      kStart + 50ms,
      rtcp::Nack{.media = kPictureSsrc, .missing = {sent.at(0).view().sequence_number()}});
  const auto again = receiver.sent_now(kStart + 50ms);
  ASSERT_EQ(again.size(), 1u);
  EXPECT_TRUE(
      std::ranges::equal(again[0].view().payload().subspan(2), sent.at(0).view().payload()));
  receiver.downlink.slot(kPictureSlot).show(nullptr);
}

TEST(Downlink, CountsWhatItDoesNotSendAgain) {
  TestReceiver receiver;
  receiver.downlink.start(kStart);
  receiver.send_frame(kStart, {.key = true});
  receiver.send_sound(kStart);
  const auto sent = receiver.sent_now(kStart);
  const auto number = sent.at(0).view().sequence_number();
  const auto never = static_cast<std::uint16_t>(number + 100);
  auto& downlink = receiver.downlink;
  downlink.handle_rtcp(kStart + 1ms, rtcp::Nack{.media = kPictureSsrc, .missing = {number, never}});
  downlink.handle_rtcp(kStart + 2ms, rtcp::Nack{.media = kPictureSsrc, .missing = {number}});
  downlink.handle_rtcp(kStart + 3ms, rtcp::Nack{.media = kSoundSsrc, .missing = {100}});
  downlink.handle_rtcp(kStart + 4ms, rtcp::Nack{.media = rtp::Ssrc{9}, .missing = {100}});
  EXPECT_EQ(receiver.sent_now(kStart + 5ms).size(), 1u);
  EXPECT_EQ(downlink.counters().nacked, 4u);
  EXPECT_EQ(downlink.counters().retransmitted, 1u);
  EXPECT_EQ(downlink.counters().unknown_nack, 3u);
}

TEST(Downlink, SendsNothingTwiceWithoutRtx) {
  Downlink::Config config = test_downlink();
  config.slots[kPictureSlot].stream.rtx_ssrc.reset();
  TestReceiver receiver(std::move(config));
  receiver.downlink.start(kStart);
  receiver.send_frame(kStart, {.key = true});
  const auto sent = receiver.sent_now(kStart);
  receiver.downlink.handle_rtcp(
      kStart + 50ms,
      rtcp::Nack{.media = kPictureSsrc, .missing = {sent.at(0).view().sequence_number()}});
  EXPECT_TRUE(receiver.sent_now(kStart + 50ms).empty());
  EXPECT_EQ(receiver.downlink.counters().unknown_nack, 1u);
}

// --- Pictures that were lost ---

TEST(Downlink, AsksThePublisherForAKeyFrameWhereAPictureIsLost) {
  TestReceiver receiver;
  receiver.downlink.start(kStart);
  receiver.send_frame(kStart, {.key = true});
  receiver.sent_now(kStart);
  while (receiver.camera.poll_feedback(kStart)) {
  }
  const auto asked = [&](Time now) {
    bool key_frame = false;
    while (const auto feedback = receiver.camera.poll_feedback(now))
      key_frame |= feedback->key_frame;
    return key_frame;
  };
  Time now = kStart + 5s;
  EXPECT_FALSE(asked(now));
  receiver.downlink.handle_rtcp(now, rtcp::PictureLossIndication{.media = kPictureSsrc});
  EXPECT_TRUE(asked(now));
  receiver.send_frame(now, {.key = true});
  now += 5s;
  const rtcp::FullIntraRequest fir{.entries = {{.ssrc = kPictureSsrc, .sequence_number = 3}}};
  receiver.downlink.handle_rtcp(now, fir);
  EXPECT_TRUE(asked(now));
  receiver.send_frame(now, {.key = true});
  now += 5s;
  receiver.downlink.handle_rtcp(now, fir);
  EXPECT_FALSE(asked(now)) << "it is the same request";
  EXPECT_EQ(receiver.downlink.counters().picture_losses, 2u);
}

// For each key frame that it gets, ten times a second.
TEST(Downlink, AsksThePublisherEverMoreSeldomForWhoLosesEachPicture) {
  TestReceiver receiver;
  receiver.downlink.start(kStart);
  receiver.send_frame(kStart, {.key = true});
  int asked = 0;
  int in_first_second = 0;
  for (Duration time = 100ms; time <= 10s; time += 100ms) {
    const Time now = kStart + time;
    receiver.downlink.handle_rtcp(now, rtcp::PictureLossIndication{.media = kPictureSsrc});
    bool key = false;
    while (const auto feedback = receiver.camera.poll_feedback(now)) key |= feedback->key_frame;
    asked += key ? 1 : 0;
    if (time <= 1s) in_first_second = asked;
    receiver.send_frame(now, {.key = key});
    receiver.sent_now(now);
  }
  EXPECT_GE(in_first_second, 2);
  EXPECT_GE(asked, 5);
  EXPECT_LE(asked, 7);
}

// --- Pace ---

TEST(Downlink, SpreadsAKeyFrameOnceThePathIsKnownToBeNarrow) {
  TestReceiver receiver(with_rates({.start = DataRate::kbps(400), .max = DataRate::kbps(400)}));
  receiver.downlink.start(kStart);
  receiver.send_frame(kStart, {.key = true, .packets = 40, .size = 1'100});
  const auto at_once = receiver.sent_now(kStart);
  EXPECT_GE(at_once.size(), 10u) << "not known yet: it begins with a good deal";
  EXPECT_LT(at_once.size(), 14u);
  std::size_t sent = at_once.size();
  for (Time now = kStart; sent < 40; now = std::max(now + 1us, receiver.downlink.next_deadline())) {
    ASSERT_LT(now, kStart + 2s);
    sent += receiver.sent_now(now).size();
  }
}

TEST(Downlink, LetsSoundLeaveAtOnce) {
  TestReceiver receiver(with_rates({.start = DataRate::kbps(100), .max = DataRate::kbps(100)}));
  receiver.downlink.start(kStart);
  receiver.send_frame(kStart, {.key = true, .packets = 60, .size = 1'100});
  receiver.sent_now(kStart);
  ASSERT_FALSE(receiver.downlink.has_packets(kStart)) << "pictures wait";
  for (int i = 1; i < 50; ++i) {
    const Time now = kStart + i * 1ms;
    receiver.send_sound(now);
    ASSERT_TRUE(std::ranges::any_of(receiver.sent_now(now), &Arrived::is_sound)) << i;
  }
}

TEST(Downlink, LetsAKeyFrameOvertakeWhatItMakesUseless) {
  TestReceiver receiver(with_rates({.start = DataRate::kbps(100), .max = DataRate::kbps(100)}));
  receiver.downlink.start(kStart);
  receiver.send_frame(kStart, {.key = true, .packets = 40, .size = 1'100});
  const std::size_t before = receiver.sent_now(kStart).size();
  receiver.send_frame(kStart + kFrameTime, {.key = true, .packets = 2, .size = 500});
  const std::size_t dropped = 40 - before;
  EXPECT_EQ(receiver.downlink.counters().dropped_waiting, dropped);
  std::vector<Arrived> rest;
  for (Time now = kStart + kFrameTime; now < kStart + 900ms; now += 5ms) {
    for (Arrived& packet : receiver.sent_now(now)) rest.push_back(std::move(packet));
  }
  std::erase_if(rest, [](const Arrived& packet) { return !packet.is_picture(); });
  ASSERT_EQ(rest.size(), 2u);
  const auto first = rest[0].view().sequence_number();
  EXPECT_EQ(first, static_cast<std::uint16_t>(65'530 + 40));
  // What was given up is not sent again, what came after it is.
  receiver.downlink.handle_rtcp(
      kStart + 900ms,
      rtcp::Nack{.media = kPictureSsrc, .missing = {static_cast<std::uint16_t>(first - 1), first}});
  EXPECT_EQ(receiver.downlink.counters().retransmitted, 1u);
}

TEST(Downlink, SendsNothingMoreOfAPictureThatItGivesUp) {
  TestReceiver receiver(with_rates({.start = DataRate::kbps(100), .max = DataRate::kbps(100)}));
  receiver.downlink.start(kStart);
  receiver.send_frame(kStart, {.key = true, .packets = 40, .size = 1'100});
  const auto sent = receiver.sent_now(kStart);
  receiver.downlink.give_up_picture(kStart, kPictureSlot);
  EXPECT_EQ(receiver.downlink.counters().dropped_waiting, 40 - sent.size());
  receiver.send_frame(kStart, {.packets = 2});
  receiver.downlink.handle_rtcp(
      kStart + 50ms,
      rtcp::Nack{.media = kPictureSsrc, .missing = {sent.at(1).view().sequence_number()}});
  EXPECT_TRUE(receiver.sent_now(kStart + 3s).empty());
  // It goes on with a key frame.
  receiver.downlink.ask_for_key_frames(kStart + 3s);
  EXPECT_TRUE(receiver.camera.poll_feedback(kStart + 3s)->key_frame);
  receiver.send_frame(kStart + 3s, {.key = true, .packets = 2});
  EXPECT_EQ(receiver.sent_now(kStart + 3s).size(), 2u);
}

TEST(Downlink, GivesUpASlotThatHasSentNothing) {
  TestReceiver receiver;
  receiver.downlink.start(kStart);
  receiver.downlink.give_up_picture(kStart, kPictureSlot);
  receiver.send_frame(kStart, {.key = true});
  EXPECT_EQ(receiver.sent_now(kStart).size(), 1u);
}

TEST(Downlink, StartsAfreshWithAKeyFrameWhereTooMuchWaits) {
  Downlink::Config config = with_rates({.start = DataRate::kbps(100), .max = DataRate::kbps(100)});
  config.max_waiting = 100;
  TestReceiver receiver(std::move(config));
  receiver.downlink.start(kStart);
  receiver.send_frame(kStart, {.key = true, .packets = 50, .size = 1'100});
  while (receiver.camera.poll_feedback(kStart)) {
  }
  for (int i = 1; i < 30; ++i) receiver.send_frame(kStart + 3s, kFrame);
  EXPECT_GE(receiver.downlink.counters().dropped_waiting, 100u);
  bool asked = false;
  while (const auto feedback = receiver.camera.poll_feedback(kStart + 3s)) {
    asked |= feedback->key_frame;
  }
  EXPECT_TRUE(asked);
  EXPECT_LT(receiver.pool.in_use(), 400u);
}

TEST(Downlink, StartsAfreshWhereOnlyWhatIsSentAgainWaits) {
  Downlink::Config config = test_downlink();
  config.max_waiting = 100;
  TestReceiver receiver(std::move(config));
  receiver.downlink.start(kStart);
  std::vector<std::uint16_t> lost;
  Time now = kStart;
  for (int i = 0; i < 30; ++i) {
    receiver.send_frame(now, {.key = i == 0, .packets = 8, .size = 1'000});
    for (const Arrived& packet : receiver.sent_now(now)) {
      if (packet.is_picture()) lost.push_back(packet.view().sequence_number());
    }
    while (receiver.camera.poll_feedback(now)) {
    }
    now += 20ms;
  }
  ASSERT_EQ(lost.size(), 240u);
  receiver.downlink.handle_rtcp(now, rtcp::Nack{.media = kPictureSsrc, .missing = lost});
  EXPECT_GE(receiver.downlink.counters().dropped_waiting, 100u);
  bool asked = false;
  while (const auto feedback = receiver.camera.poll_feedback(now)) asked |= feedback->key_frame;
  EXPECT_TRUE(asked);
}

TEST(Downlink, HoldsNoMoreThanItMayWhereItsOwnerDoesNotSend) {
  Downlink::Config config = with_rates({.start = DataRate::mbps(100), .max = DataRate::mbps(100)});
  config.max_waiting = 100;
  TestReceiver receiver(std::move(config));
  receiver.downlink.start(kStart);
  for (int i = 0; i < 2'000; ++i) receiver.send_sound(kStart + i * 20ms);
  EXPECT_EQ(receiver.downlink.counters().dropped_waiting, 1'900u);
  EXPECT_EQ(receiver.sent_now(kStart + 40s).size(), 100u);
}

TEST(Downlink, DoesNotPaceForOneWhoTellsNothing) {
  Downlink::Config config = with_rates({.start = DataRate::kbps(300)});
  for (auto& slot : config.slots) slot.extensions = {};
  TestReceiver receiver(std::move(config));
  receiver.downlink.start(kStart);
  receiver.send_frame(kStart, {.key = true, .packets = 30, .size = 1'100});
  EXPECT_EQ(receiver.sent_now(kStart).size(), 30u);
}

// --- Probes ---

TEST(Downlink, ProbesWithRepeatsOfTheLastPackets) {
  TestReceiver receiver(with_rates({.start = DataRate::kbps(300), .max = DataRate::mbps(10)}));
  receiver.downlink.start(kStart);
  receiver.send_frame(kStart, {.key = true, .packets = 2, .size = 1'100});
  std::vector<Arrived> sent;
  for (Time now = kStart; now < kStart + 200ms; now += 1ms) {
    for (Arrived& packet : receiver.sent_now(now)) sent.push_back(std::move(packet));
  }
  std::set<std::uint16_t> rtx_numbers;
  std::size_t repeats = 0;
  for (const Arrived& packet : sent) {
    if (!packet.is_rtx()) continue;
    EXPECT_TRUE(rtx_numbers.insert(packet.view().sequence_number()).second);
    repeats += packet.original().has_value();
    if (packet.original()) {
      EXPECT_TRUE(packet.original() == 65'530 || packet.original() == 65'531);
    } else {
      EXPECT_GT(packet.view().padding_size(), 200u);
    }
  }
  EXPECT_GE(receiver.downlink.counters().padding, 8u);
  EXPECT_GT(repeats, 0u);
  EXPECT_EQ(receiver.downlink.counters().retransmitted, 0u);
}

TEST(Downlink, DoesNotProbeForWhatNobodyWants) {
  TestReceiver receiver(with_rates({.start = DataRate::kbps(300), .max = DataRate::mbps(10)}));
  receiver.downlink.set_desired(kStart, DataRate::kbps(100));
  receiver.downlink.start(kStart);
  FarEnd far_end;
  for (Time now = kStart; now < kStart + 20s; now += 20ms) {
    if (now == kStart) receiver.send_frame(now, {.key = true, .size = 1'000});
    receiver.send_sound(now);
    far_end.handle(receiver, now, receiver.sent_now(now));
  }
  EXPECT_EQ(receiver.downlink.counters().padding, 0u);
  EXPECT_LE(receiver.downlink.estimate(), DataRate::kbps(300));
}

TEST(Downlink, FindsOutWhatThePathCarriesAsSoonAsItIsWanted) {
  TestReceiver receiver(with_rates({.start = DataRate::kbps(300), .max = DataRate::mbps(10)}));
  receiver.downlink.set_desired(kStart, DataRate::mbps(3));
  receiver.downlink.start(kStart);
  EXPECT_EQ(receiver.downlink.estimate(), DataRate::kbps(300));
  receiver.send_frame(kStart, kKeyFrame);
  FarEnd far_end;
  for (Time now = kStart; now < kStart + 10s; now += 1ms) {
    if (now.time_since_epoch() % 20ms == 0ms) receiver.send_sound(now);
    if (now.time_since_epoch() % 40ms == 0ms) receiver.send_frame(now, {.size = 1'100});
    far_end.handle(receiver, now, receiver.sent_now(now));
  }
  EXPECT_GE(receiver.downlink.video_budget(), DataRate::mbps(3));
  EXPECT_LT(receiver.downlink.estimate(), DataRate::mbps(5));
}

TEST(Downlink, TakesNoPaddingFromWhatIsLeftForVideo) {
  TestReceiver receiver(with_rates({.start = DataRate::mbps(1), .max = DataRate::mbps(10)}));
  receiver.downlink.start(kStart);
  receiver.send_frame(kStart, kKeyFrame);
  for (Time now = kStart; now < kStart + 1500ms; now += 1ms) {
    if (now.time_since_epoch() % 20ms == 0ms) receiver.send_sound(now);
    receiver.sent_now(now);
    receiver.downlink.handle_timeout(now);
    EXPECT_GT(receiver.downlink.video_budget(), DataRate::kbps(850));
  }
  EXPECT_GT(receiver.downlink.counters().padding, 8u);
}

TEST(Downlink, KnowsAnEstimateThatIsOnlyWhatWasDesiredFromALimit) {
  TestReceiver receiver(with_rates({.start = DataRate::kbps(300), .max = DataRate::mbps(10)}));
  Downlink& downlink = receiver.downlink;
  downlink.set_desired(kStart, DataRate::kbps(100));
  downlink.start(kStart);
  EXPECT_EQ(downlink.estimate(), DataRate::kbps(300));
  EXPECT_TRUE(downlink.may_carry_more(kStart));
  downlink.set_desired(kStart, DataRate::mbps(3));
  EXPECT_TRUE(downlink.may_carry_more(kStart + 999ms));
  EXPECT_FALSE(downlink.may_carry_more(kStart + 1s));  // It would have been found by then.
}

// --- Reports ---

TEST(Downlink, ReportsWhatItSentWithItsNameOnceASecond) {
  TestReceiver receiver;
  receiver.downlink.start(kStart);
  receiver.send_sound(kStart);
  receiver.send_frame(kStart, {.key = true, .packets = 3});
  receiver.sent_now(kStart);
  const auto messages = receiver.reports_now(kStart);
  ASSERT_EQ(messages.size(), 3u);
  const auto& sound = std::get<rtcp::SenderReport>(messages[0]);
  EXPECT_EQ(sound.sender, kSoundSsrc);
  EXPECT_EQ(sound.packets, 1u);
  EXPECT_EQ(sound.octets, 80u);
  EXPECT_EQ(sound.ntp, rtp::NtpTime::of(kStart));
  EXPECT_EQ(std::get<rtcp::SenderReport>(messages[1]).packets, 3u);
  EXPECT_EQ(
      std::get<rtcp::SourceDescription>(messages[2]).chunks,
      (std::vector<rtcp::SourceDescription::Chunk>{{.ssrc = kSoundSsrc, .cname = "server"},
                                                   {.ssrc = kPictureSsrc, .cname = "server"}}));
  EXPECT_TRUE(receiver.reports_now(kStart + 999ms).empty());
  EXPECT_TRUE(receiver.reports_now(kStart + 1s).empty()) << "nothing was sent since";
  receiver.send_sound(kStart + 1100ms);
  receiver.sent_now(kStart + 1100ms);
  EXPECT_EQ(receiver.reports_now(kStart + 2s).size(), 2u);
}

// Sound and picture of the same moment get reports that say so, by the receiver's clocks.
TEST(Downlink, TellsWhichMomentsOfSoundAndPictureAreTheSame) {
  TestReceiver receiver;
  receiver.downlink.start(kStart);
  for (int i = 0; i < 100; ++i) {
    const Time now = kStart + i * 20ms;
    receiver.send_sound(now);
    if (i % 2 == 0) {
      receiver.send_frame(now, {.key = i == 0});
      receiver.pictures.timestamp += 600;  // 25 frames a second.
    }
    receiver.sent_now(now);
  }
  const Time now = kStart + 2500ms;
  const auto messages = receiver.reports_now(now);
  ASSERT_EQ(messages.size(), 3u);
  // What was first, arrived at kStart under these timestamps.
  EXPECT_NEAR(std::get<rtcp::SenderReport>(messages[0]).rtp_timestamp, 5'000 + 2.5 * 48'000, 48);
  EXPECT_NEAR(std::get<rtcp::SenderReport>(messages[1]).rtp_timestamp, 9'000 + 2.5 * 90'000, 90);
}

TEST(Downlink, ReportsAsSoonAsASlotShowsSomethingElse) {
  TestReceiver receiver;
  receiver.downlink.start(kStart);
  receiver.send_frame(kStart, {.key = true});
  receiver.sent_now(kStart);
  EXPECT_FALSE(receiver.reports_now(kStart).empty());
  const Time now = kStart + 300ms;
  Publication other(receiver.camera.config(), receiver.pool);
  TestStream stream{.ssrc = rtp::Ssrc{77}};
  receiver.downlink.slot(kPictureSlot).show(&other);
  receiver.publish(now, other, kPictureSlot, stream.frame({.key = true}).at(0));
  EXPECT_TRUE(receiver.reports_now(now).empty()) << "it has not left";
  receiver.sent_now(now);
  EXPECT_FALSE(receiver.reports_now(now).empty());
  receiver.downlink.slot(kPictureSlot).show(nullptr);
}

TEST(Downlink, AnswersWhoAsksForTheRoundTrip) {
  TestReceiver receiver;
  receiver.downlink.start(kStart);
  receiver.reports_now(kStart);
  receiver.downlink.handle_rtcp(
      kStart, rtcp::ExtendedReport{.sender = rtp::Ssrc{5},
                                   .receiver_reference_time = rtp::NtpTime::of(kStart)});
  EXPECT_EQ(receiver.downlink.next_deadline(), kAtOnce);
  const auto messages = receiver.reports_now(kStart + 1ms);
  const auto answer = std::ranges::find_if(messages, [](const rtcp::Message& message) {
    return std::holds_alternative<rtcp::ExtendedReport>(message);
  });
  ASSERT_NE(answer, messages.end());
  EXPECT_EQ(std::get<rtcp::ExtendedReport>(*answer).last_receiver_references.at(0).ssrc,
            rtp::Ssrc{5});
  EXPECT_NE(receiver.downlink.next_deadline(), kAtOnce);
}

// One who only publishes, and asks for the round trip nevertheless.
TEST(Downlink, RestsWhereThereAreNoSlots) {
  SeededRandom random(1);
  Downlink downlink({}, random);
  downlink.start(kStart);
  downlink.handle_rtcp(kStart,
                       rtcp::ExtendedReport{.sender = rtp::Ssrc{5},
                                            .receiver_reference_time = rtp::NtpTime::of(kStart)});
  int times = 0;
  for (Time due = downlink.next_deadline(); due < kStart + 10s; due = downlink.next_deadline()) {
    ASSERT_LT(++times, 1'000);
    downlink.handle_timeout(std::max(due, kStart));
    EXPECT_FALSE(downlink.poll_rtcp(std::max(due, kStart)));
  }
}

TEST(Downlink, LearnsRoundTripAndLossFromReports) {
  TestReceiver receiver;
  receiver.downlink.start(kStart);
  receiver.send_sound(kStart);
  receiver.sent_now(kStart);
  const auto sent = std::get<rtcp::SenderReport>(receiver.reports_now(kStart).at(0));
  rtcp::ReportBlock block{.ssrc = kSoundSsrc,
                          .highest_sequence = 1'000,
                          .last_sr = sent.ntp.middle(),
                          .delay_since_last_sr = rtp::to_fixed_16_16(100ms)};
  receiver.downlink.handle_rtcp(kStart + 160ms, rtcp::ReceiverReport{.blocks = {block}});
  ASSERT_TRUE(receiver.downlink.round_trip_time());
  EXPECT_NEAR(static_cast<double>(receiver.downlink.round_trip_time()->count()), 60'000, 100);
  block.highest_sequence += 100;
  block.cumulative_lost = 20;
  receiver.downlink.handle_rtcp(kStart + 1s, rtcp::ReceiverReport{.blocks = {block}});
  EXPECT_NEAR(receiver.downlink.loss(), 0.05, 0.001) << "smoothed";
}

TEST(Downlink, SendsNoMoreThanTheReceiverAllows) {
  TestReceiver receiver;
  receiver.downlink.start(kStart);
  receiver.downlink.handle_rtcp(kStart,
                                rtcp::ReceiverEstimatedMaximumBitrate{.bits_per_second = 123'000});
  EXPECT_EQ(receiver.downlink.estimate(), DataRate::kbps(123));
  EXPECT_LE(receiver.downlink.video_budget(), DataRate::kbps(123));
}

TEST(Downlink, TakesSoundOffTheBudgetForVideo) {
  TestReceiver receiver(with_rates({.start = DataRate::kbps(500), .max = DataRate::kbps(500)}));
  receiver.downlink.start(kStart);
  for (int i = 0; i < 200; ++i) {
    const Time now = kStart + i * 20ms;
    receiver.send_sound(now, 156);  // 100 kbit/s with all headers.
    receiver.sent_now(now);
    receiver.downlink.handle_timeout(now);
  }
  EXPECT_NEAR(receiver.downlink.video_budget().in_kbps(), 384, 25);
}

}  // namespace
}  // namespace parley::sfu
