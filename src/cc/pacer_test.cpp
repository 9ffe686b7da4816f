#include "cc/pacer.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/overloaded.h"

namespace parley::cc {
namespace {

using namespace std::chrono_literals;
using rtp::ProbeId;
using rtp::Ssrc;

constexpr Time kStart{1h};
constexpr DataSize kPacket = DataSize::bytes(1'250);  // 10 ms at 1 Mbit/s.

struct Sender {
  Pacer<std::string> pacer;
  Time now = kStart;

  explicit Sender(DataRate pacing = DataRate::mbps(1), DataRate padding = {})
      : pacer({.budget = {.burst = 0ms}}) {
    pacer.set_rates(now, pacing, padding);
  }
  void push(const std::string& packet, Priority priority = Priority::kVideo) {
    pacer.push(now, priority, Ssrc{1}, kPacket, packet);
  }
  // What leaves at this moment, as "name", "name#probe" or "pad#probe".
  std::vector<std::string> poll() {
    std::vector<std::string> out;
    const auto mark = [](ProbeId id) { return id ? "#" + std::to_string(id.value) : ""; };
    while (const auto output = pacer.poll(now)) {
      std::visit(
          overloaded{
              [&](const Pacer<std::string>::Send& s) { out.push_back(s.packet + mark(s.probe)); },
              [&](const Pacer<std::string>::Pad& p) { out.push_back("pad" + mark(p.probe)); }},
          *output);
    }
    return out;
  }
};

using Sent = std::vector<std::string>;

TEST(Pacer, SpacesVideo) {
  Sender sender;
  for (const char* name : {"a", "b", "c"}) sender.push(name);
  EXPECT_EQ(sender.poll(), Sent{"a"});
  EXPECT_EQ(sender.pacer.next_deadline(), kStart + 10ms);
  sender.now += 10ms;
  EXPECT_EQ(sender.poll(), Sent{"b"});
  sender.now += 10ms;
  EXPECT_EQ(sender.poll(), Sent{"c"});
  EXPECT_EQ(sender.pacer.next_deadline(), kNever);
}

TEST(Pacer, LetsSoundLeaveAtOnceThoughItCounts) {
  Sender sender;
  sender.push("video");
  EXPECT_EQ(sender.poll(), Sent{"video"});
  sender.push("more");
  sender.push("sound", Priority::kAudio);
  EXPECT_LE(sender.pacer.next_deadline(), sender.now);
  EXPECT_EQ(sender.poll(), Sent{"sound"});
  sender.now += 10ms;
  EXPECT_EQ(sender.poll(), Sent{});
  sender.now += 10ms;
  EXPECT_EQ(sender.poll(), Sent{"more"});
}

TEST(Pacer, LetsPassWhatNeedNotWait) {
  Sender sender;
  EXPECT_TRUE(sender.pacer.idle());
  EXPECT_EQ(sender.pacer.pass(kStart, Priority::kVideo, kPacket), ProbeId{});
  EXPECT_EQ(sender.pacer.pass(kStart, Priority::kVideo, kPacket), std::nullopt);
  EXPECT_EQ(sender.pacer.pass(kStart, Priority::kAudio, kPacket), ProbeId{});
  EXPECT_EQ(sender.pacer.pass(kStart + 19ms, Priority::kVideo, kPacket), std::nullopt);
  EXPECT_EQ(sender.pacer.pass(kStart + 20ms, Priority::kVideo, kPacket), ProbeId{});
}

TEST(Pacer, LetsNothingPassWhatWaits) {
  Sender sender;
  sender.push("a");
  sender.push("b");
  sender.poll();
  sender.now += 1s;
  EXPECT_FALSE(sender.pacer.idle());
  EXPECT_EQ(sender.pacer.pass(sender.now, Priority::kVideo, kPacket), std::nullopt);
  EXPECT_EQ(sender.pacer.pass(sender.now, Priority::kAudio, kPacket), ProbeId{});
  EXPECT_EQ(sender.pacer.drop(sender.now, Priority::kVideo, Ssrc{1}), 1u);
  EXPECT_EQ(sender.pacer.waiting(), 0u);
}

TEST(Pacer, MakesAProbeOfWhatPasses) {
  Sender sender;
  sender.pacer.probe(kStart, {.id = {7}, .rate = DataRate::mbps(10), .min_packets = 2});
  EXPECT_FALSE(sender.pacer.idle());
  EXPECT_EQ(sender.pacer.pass(kStart, Priority::kVideo, kPacket), ProbeId{7});
  EXPECT_EQ(sender.pacer.pass(kStart + 1ms, Priority::kVideo, kPacket), ProbeId{7});
  EXPECT_EQ(sender.pacer.pass(kStart + 1ms, Priority::kVideo, kPacket), std::nullopt);
}

TEST(Pacer, TellsHowLongAPacketWaited) {
  Sender sender;
  sender.push("a");
  sender.push("b");
  sender.poll();
  sender.now += 10ms;
  const auto output = sender.pacer.poll(sender.now).value();
  EXPECT_EQ(std::get<Pacer<std::string>::Send>(output).waited, 10ms);
}

TEST(Pacer, HoldsEverythingButSoundUntilThereIsARate) {
  Sender sender{DataRate()};
  sender.pacer.set_rates(kStart, DataRate(), DataRate());
  Pacer<std::string> idle;
  EXPECT_EQ(idle.next_deadline(), kNever);
  EXPECT_EQ(sender.poll(), Sent{});
}

TEST(Pacer, HastensWhenMuchWaits) {
  Sender sender;  // 1 Mbit/s are 200 packets in 2 s.
  for (int i = 0; i < 400; ++i) sender.push("x");
  std::size_t sent = 0;
  for (; sender.now < kStart + 1s; sender.now += 1ms) sent += sender.poll().size();
  EXPECT_GT(sent, 140u);
  for (; sender.now < kStart + 4s; sender.now += 1ms) sent += sender.poll().size();
  EXPECT_EQ(sent, 400u);
}

TEST(Pacer, SendsAProbeOutOfWhatWaitsAndFillsItUp) {
  Sender sender;
  sender.push("a");
  sender.push("b");
  sender.pacer.probe(kStart, {.id = {7}, .rate = DataRate::mbps(10), .min_packets = 4});
  Sent sent;
  for (; sender.now < kStart + 10ms; sender.now += 500us) {
    for (const auto& name : sender.poll()) sent.push_back(name);
  }
  EXPECT_EQ(sent, (Sent{"a#7", "b#7", "pad#7", "pad#7"}));
}

TEST(Pacer, AsksForNoPaddingThatCannotBeMade) {
  Sender sender;
  sender.pacer.set_can_pad(false);
  sender.pacer.probe(kStart, {.id = {7}, .rate = DataRate::mbps(10), .min_packets = 2});
  EXPECT_EQ(sender.pacer.next_deadline(), kNever);
  EXPECT_EQ(sender.poll(), Sent{});
  sender.now += 100ms;
  sender.push("a");
  EXPECT_EQ(sender.poll(), Sent{"a#7"});
  sender.now += 1s;  // Nothing came in time.
  sender.push("b");
  EXPECT_EQ(sender.poll(), Sent{"b"});
  EXPECT_EQ(sender.pacer.stats().probes_abandoned, 1u);
}

TEST(Pacer, PadsUpToTheRateThatIsAskedForWhereMediaIsLess) {
  Sender sender(DataRate::mbps(2), DataRate::kbps(400));
  DataSize padding;
  DataSize media;
  for (int ms = 0; ms < 10'000; ++ms, sender.now += 1ms) {
    if (ms < 5'000 && ms % 50 == 0) sender.push("m");  // 200 kbit/s, for half of the time.
    while (const auto output = sender.pacer.poll(sender.now)) {
      if (const auto* const pad = std::get_if<Pacer<std::string>::Pad>(&*output)) {
        padding += pad->size;
      } else {
        media += kPacket;
      }
    }
  }
  EXPECT_NEAR((padding / 10s).in_kbps(), 300, 15);
  EXPECT_NEAR((media / 10s).in_kbps(), 100, 2);
}

TEST(Pacer, PadsNothingWhileMediaWaits) {
  Sender sender(DataRate::kbps(100), DataRate::kbps(100));
  for (int i = 0; i < 5; ++i) sender.push("m");
  for (int i = 0; i < 5; ++i, sender.now += 100ms) EXPECT_EQ(sender.poll(), Sent{"m"});
}

TEST(Pacer, CarriesPacketsThatCanOnlyBeMoved) {
  Pacer<std::unique_ptr<int>> pacer;
  pacer.set_rates(kStart, DataRate::mbps(1), DataRate());
  pacer.push(kStart, Priority::kVideo, Ssrc{1}, kPacket, std::make_unique<int>(5));
  auto output = pacer.poll(kStart).value();
  EXPECT_EQ(*std::get<Pacer<std::unique_ptr<int>>::Send>(output).packet, 5);
}

TEST(Pacer, CountsWhatItHoldsAndDrops) {
  Pacer<std::string> pacer({.queue = {.max_packets = 2}});
  for (int i = 0; i < 5; ++i) pacer.push(kStart, Priority::kVideo, Ssrc{1}, kPacket, "x");
  EXPECT_EQ(pacer.stats().waiting_packets, 2u);
  EXPECT_EQ(pacer.stats().waiting, kPacket * 2);
  EXPECT_EQ(pacer.stats().dropped_full, 3u);
}

}  // namespace
}  // namespace parley::cc
