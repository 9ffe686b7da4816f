#include "server/media_metrics.h"

#include <gtest/gtest.h>

#include <array>

namespace parley::server {
namespace {

TEST(MediaMetrics, TellWhatEachWorkerDid) {
  std::array<MediaCounters, 2> workers;
  workers[0].node.rooms = 3;
  workers[1].node.rooms = 4;
  workers[1].udp.sent = 17;
  workers[1].node.uplink.malformed = 1;
  workers[1].node.publications.malformed = 2;
  workers[0].turns.add(std::chrono::milliseconds{3});
  MediaRooms rooms(1);
  rooms.handle_request({.ticket = 1, .room = "t\"ea", .sid = "ada", .request = meeting::Connect{}});
  const sfu::RoomId tea = rooms.largest(1).at(0).id;
  workers[0].rooms.push_back({.room = tea,
                              .participants = 2,
                              .packets_in = 5,
                              .bytes_out = 700,
                              .estimate = DataRate::kbps(900)});
  workers[0].rooms.push_back({.room = {12345}, .participants = 9});
  workers[1].rooms.push_back({.room = tea,
                              .participants = 1,
                              .bytes_out = 30,
                              .estimate = DataRate::kbps(100),
                              .allocated = DataRate::kbps(50)});
  MetricsText metrics;
  write_media_metrics(metrics, workers, rooms);
  const std::string& text = metrics.text();
  for (const char* line : {"parley_sfu_rooms{worker=\"0\"} 3", "parley_sfu_rooms{worker=\"1\"} 4",
                           "parley_sfu_datagrams_total{worker=\"1\",direction=\"out\"} 17",
                           "parley_sfu_drops_total{worker=\"1\",reason=\"malformed\"} 3",
                           "parley_sfu_turn_seconds_bucket{worker=\"0\",le=\"0.0025\"} 0",
                           "parley_sfu_turn_seconds_bucket{worker=\"0\",le=\"0.005\"} 1",
                           "parley_sfu_room_participants{room=\"t\\\"ea\"} 3",
                           "parley_sfu_room_packets_total{room=\"t\\\"ea\",direction=\"in\"} 5",
                           "parley_sfu_room_bytes_total{room=\"t\\\"ea\",direction=\"out\"} 730",
                           "parley_sfu_room_estimate_bits_per_second{room=\"t\\\"ea\"} 1000000",
                           "parley_sfu_room_allocated_bits_per_second{room=\"t\\\"ea\"} 50000"}) {
    EXPECT_NE(text.find(std::string("\n") + line + "\n"), text.npos) << line << "\n" << text;
  }
}

}  // namespace
}  // namespace parley::server
