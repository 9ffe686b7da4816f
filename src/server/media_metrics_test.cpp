#include "server/media_metrics.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

namespace parley::server {
namespace {

// Two workers, and a room that both have.
class MediaMetrics : public testing::Test {
 protected:
  MediaMetrics() {
    rooms.handle_request(
        {.ticket = 1, .room = "t\"ea", .sid = "ada", .request = meeting::Connect{}});
    for (MediaCounters& worker : workers) worker.rooms.emplace_back().room = tea();
  }
  sfu::RoomId tea() const { return rooms.largest(1).at(0).id; }
  sfu::Node::RoomCounters& tea_on(std::size_t worker) { return workers.at(worker).rooms.at(0); }

  std::string page() const {
    MetricsText metrics;
    write_media_metrics(metrics, workers, rooms);
    return metrics.text();
  }
  // Whether each of them is there.
  void expect_lines(std::initializer_list<std::string_view> lines) const {
    const std::string text = page();
    for (const std::string_view line : lines) {
      EXPECT_NE(text.find("\nparley_sfu_" + std::string(line) + "\n"), text.npos) << line;
    }
  }

  std::array<MediaCounters, 2> workers;
  MediaRooms rooms{1};
};

TEST_F(MediaMetrics, TellWhatEachWorkerDid) {
  workers[0].node.rooms = 3;
  workers[1].node.rooms = 4;
  workers[1].udp.sent = 17;
  workers[1].node.uplink.malformed = 1;
  workers[1].node.publications.malformed = 2;
  workers[0].turns.add(std::chrono::milliseconds{3});
  workers[0].node.links.estimate = DataRate::kbps(800);
  workers[0].node.links.allocated = DataRate::kbps(300);
  expect_lines({R"(rooms{worker="0"} 3)", R"(rooms{worker="1"} 4)",
                R"(datagrams_total{worker="1",direction="out"} 17)",
                R"(drops_total{worker="1",reason="malformed"} 3)",
                R"(turn_seconds_bucket{worker="0",le="0.0025"} 0)",
                R"(turn_seconds_bucket{worker="0",le="0.005"} 1)",
                R"(estimate_bits_per_second{worker="0"} 800000)",
                R"(allocated_bits_per_second{worker="0"} 300000)",
                R"(allocated_bits_per_second{worker="1"} 0)"});
}

TEST_F(MediaMetrics, TellOfEveryReasonForADrop) {
  sfu::Node::Counters& node = workers[0].node;
  node.downlink.dropped_size = 1;
  node.publications.refused = 2;
  node.downlink.dropped_srtp = 3;
  node.relayed_unusable = 4;
  node.relayed = {.duplicates = 5, .too_late = 6, .pool_full = 7, .nacks = 8};
  node.downlink.ignored_feedback = 9;
  workers[0].relay_dropped = 10;
  workers[0].streams.dropped_full = 11;
  node.unknown_path = 12;
  expect_lines(
      {R"(drops_total{worker="0",reason="too-large"} 1)",
       R"(drops_total{worker="0",reason="stray"} 2)", R"(drops_total{worker="0",reason="srtp"} 3)",
       R"(drops_total{worker="0",reason="relay-unusable"} 4)",
       R"(drops_total{worker="0",reason="relay-duplicate"} 5)",
       R"(drops_total{worker="0",reason="relay-too-late"} 6)",
       R"(drops_total{worker="0",reason="relay-pool-full"} 7)",
       R"(nacks_total{worker="0",by="workers"} 8)", R"(ignored_feedback_total{worker="0"} 9)",
       R"(drops_total{worker="0",reason="relay-slow-worker"} 10)",
       R"(drops_total{worker="0",reason="tcp-slow-reader"} 11)",
       R"(drops_total{worker="0",reason="unknown-path"} 12)"});
}

TEST_F(MediaMetrics, TellOfConnectionsAndWhatTheirLayersDropped) {
  workers[0].node.links = {
      .connecting = 1, .connected = 2, .disconnected = 3, .udp_v4 = 4, .udp_v6 = 5, .tcp = 6};
  sfu::ConnectionCounters& all = workers[1].node.connection;
  all.connected = 7;
  all.disconnected = 8;
  all.ice_restarts = 9;
  all.path_changes = 10;
  all.ended = {11, 12, 13, 14, 15, 16, 17};
  for (std::size_t i = 0; i < all.by_transport.size(); ++i) all.by_transport[i] = 20 + i;
  for (std::size_t i = 0; i < all.by_ice.size(); ++i) all.by_ice[i] = 40 + i;
  for (std::size_t i = 0; i < all.by_srtp.size(); ++i) all.by_srtp[i] = 60 + i;
  all.by_dtls.ended = 70;
  all.malformed_rtcp = 71;
  all.by_sctp.out_of_window = 72;
  all.by_sctp.not_agreed = 73;
  all.by_channels.refused_opens = 74;
  expect_lines({R"(connections{worker="0",state="connecting"} 1)",
                R"(connections{worker="0",state="connected"} 2)",
                R"(connections{worker="0",state="disconnected"} 3)",
                R"(paths{worker="0",path="udp-v4"} 4)", R"(paths{worker="0",path="udp-v6"} 5)",
                R"(paths{worker="0",path="tcp"} 6)",
                R"(connection_events_total{worker="1",event="connected"} 7)",
                R"(connection_events_total{worker="1",event="disconnected"} 8)",
                R"(connection_events_total{worker="1",event="ice-restart"} 9)",
                R"(connection_events_total{worker="1",event="path-changed"} 10)",
                R"(connections_ended_total{worker="1",reason="never-connected"} 11)",
                R"(connections_ended_total{worker="1",reason="no-consent"} 13)",
                R"(connections_ended_total{worker="1",reason="dtls-protocol"} 17)"});
  const auto drop = [](std::string_view layer, std::string_view reason, int count) {
    return "connection_drops_total{worker=\"1\",layer=\"" + std::string(layer) + "\",reason=\"" +
           std::string(reason) + "\"} " + std::to_string(count);
  };
  expect_lines({drop("transport", "unknown-protocol", 20), drop("transport", "no-keys", 23),
                drop("transport", "not-connected", 25), drop("transport", "refused-by-relay", 28),
                drop("ice", "malformed", 40), drop("ice", "integrity", 46),
                drop("ice", "candidate-ignored", 53), drop("srtp", "truncated", 60),
                drop("srtp", "bad-tag", 62), drop("srtp", "replayed", 63),
                drop("srtp", "output-too-small", 67), drop("dtls", "ended", 70),
                drop("rtcp", "malformed", 71), drop("sctp", "out-of-window", 72),
                drop("sctp", "not-agreed", 73), drop("data-channels", "refused-open", 74)});
  EXPECT_EQ(page().find("reason=\"\""), std::string::npos);
}

TEST_F(MediaMetrics, SumUpWhatAllWorkersOfARoomTell) {
  sfu::Node::RoomCounters& ended = workers[0].rooms.emplace_back();
  ended.room = {12345};
  ended.participants = 9;
  sfu::Node::RoomCounters& here = tea_on(0);
  here.participants = 2;
  here.uplink.packets = 5;
  here.downlink.bytes = 700;
  here.estimate = DataRate::kbps(900);
  sfu::Node::RoomCounters& there = tea_on(1);
  there.participants = 1;
  there.downlink.bytes = 30;
  there.estimate = DataRate::kbps(100);
  there.allocated = DataRate::kbps(50);
  for (sfu::Node::RoomCounters* const part : {&here, &there}) {
    part->uplink.too_many = 1;
    part->uplink.malformed = 2;
    part->publications.malformed = 3;
    part->publications.duplicates = 4;
    part->publications.pool_full = 5;
    part->downlink.dropped_size = 6;
    part->downlink.dropped_waiting = 7;
    part->publications.nacks = 8;
    part->downlink.nacked = 9;
    part->downlink.retransmitted = 10;
    part->downlink.picture_losses = 11;
    part->publications.key_frames_asked = 12;
    part->publications.key_frames = 13;
  }
  expect_lines({R"(room_participants{room="t\"ea"} 3)",
                R"(room_packets_total{room="t\"ea",direction="in"} 5)",
                R"(room_bytes_total{room="t\"ea",direction="out"} 730)",
                R"(room_estimate_bits_per_second{room="t\"ea"} 1000000)",
                R"(room_allocated_bits_per_second{room="t\"ea"} 50000)",
                R"(room_drops_total{room="t\"ea",reason="too-many"} 2)",
                R"(room_drops_total{room="t\"ea",reason="malformed"} 10)",
                R"(room_drops_total{room="t\"ea",reason="duplicate"} 8)",
                R"(room_drops_total{room="t\"ea",reason="pool-full"} 10)",
                R"(room_drops_total{room="t\"ea",reason="too-large"} 12)",
                R"(room_drops_total{room="t\"ea",reason="waited-too-long"} 14)",
                R"(room_nacks_total{room="t\"ea",by="server"} 16)",
                R"(room_nacks_total{room="t\"ea",by="receivers"} 18)",
                R"(room_retransmissions_total{room="t\"ea"} 20)",
                R"(room_key_frames_total{room="t\"ea",event="wanted"} 22)",
                R"(room_key_frames_total{room="t\"ea",event="asked"} 24)",
                R"(room_key_frames_total{room="t\"ea",event="came"} 26)"});
}

}  // namespace
}  // namespace parley::server
