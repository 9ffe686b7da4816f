#include "sctp/association.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>

#include "sctp/packet/chunk.h"
#include "sctp/packet/init.h"
#include "sctp/packet/packet_view.h"
#include "sctp/packet/packet_writer.h"
#include "sctp/test_pair.h"

namespace parley::sctp {
namespace {

using namespace std::chrono_literals;
using Peers = Pair<Association>;

constexpr sim::LinkConfig kWire{.latency = 25ms};

std::vector<std::uint8_t> payload(std::size_t size, std::uint32_t number) {
  std::vector<std::uint8_t> bytes(size);
  std::iota(bytes.begin(), bytes.end(), static_cast<std::uint8_t>(number * 37));
  return bytes;
}

Message message(std::uint16_t stream, std::size_t size, std::uint32_t number = 0) {
  return {.stream = {stream}, .payload = payload(size, number)};
}

std::vector<Message> received(const std::vector<Association::Output>& outputs) {
  std::vector<Message> messages;
  for (auto& event : all<Association::MessageReceived>(outputs)) messages.push_back(event.message);
  return messages;
}

bool both_connected(const Peers& peers) {
  return count<Association::Connected>(peers.from_a) == 1 &&
         count<Association::Connected>(peers.from_b) == 1;
}

void connect(Peers& peers) {
  peers.a.connect(peers.now);
  peers.b.connect(peers.now);
  ASSERT_TRUE(peers.run(10s, [&] { return both_connected(peers); }));
}

std::size_t reset_streams(const auto& events) {
  std::size_t streams = 0;
  for (const auto& event : events) streams += event.streams.size();
  return streams;
}

TEST(Association, IsOpenedByOneEnd) {
  Peers peers(Config{}, kWire);
  peers.a.connect(peers.now);
  const Time began = peers.now;
  ASSERT_TRUE(peers.run(1s, [&] { return both_connected(peers); }));
  EXPECT_EQ(peers.now - began, 100ms);  // Two round trips.
  EXPECT_EQ(peers.a.state(), Association::State::kEstablished);
  EXPECT_EQ(peers.b.state(), Association::State::kEstablished);
}

TEST(Association, IsOpenedByBothEndsAtOnce) {
  Peers peers(Config{}, kWire);
  connect(peers);
  peers.run(10s);
  EXPECT_TRUE(both_connected(peers));
  EXPECT_EQ(count<Association::PeerRestarted>(peers.from_a), 0u);
}

TEST(Association, CarriesMessagesOfAllSizes) {
  Peers peers(Config{}, kWire);
  connect(peers);
  const std::vector<std::size_t> sizes = {1,     2,     3,     4,     5,      1'100,
                                          1'160, 1'161, 1'170, 5'000, 262'144};
  std::vector<Message> sent;
  for (const std::size_t size : sizes) {
    sent.push_back(message(1, size, static_cast<std::uint32_t>(size)));
    ASSERT_TRUE(peers.a.send(peers.now, sent.back()).has_value());
  }
  peers.run(10s);
  EXPECT_EQ(received(peers.from_b), sent);
}

TEST(Association, DeliversTenThousandMessagesInOrderOverABadPath) {
  Peers peers(Config{}, {.latency = 10ms,
                         .jitter = 10ms,
                         .reorder = true,
                         .loss = 0.02,
                         .burst = 2,
                         .duplicate = 0.02});
  connect(peers);
  std::vector<Message> sent;
  for (std::uint32_t i = 0; i < 10'000; ++i) {
    sent.push_back(message(static_cast<std::uint16_t>(0), 1 + i * 7 % 500, i));
    ASSERT_TRUE(peers.a.send(peers.now, sent.back()).has_value());
  }
  ASSERT_TRUE(peers.run(600s, [&] { return peers.from_b.size() > 10'000; }));
  EXPECT_EQ(received(peers.from_b), sent);
}

// Ten seconds from the handshake on, slow start included: at least 80% of the link.
TEST(Association, FillsALongFatPipe) {
  constexpr std::uint64_t kLink = 100'000'000;
  Peers peers(Config{}, {.latency = 50ms, .bits_per_second = kLink});
  connect(peers);
  const Time began = peers.now;
  const Message big{.stream = {0}, .payload = std::vector<std::uint8_t>(64'000)};
  std::uint64_t bytes = 0;
  while (peers.now - began < 10s) {
    while (peers.a.buffered_amount() < 1'000'000) {
      ASSERT_TRUE(peers.a.send(peers.now, big).has_value());
    }
    peers.run(20ms);
    bytes += 64'000 * count<Association::MessageReceived>(peers.from_b);
    peers.from_b.clear();
  }
  EXPECT_GE(bytes * 8, kLink * 10 * 8 / 10);
  EXPECT_EQ(peers.a.counters().retransmit_timeouts, 0u);
  // What slow start put into the queue is let out again.
  EXPECT_LT(peers.to_b.queueing_delay(peers.now), 100ms);
}

TEST(Association, ComesUpUnderThirtyPercentLoss) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    Peers peers(Config{}, {.latency = 25ms, .loss = 0.3}, seed);
    peers.a.connect(peers.now);
    peers.b.connect(peers.now);
    ASSERT_TRUE(peers.run(60s, [&] { return both_connected(peers); })) << seed;
    ASSERT_TRUE(peers.a.send(peers.now, message(1, 5000, 1)).has_value());
    ASSERT_TRUE(peers.run(60s, [&] {
      return count<Association::MessageReceived>(peers.from_b) == 1;
    })) << seed;
  }
}

TEST(Association, SendsWhatWaitedForTheHandshakeWithTheCookie) {
  Peers peers(Config{}, kWire);
  peers.a.connect(peers.now);
  ASSERT_TRUE(peers.a.send(peers.now, message(1, 100)).has_value());
  const Time began = peers.now;
  peers.run(1s, [&] { return !received(peers.from_b).empty(); });
  EXPECT_EQ(peers.now - began, 75ms);  // INIT, INIT ACK, COOKIE ECHO with DATA.
}

TEST(Association, LeavesTheChecksumOutOnlyWhenBothWantThat) {
  for (const bool both : {true, false}) {
    Config other;
    other.zero_checksum = both;
    Peers peers(Config{}, other, kWire, 1);
    std::size_t without = 0;
    const auto look = [&](sim::Datagram& packet) {
      const auto view = PacketView::parse(packet);
      std::size_t offset = 0;
      const auto type = view->next_chunk(offset)->type;
      const bool has_none = view->has_zero_checksum();
      if (has_none) ++without;
      EXPECT_FALSE(has_none && (type == ChunkType::kInit || type == ChunkType::kCookieEcho));
      return true;
    };
    peers.filter_to_a = look;
    peers.filter_to_b = look;
    connect(peers);
    ASSERT_TRUE(peers.a.send(peers.now, message(1, 10'000)).has_value());
    peers.run(1s);
    EXPECT_EQ(received(peers.from_b).size(), 1u);
    EXPECT_EQ(without > 5, both);
    EXPECT_EQ(without == 0, !both);
  }
}

// Against RFC 9260, 3.2.1, and yet there are such.
TEST(Association, IsOpenedByAPeerThatDropsAParameterThatItDoesNotKnowWithItsPacket) {
  Config old;
  old.zero_checksum = false;
  Peers peers(Config{}, old, kWire, 1);
  std::size_t dropped = 0;
  peers.filter_to_b = [&](sim::Datagram& packet) {
    const auto view = PacketView::parse(packet);
    std::size_t offset = 0;
    const auto chunk = view->next_chunk(offset);
    if (chunk->type != ChunkType::kInit && chunk->type != ChunkType::kInitAck) return true;
    const bool known = !Init::parse(chunk->value)->capabilities.zero_checksum;
    if (!known) ++dropped;
    return known;
  };
  connect(peers);
  EXPECT_EQ(dropped, 1u);  // The INIT, and nothing that answers the other one.
}

TEST(Association, RefusesWhatItCannotSend) {
  Config config;
  config.max_send_buffer = 300'000;
  Peers peers(config, kWire);
  const auto error = [&](const Message& what) { return peers.a.send(peers.now, what).error(); };
  EXPECT_EQ(error(message(0, 0)), SendError::kEmpty);
  EXPECT_EQ(error(message(0, 262'145)), SendError::kTooLarge);
  EXPECT_EQ(error(message(1'024, 1)), SendError::kStreamTooHigh);
  ASSERT_TRUE(peers.a.send(peers.now, message(0, 200'000)).has_value());
  EXPECT_EQ(error(message(0, 100'001)), SendError::kBufferFull);
  peers.a.set_remote_max_message_size(1'000);
  EXPECT_EQ(error(message(0, 1'001)), SendError::kTooLarge);
  connect(peers);
  peers.a.shutdown(peers.now);
  EXPECT_EQ(error(message(0, 1)), SendError::kNotConnected);
}

TEST(Association, TellsWhenItsBufferRunsLow) {
  Peers peers(Config{}, kWire);
  connect(peers);
  peers.a.set_buffered_amount_low_threshold({1}, 50'000);
  ASSERT_TRUE(peers.a.send(peers.now, message(1, 200'000)).has_value());
  EXPECT_EQ(peers.a.buffered_amount({1}), 200'000u);
  EXPECT_EQ(peers.a.buffered_amount(), 200'000u);
  peers.run(10s, [&] { return count<Association::BufferedAmountLow>(peers.from_a) > 0; });
  EXPECT_LE(peers.a.buffered_amount({1}), 50'000u);
  EXPECT_GT(peers.a.buffered_amount({1}), 40'000u);
  peers.run(10s);
  EXPECT_EQ(count<Association::BufferedAmountLow>(peers.from_a), 1u);
}

TEST(Association, SkipsMessagesThatAreNotWorthARetransmission) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    Peers peers(Config{}, {.latency = 25ms, .loss = 0.2}, seed);
    connect(peers);
    std::vector<Message> sent;
    for (std::uint32_t i = 0; i < 300; ++i) {
      sent.push_back(message(static_cast<std::uint16_t>(i % 3), 1 + i * 17 % 3'000, i));
      const SendOptions options =
          i % 2 == 0 ? SendOptions{.max_retransmits = 0} : SendOptions{.lifetime = 100ms};
      ASSERT_TRUE(peers.a.send(peers.now, sent.back(), options).has_value());
      peers.run(5ms);
    }
    peers.to_b.set_config(kWire);
    ASSERT_TRUE(peers.a.send(peers.now, message(5, 10)).has_value());
    ASSERT_TRUE(peers.run(60s, [&] {
      const auto got = received(peers.from_b);
      return !got.empty() && got.back().stream == StreamId{5};
    })) << seed;
    peers.run(10s);
    auto got = received(peers.from_b);
    EXPECT_GT(peers.a.counters().messages_abandoned, 5u) << seed;
    // Some were given up although they had arrived: the SACK was lost.
    EXPECT_GE(got.size() + peers.a.counters().messages_abandoned, sent.size() + 1) << seed;
    EXPECT_LT(got.size(), sent.size()) << seed;
    // What came is what was sent, in the order of its stream.
    for (std::uint16_t stream = 0; stream < 3; ++stream) {
      auto next = sent.begin();
      for (const Message& one : got) {
        if (one.stream != StreamId{stream}) continue;
        next = std::find(next, sent.end(), one);
        ASSERT_NE(next, sent.end()) << seed;
      }
    }
    EXPECT_EQ(peers.b.metrics().receive_buffered, 0u) << seed;
  }
}

TEST(Association, GivesUpAMessageThatIsTooLateWhileItIsCut) {
  Peers peers(Config{}, {.latency = 25ms, .bits_per_second = 100'000});
  connect(peers);
  ASSERT_TRUE(peers.a.send(peers.now, message(0, 200'000), {.lifetime = 500ms}).has_value());
  ASSERT_TRUE(peers.a.send(peers.now, message(0, 100, 7)).has_value());
  ASSERT_TRUE(peers.run(30s, [&] { return !received(peers.from_b).empty(); }));
  EXPECT_EQ(received(peers.from_b), std::vector<Message>{message(0, 100, 7)});
  EXPECT_EQ(peers.a.counters().messages_abandoned, 1u);
  EXPECT_EQ(peers.b.metrics().receive_buffered, 0u);
}

TEST(Association, BeginsStreamsAnewUnderLoss) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Peers peers(Config{}, {.latency = 25ms, .jitter = 20ms, .reorder = true, .loss = 0.2}, seed);
    connect(peers);
    std::vector<Message> sent;
    for (std::uint32_t life = 0; life < 5; ++life) {
      for (std::uint32_t i = 0; i < 5; ++i) {
        sent.push_back(message(1, 700 * i + 1, life * 5 + i));
        ASSERT_TRUE(peers.a.send(peers.now, sent.back()).has_value());
      }
      peers.a.reset_streams(peers.now, {{1}, {2}});
      // What is sent meanwhile waits for the new life.
      sent.push_back(message(1, 10, life));
      ASSERT_TRUE(peers.a.send(peers.now, sent.back()).has_value());
      ASSERT_TRUE(peers.run(60s, [&] {
        return reset_streams(all<Association::OutgoingStreamsReset>(peers.from_a)) ==
                   life * 2 + 2 &&
               received(peers.from_b).size() == sent.size();
      })) << seed;
    }
    EXPECT_EQ(received(peers.from_b), sent) << seed;
    EXPECT_EQ(reset_streams(all<Association::IncomingStreamsReset>(peers.from_b)), 10u) << seed;
  }
}

TEST(Association, ShutsDownWhenAllIsDelivered) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Peers peers(Config{}, {.latency = 25ms, .loss = 0.2}, seed);
    connect(peers);
    ASSERT_TRUE(peers.a.send(peers.now, message(0, 100'000)).has_value());
    ASSERT_TRUE(peers.b.send(peers.now, message(0, 50'000)).has_value());
    peers.a.shutdown(peers.now);
    if (seed % 2 == 0) peers.b.shutdown(peers.now);
    ASSERT_TRUE(peers.run(120s, [&] {
      return peers.a.state() == Association::State::kClosed &&
             peers.b.state() == Association::State::kClosed;
    })) << seed;
    peers.run(0s);
    EXPECT_EQ(received(peers.from_b).size(), 1u) << seed;
    EXPECT_EQ(received(peers.from_a).size(), 1u) << seed;
    EXPECT_EQ(all<Association::Closed>(peers.from_a).at(0).reason, CloseReason::kShutdown) << seed;
    EXPECT_EQ(all<Association::Closed>(peers.from_b).at(0).reason, CloseReason::kShutdown) << seed;
    EXPECT_EQ(peers.a.next_deadline(), kNever);
  }
}

TEST(Association, TellsThePeerWhyItAborts) {
  Peers peers(Config{}, kWire);
  connect(peers);
  peers.a.abort(peers.now, "enough");
  peers.run(1s);
  EXPECT_EQ(all<Association::Closed>(peers.from_a).at(0).reason, CloseReason::kAborted);
  const auto closed = all<Association::Closed>(peers.from_b).at(0);
  EXPECT_EQ(closed.reason, CloseReason::kAbortedByPeer);
  EXPECT_EQ(closed.text, "user-initiated abort: enough");
}

TEST(Association, GivesUpAPeerThatIsSilent) {
  Peers peers(Config{}, kWire);
  peers.to_b.set_down(true);
  peers.a.connect(peers.now);
  ASSERT_TRUE(peers.run(200s, [&] { return count<Association::Closed>(peers.from_a) == 1; }));
  EXPECT_EQ(all<Association::Closed>(peers.from_a).at(0).reason, CloseReason::kTimeout);
  EXPECT_EQ(peers.a.counters().packets_sent, 11u);
}

TEST(Association, GivesUpAPeerThatFallsSilent) {
  for (const bool has_data : {true, false}) {
    Peers peers(Config{}, kWire);
    connect(peers);
    peers.to_b.set_down(true);
    if (has_data) {
      ASSERT_TRUE(peers.a.send(peers.now, message(0, 5'000)).has_value());
    }
    const Time began = peers.now;
    ASSERT_TRUE(peers.run(1h, [&] { return count<Association::Closed>(peers.from_a) == 1; }));
    EXPECT_EQ(all<Association::Closed>(peers.from_a).at(0).reason, CloseReason::kTimeout);
    EXPECT_LT(peers.now - began, has_data ? 2min : 10min);
  }
}

TEST(Association, SpendsAnIdleHourOnHeartbeats) {
  Peers peers(Config{}, kWire);
  connect(peers);
  peers.run(1h);
  EXPECT_EQ(peers.a.state(), Association::State::kEstablished);
  EXPECT_NEAR(static_cast<double>(peers.a.counters().heartbeats_acked), 118, 4);
  EXPECT_LT(peers.steps, 2'000u);
  EXPECT_EQ(peers.a.metrics().smoothed_round_trip_time, 50ms);
}

TEST(Association, SurvivesAPathThatIsGoneForAWhile) {
  Peers peers(Config{}, kWire);
  connect(peers);
  peers.to_b.set_down(true);
  peers.to_a.set_down(true);
  ASSERT_TRUE(peers.a.send(peers.now, message(0, 100'000)).has_value());
  peers.run(20s);
  peers.to_b.set_down(false);
  peers.to_a.set_down(false);
  EXPECT_TRUE(peers.run(20s, [&] { return received(peers.from_b).size() == 1; }));
}

// RFC 9260, 5.2.4.1: the peer has crashed and connects with new numbers.
TEST(Association, NoticesThatThePeerBeginsAnew) {
  Peers peers(Config{}, kWire);
  connect(peers);
  ASSERT_TRUE(peers.b.send(peers.now, message(1, 100, 1)).has_value());
  peers.run(1s);
  SeededRandom random(77);
  peers.a = Association(random, Config{});
  peers.from_a.clear();
  peers.a.connect(peers.now);
  ASSERT_TRUE(peers.run(10s, [&] { return count<Association::Connected>(peers.from_a) == 1; }));
  EXPECT_EQ(count<Association::PeerRestarted>(peers.from_b), 1u);
  ASSERT_TRUE(peers.b.send(peers.now, message(1, 100, 2)).has_value());
  ASSERT_TRUE(peers.a.send(peers.now, message(1, 100, 3)).has_value());
  peers.run(1s);
  EXPECT_EQ(received(peers.from_a), std::vector<Message>{message(1, 100, 2)});
  EXPECT_EQ(received(peers.from_b), std::vector<Message>{message(1, 100, 3)});
}

TEST(Association, KeepsItsWindowHoweverMuchComes) {
  Config narrow;
  narrow.max_message_size = 20'000;
  narrow.receive_buffer = 30'000;
  Config wide;
  wide.max_message_size = 20'000;
  Peers peers(wide, narrow, {.latency = 25ms, .loss = 0.1}, 1);
  connect(peers);
  for (std::uint32_t i = 0; i < 100; ++i) {
    ASSERT_TRUE(peers.a.send(peers.now, message(0, 20'000, i)).has_value());
  }
  std::size_t most = 0;
  ASSERT_TRUE(peers.run(600s, [&] {
    most = std::max(most, peers.b.metrics().receive_buffered);
    EXPECT_LE(peers.a.metrics().in_flight, narrow.receive_buffer);
    return received(peers.from_b).size() == 100;
  }));
  EXPECT_LE(most, 50'000u);
}

TEST(Association, SendsNoMoreThanThePeerTakes) {
  Config narrow;
  narrow.max_message_size = 20'000;
  narrow.receive_buffer = 30'000;
  Peers peers(Config{}, narrow, kWire, 1);
  connect(peers);
  for (std::uint32_t i = 0; i < 100; ++i) {
    ASSERT_TRUE(peers.a.send(peers.now, message(0, 20'000, i)).has_value());
  }
  ASSERT_TRUE(peers.run(60s, [&] {
    EXPECT_LE(peers.a.metrics().in_flight, narrow.receive_buffer);
    return count<Association::MessageReceived>(peers.from_b) == 100;
  }));
  EXPECT_EQ(peers.b.counters().dropped_out_of_window, 0u);
}

TEST(Association, CountsWhatItDrops) {
  Peers peers(Config{}, kWire);
  connect(peers);
  const auto feed = [&](std::uint32_t tag, ChunkType type, const std::vector<std::uint8_t>& value,
                        Checksum checksum = Checksum::kCrc32c, std::uint16_t port = 5'000) {
    PacketWriter writer({.source_port = port, .destination_port = 5'000, .verification_tag = tag},
                        1'191);
    writer.add(type, 0, value);
    const auto packet = writer.finish(checksum);
    peers.a.handle_input(peers.now, {.payload = packet});
  };
  std::uint32_t tag = 0;
  peers.filter_to_a = [&](sim::Datagram& packet) {
    tag = PacketView::parse(packet)->header().verification_tag;
    return true;
  };
  ASSERT_TRUE(peers.b.send(peers.now, message(0, 1)).has_value());
  peers.run(1s);
  const Counters& counters = peers.a.counters();
  const std::vector<std::uint8_t> short_packet(13);
  peers.a.handle_input(peers.now, {.payload = short_packet});
  EXPECT_EQ(counters.dropped_malformed, 1u);
  feed(tag, ChunkType::kData, {1, 2, 3});
  feed(tag, ChunkType::kSack, {1, 2, 3});
  feed(tag, ChunkType::kForwardTsn, {1});
  feed(tag, ChunkType::kReConfig, {1});
  feed(tag, ChunkType::kShutdown, {1});
  EXPECT_EQ(counters.dropped_malformed, 6u);
  feed(tag + 1, ChunkType::kHeartbeat, {});
  feed(tag, ChunkType::kHeartbeat, {}, Checksum::kCrc32c, 5'001);
  feed(tag, ChunkType::kInit, std::vector<std::uint8_t>(16, 1));
  EXPECT_EQ(counters.dropped_wrong_tag, 3u);
  feed(0, ChunkType::kInit, std::vector<std::uint8_t>(16, 1), Checksum::kZero);
  EXPECT_EQ(counters.dropped_bad_checksum, 1u);
  feed(tag, ChunkType::kCookieEcho, {1, 2, 3});
  EXPECT_EQ(counters.dropped_bad_cookie, 1u);
  feed(tag, static_cast<ChunkType>(0x3F), {});
  EXPECT_EQ(counters.dropped_unknown_chunk, 1u);
  std::vector<std::uint8_t> sack(12, 0x77);
  sack[8] = sack[9] = sack[10] = sack[11] = 0;
  feed(tag, ChunkType::kSack, sack);
  EXPECT_EQ(counters.dropped_bad_sack, 1u);
  EXPECT_EQ(peers.a.state(), Association::State::kEstablished);
  peers.run(1s);
  EXPECT_EQ(count<Association::Closed>(peers.from_a), 0u);
}

TEST(Association, ReportsAChunkThatAsksForIt) {
  Peers peers(Config{}, kWire);
  connect(peers);
  std::size_t errors = 0;
  peers.filter_to_b = [&](sim::Datagram& packet) {
    const auto view = PacketView::parse(packet);
    std::size_t offset = 0;
    while (const auto chunk = view->next_chunk(offset)) {
      if (chunk->type == ChunkType::kError) ++errors;
    }
    return true;
  };
  std::size_t changed = 0;
  peers.filter_to_a = [&](sim::Datagram& packet) {  // Each DATA of b becomes what a does not know.
    if (packet[12] == 0 && changed < 2) packet[12] = changed++ == 0 ? 0x7F : 0x3F;
    return true;
  };
  ASSERT_TRUE(peers.b.send(peers.now, message(0, 100)).has_value());
  peers.run(10s);
  EXPECT_EQ(errors, 1u);
  EXPECT_EQ(peers.a.counters().dropped_unknown_chunk, 2u);
  EXPECT_EQ(received(peers.from_a).size(), 1u);
}

TEST(Association, AbortsAPeerThatSendsLongerMessagesThanWeTake) {
  Config narrow;
  narrow.max_message_size = 5'000;
  Peers peers(Config{}, narrow, kWire, 1);
  connect(peers);
  ASSERT_TRUE(peers.a.send(peers.now, message(0, 5'001)).has_value());
  peers.run(1s);
  EXPECT_EQ(all<Association::Closed>(peers.from_b).at(0).reason, CloseReason::kPeerMisbehaved);
  EXPECT_EQ(all<Association::Closed>(peers.from_a).at(0).reason, CloseReason::kAbortedByPeer);
}

TEST(Association, TakesAnOldCookieForStale) {
  Config config;
  config.cookie_lifetime = 1s;
  Peers peers(Config{}, config, kWire, 1);
  sim::Datagram kept;
  peers.filter_to_b = [&](sim::Datagram& packet) {
    if (packet[12] != 10 || !kept.empty()) return true;
    kept = packet;
    return false;
  };
  peers.a.connect(peers.now);
  peers.run(80ms);
  ASSERT_FALSE(kept.empty());
  peers.now += 2s;
  peers.b.handle_input(peers.now, {.payload = kept});
  EXPECT_EQ(peers.b.counters().dropped_bad_cookie, 1u);
  EXPECT_TRUE(peers.run(10s, [&] { return both_connected(peers); }));  // By a new handshake.
}

}  // namespace
}  // namespace parley::sctp
