// One case against one server. See README.md.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>

#include "base/json.h"
#include "janus_member.h"
#include "load/bot.h"
#include "load/crowd.h"
#include "load/meeting.h"
#include "load/process.h"
#include "load/report.h"
#include "net/address.h"

namespace {

using namespace parley;
using namespace parley::load;

struct Options {
  std::string server = "parley";
  std::string url;    // Parley: of the room. Janus: ADDRESS:PORT of its WebSocket.
  std::string local;  // Where the members' sockets are.
  int pid = 0;
  std::size_t publishers = 1;  // All of whom see each other.
  std::size_t viewers = 50;
  std::string picture = "spaced";
  double seconds = 10;
  std::size_t joins = 100;
  std::size_t threads = 1;
};

// 200 packets of 1,200 bytes a second, with all headers, and sound; or next to nothing.
Synthetic::Config picture(const std::string& kind) {
  constexpr std::size_t kPayload = 1'150;
  Synthetic::Config config;
  config.frame_interval = std::chrono::milliseconds(kind == "spaced" ? 5 : 40);
  config.frame_bytes = kind == "spaced" ? kPayload : 8 * kPayload;
  if (kind == "idle") {
    config.frame_interval = std::chrono::seconds{1};
    config.frame_bytes = 100;
    config.audio_interval = std::chrono::seconds{1};
  }
  config.key_frame_bytes = config.frame_bytes;
  return config;
}

void wait(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

Crowd::Make make_parley(const Options& options, const Meeting& meeting, std::size_t index) {
  Bot::Config bot{.signalling = meeting.signalling,
                  .room = meeting.room,
                  .name = fmt::format("Bot {}", index),
                  .media = {.local = *net::IpAddress::parse(options.local)},
                  .audio_slots = std::min<std::size_t>(3, options.publishers),
                  .video_slots = options.publishers};
  if (index < options.publishers) {
    bot.media.publishes = picture(options.picture);
    --bot.video_slots;
    if (options.publishers == 1) bot.audio_slots = 0;
  }
  return [bot](const Shared& shared) { return std::make_unique<Bot>(shared, bot); };
}

// In Janus one who sends and receives is two connections.
std::vector<Crowd::Make> make_janus(const Options& options, std::size_t index) {
  const auto address = net::SocketAddress::parse(options.url);
  bench::JanusMember::Config member{
      .janus = {.address = *address, .host = options.url, .protocol = "janus-protocol"},
      .media = {.local = *net::IpAddress::parse(options.local)}};
  std::vector<Crowd::Make> made;
  const auto add = [&made](bench::JanusMember::Config config) {
    made.push_back([config = std::move(config)](const Shared& shared) {
      return std::make_unique<bench::JanusMember>(shared, config);
    });
  };
  if (index < options.publishers) {
    member.feed = static_cast<std::int64_t>(index) + 1;
    member.media.publishes = picture(options.picture);
    add(member);
  }
  member.media.publishes.reset();
  for (std::size_t i = 0; i < options.publishers; ++i) {
    if (i != index) member.subscribes.push_back(static_cast<std::int64_t>(i) + 1);
  }
  if (index >= options.publishers || options.publishers > 1) add(member);
  return made;
}

bool all_there(Crowd& crowd) {
  return std::ranges::all_of(crowd.summaries(), [](const Member::Summary& member) {
    return member.state == Member::State::kFailed || member.packets_sent > 0 ||
           member.first_frame.has_value();
  });
}

int run(const Options& options) {
  const bool janus = options.server == "janus";
  std::expected<Meeting, std::string> meeting;
  if (!janus) meeting = find_meeting(options.url);
  if (!meeting) return fmt::print(stderr, "{}\n", meeting.error()), 1;

  Crowd crowd(options.threads);
  std::vector<Crowd::Make> members;
  for (std::size_t i = 0; i < options.publishers + options.viewers; ++i) {
    if (janus) {
      std::ranges::move(make_janus(options, i), std::back_inserter(members));
    } else {
      members.push_back(make_parley(options, *meeting, i));
    }
  }
  // Those who send come first: in Janus one subscribes to who is there.
  if (janus && options.publishers > 1) {
    std::vector<Crowd::Make> ordered;
    for (std::size_t i = 0; i < 2 * options.publishers; i += 2)
      ordered.push_back(std::move(members[i]));
    for (auto& member : members) {
      if (member) ordered.push_back(std::move(member));
    }
    members = std::move(ordered);
  }
  const std::uint64_t empty = resident_bytes(options.pid);
  const double before_joins = cpu_seconds(options.pid);
  const std::size_t senders = options.publishers;
  for (std::size_t i = 0; i < members.size(); ++i) {
    crowd.add(std::move(members[i]));
    wait(i + 1 == senders ? 1.0 : 1.0 / static_cast<double>(options.joins));
  }
  for (int i = 0; i < 100 && !all_there(crowd); ++i) wait(0.1);
  wait(1);
  const double after_joins = cpu_seconds(options.pid);
  wait(5);  // Congestion control finds out what the links carry.

  crowd.begin_measurement();
  const double before = cpu_seconds(options.pid);
  const auto began = std::chrono::steady_clock::now();
  wait(options.seconds);
  const double cpu = cpu_seconds(options.pid) - before;
  const auto measured =
      std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - began);
  Report report = Report::of(crowd.summaries(), measured);
  const std::uint64_t memory = resident_bytes(options.pid);
  report.add_server({.cpu = cpu, .memory = memory});
  crowd.leave();
  const double each = static_cast<double>(crowd.size());
  Json json = *Json::parse(report.to_json());
  json.set("memoryEach", static_cast<double>(memory - std::min(memory, empty)) / each);
  json.set("joinCpuMs", (after_joins - before_joins) * 1e3 / each);
  json.set("load", cpu / report.seconds);
  fmt::print("{}\n", json.to_text());
  return report.all_well() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("One case of the bench against one server.");
  app.add_option("--server", options.server)->check(CLI::IsMember({"parley", "janus"}));
  app.add_option("--url", options.url, "The room, or ADDRESS:PORT of Janus's WebSocket")
      ->required();
  app.add_option("--local", options.local, "Where the members' sockets are")->required();
  app.add_option("--pid", options.pid, "The server's")->required();
  app.add_option("--publishers", options.publishers);
  app.add_option("--viewers", options.viewers);
  app.add_option("--picture", options.picture, "Even, 8 packets at once, or next to none")
      ->check(CLI::IsMember({"spaced", "frames", "idle"}));
  app.add_option("--seconds", options.seconds);
  app.add_option("--joins", options.joins, "A second");
  app.add_option("--threads", options.threads);
  CLI11_PARSE(app, argc, argv);
  return run(options);
}
