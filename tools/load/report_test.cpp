#include "load/report.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/json.h"

namespace parley::load {
namespace {

using namespace std::chrono_literals;

Member::Summary viewer(Duration first_frame) {
  return {.state = Member::State::kConnected,
          .joined = 10ms,
          .connected = 50ms,
          .first_frame = first_frame,
          .video = {.frames = 100, .bytes = 125'000, .freezes = 1, .frozen = 500ms},
          .packets_received = 200,
          .packets_lost = 2};
}

TEST(Report, SumsWhatTheBotsSaw) {
  const std::vector<Member::Summary> bots = {
      {.state = Member::State::kConnected, .packets_sent = 100}, viewer(80ms), viewer(120ms)};
  Report report = Report::of(bots, 10s);
  EXPECT_TRUE(report.all_well());
  EXPECT_EQ(report.packets_sent, 100u);
  EXPECT_EQ(report.packets_received, 400u);
  EXPECT_EQ(report.packets_lost, 4);
  EXPECT_EQ(report.frames, 200u);
  EXPECT_EQ(report.freezes, 2u);
  EXPECT_EQ(report.first_frame_median, 120.0);
  EXPECT_EQ(report.first_frame_worst, 120.0);
  EXPECT_DOUBLE_EQ(report.received_mbit, 0.2);

  report.add_server({.cpu = 2,
                     .join_cpu = 1.5,
                     .memory = 1'000'000,
                     .memory_before = 400'000,
                     .memory_after = 600'000});
  EXPECT_EQ(report.packets_a_cpu_second, 200.0);
  EXPECT_TRUE(report.to_text().contains("200 packets out for each"));
  const auto json = Json::parse(report.to_json());
  ASSERT_TRUE(json);
  EXPECT_EQ(*json->find("connected")->as_int(), 3);
}

TEST(Report, NamesTheFirstThatFailedAndWhoSawNothing) {
  const std::vector<Member::Summary> bots = {
      {.state = Member::State::kFailed, .problem = "the room is full"},
      {.state = Member::State::kConnected}};
  const Report report = Report::of(bots, 10s);
  EXPECT_FALSE(report.all_well());
  EXPECT_EQ(report.connected, 1u);
  EXPECT_EQ(report.without_picture, 2u);
  EXPECT_EQ(report.problem, "the room is full");
  EXPECT_TRUE(report.to_text().contains("the room is full"));
  EXPECT_FALSE(report.first_frame_median);
}

TEST(Report, SaysThatSomebodyIsConnectingStill) {
  const std::vector<Member::Summary> bots = {{.state = Member::State::kConnected},
                                             {.state = Member::State::kConnecting}};
  const Report report = Report::of(bots, 10s);
  EXPECT_FALSE(report.all_well());
  EXPECT_TRUE(report.to_text().contains("no media connection"));
}

}  // namespace
}  // namespace parley::load
