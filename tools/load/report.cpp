#include "load/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/json.h"

namespace parley::load {
namespace {

double milliseconds(Duration duration) {
  return static_cast<double>(duration.count()) / 1e3;
}

std::optional<double> median(std::vector<double>& values) {
  if (values.empty()) return std::nullopt;
  std::ranges::sort(values);
  return values[values.size() / 2];
}

Json number(const std::optional<double>& value) {
  return value ? Json(*value) : Json();
}
Json count(std::uint64_t value) {
  return Json(static_cast<std::int64_t>(value));
}

std::string shown(const std::optional<double>& value) {
  return value ? fmt::format("{:.0f} ms", *value) : std::string("-");
}

// Empty: it has none.
std::string problem_of(const Member::Summary& bot) {
  if (bot.state == Member::State::kFailed) return bot.problem;
  if (bot.state == Member::State::kConnecting) return "no media connection in all that time";
  return {};
}

}  // namespace

Report Report::of(std::span<const Member::Summary> bots, Duration measured) {
  Report report{.bots = bots.size(), .seconds = static_cast<double>(measured.count()) / 1e6};
  std::vector<double> joins, connects, first_frames;
  std::uint64_t bytes = 0;
  for (const Member::Summary& bot : bots) {
    if (report.problem.empty()) report.problem = problem_of(bot);
    if (bot.joined) joins.push_back(milliseconds(*bot.joined));
    if (bot.connected) connects.push_back(milliseconds(*bot.connected));
    if (bot.first_frame) first_frames.push_back(milliseconds(*bot.first_frame));
    if (bot.state == Member::State::kConnected) ++report.connected;
    if (bot.packets_sent == 0 && !bot.first_frame) ++report.without_picture;
    report.packets_sent += bot.packets_sent;
    report.packets_received += bot.packets_received;
    report.packets_lost += bot.packets_lost;
    report.retransmitted += bot.retransmitted;
    report.frames += bot.video.frames;
    report.broken_frames += bot.video.broken_frames;
    report.freezes += bot.video.freezes;
    report.frozen_seconds += static_cast<double>(bot.video.frozen.count()) / 1e6;
    bytes += bot.video.bytes + bot.audio.bytes;
  }
  report.join_median = median(joins);
  report.connect_median = median(connects);
  report.first_frame_median = median(first_frames);
  if (!first_frames.empty()) report.first_frame_worst = first_frames.back();
  if (report.seconds > 0)
    report.received_mbit = static_cast<double>(bytes) * 8 / 1e6 / report.seconds;
  return report;
}

void Report::add_server(const Server& server) {
  cpu_seconds = server.cpu;
  join_cpu_seconds = server.join_cpu;
  memory_bytes = static_cast<double>(server.memory);
  memory_before = static_cast<double>(server.memory_before);
  memory_after = static_cast<double>(server.memory_after);
  if (server.cpu > 0) packets_a_cpu_second = static_cast<double>(packets_received) / server.cpu;
}

std::string Report::to_text() const {
  std::string text = fmt::format(
      "{} of {} connected; joined in {}, connected in {}, first picture in {} (medians), {} at "
      "worst\n"
      "in {:.0f} s: {} packets sent, {} received, {} lost, {} of them repaired; {:.1f} Mbit/s\n"
      "{} pictures, {} broken; {} freezes, {:.1f} s in all; {} never saw one\n",
      connected, bots, shown(join_median), shown(connect_median), shown(first_frame_median),
      shown(first_frame_worst), seconds, packets_sent, packets_received, packets_lost,
      retransmitted, received_mbit, frames, broken_frames, freezes, frozen_seconds,
      without_picture);
  if (cpu_seconds) {
    text += fmt::format(
        "the server: {:.2f} s of CPU time, {:.0f} packets out for each; before, {:.2f} s while "
        "they came\n"
        "its memory: {:.1f} MB before, {:.1f} MB with them, {:.1f} MB after\n",
        *cpu_seconds, packets_a_cpu_second.value_or(0), join_cpu_seconds.value_or(0),
        memory_before.value_or(0) / 1e6, memory_bytes.value_or(0) / 1e6,
        memory_after.value_or(0) / 1e6);
  }
  if (load_cpu_seconds) text += fmt::format("the bots: {:.2f} s of CPU time\n", *load_cpu_seconds);
  if (!problem.empty()) text += fmt::format("the first that failed: {}\n", problem);
  return text;
}

std::string Report::to_json() const {
  return Json(Json::Object{{"bots", count(bots)},
                           {"connected", count(connected)},
                           {"problem", problem.empty() ? Json() : Json(problem)},
                           {"joinMedianMs", number(join_median)},
                           {"connectMedianMs", number(connect_median)},
                           {"firstFrameMedianMs", number(first_frame_median)},
                           {"firstFrameWorstMs", number(first_frame_worst)},
                           {"withoutPicture", count(without_picture)},
                           {"seconds", seconds},
                           {"packetsSent", count(packets_sent)},
                           {"packetsReceived", count(packets_received)},
                           {"packetsLost", packets_lost},
                           {"retransmitted", count(retransmitted)},
                           {"frames", count(frames)},
                           {"brokenFrames", count(broken_frames)},
                           {"freezes", count(freezes)},
                           {"frozenSeconds", frozen_seconds},
                           {"receivedMbit", received_mbit},
                           {"serverCpuSeconds", number(cpu_seconds)},
                           {"packetsPerCpuSecond", number(packets_a_cpu_second)},
                           {"serverJoinCpuSeconds", number(join_cpu_seconds)},
                           {"serverMemoryBytes", number(memory_bytes)},
                           {"serverMemoryBefore", number(memory_before)},
                           {"serverMemoryAfter", number(memory_after)},
                           {"loadCpuSeconds", number(load_cpu_seconds)}})
      .to_text();
}

}  // namespace parley::load
