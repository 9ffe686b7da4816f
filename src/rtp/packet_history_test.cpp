#include "rtp/packet_history.h"

#include <gtest/gtest.h>

#include <string>

namespace parley::rtp {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};

SharedBytes packet(std::uint64_t seq) {
  return SharedBytes("packet " + std::to_string(seq));
}

TEST(PacketHistory, FindsWhatWasAdded) {
  PacketHistory history;
  for (std::uint64_t seq = 65'500; seq < 66'000; ++seq) history.add(kStart, {seq}, packet(seq));
  EXPECT_EQ(history.find(kStart, {65'500}), packet(65'500));
  EXPECT_EQ(history.find(kStart, {65'999}), packet(65'999));
  EXPECT_FALSE(history.find(kStart, {66'000}).has_value());
  EXPECT_FALSE(history.find(kStart, {0}).has_value());
}

TEST(PacketHistory, KeepsTheNewest) {
  PacketHistory history({.capacity = 4});
  for (std::uint64_t seq = 0; seq < 10; ++seq) history.add(kStart, {seq}, packet(seq));
  EXPECT_FALSE(history.find(kStart, {5}).has_value());
  for (std::uint64_t seq = 6; seq < 10; ++seq) {
    EXPECT_EQ(history.find(kStart, {seq}), packet(seq)) << seq;
  }
}

TEST(PacketHistory, ForgetsWhatIsTooOld) {
  PacketHistory history({.max_age = 1s});
  history.add(kStart, {7}, packet(7));
  EXPECT_TRUE(history.find(kStart + 1s, {7}).has_value());
  EXPECT_FALSE(history.find(kStart + 1s + 1us, {7}).has_value());
}

TEST(PacketHistory, IsEmptyAfterClear) {
  PacketHistory history;
  history.add(kStart, {7}, packet(7));
  history.clear();
  EXPECT_FALSE(history.find(kStart, {7}).has_value());
}

TEST(NackResponder, SendsAPacketOnceARoundTrip) {
  NackResponder responder;
  responder.set_round_trip_time(80ms);
  EXPECT_TRUE(responder.allow(kStart, {7}));
  EXPECT_FALSE(responder.allow(kStart + 79ms, {7}));
  EXPECT_TRUE(responder.allow(kStart + 79ms, {8}));
  EXPECT_TRUE(responder.allow(kStart + 80ms, {7}));
  EXPECT_FALSE(responder.allow(kStart + 81ms, {7}));
}

TEST(NackResponder, GivesUpAfterTooMany) {
  NackResponder responder({.min_interval = 1ms, .max_resends = 3});
  responder.set_round_trip_time(0ms);
  int sent = 0;
  for (int i = 0; i < 10; ++i) sent += responder.allow(kStart + i * 10ms, {7});
  EXPECT_EQ(sent, 3);
}

TEST(NackResponder, RemembersABoundedNumberOfPackets) {
  NackResponder responder({.memory = 2});
  EXPECT_TRUE(responder.allow(kStart, {1}));
  EXPECT_TRUE(responder.allow(kStart, {2}));
  EXPECT_TRUE(responder.allow(kStart, {3}));  // In the place of 1.
  EXPECT_FALSE(responder.allow(kStart, {2}));
  EXPECT_TRUE(responder.allow(kStart, {1}));
}

}  // namespace
}  // namespace parley::rtp
