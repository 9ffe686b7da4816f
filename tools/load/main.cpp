// Fills a room with bots. See README.md.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdio>
#include <string>
#include <thread>

#include "load/bot.h"
#include "load/crowd.h"
#include "load/meeting.h"
#include "load/process.h"
#include "load/report.h"
#include "probe/resolve.h"

namespace {

using namespace parley;
using namespace parley::load;

struct Options {
  std::string room;
  std::size_t publishers = 1;
  std::size_t viewers = 10;
  std::size_t slots = 1;
  std::size_t joins = 100;
  std::size_t threads = 1;
  std::int64_t video_kbit = 500;
  double frames = 25;
  bool audio = true;
  double seconds = 10;
  int server_pid = 0;
  bool json = false;
};

void wait(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

Bot::Config bot_of(const Options& options, const Meeting& meeting, net::IpAddress local) {
  return {.signalling = meeting.signalling,
          .room = meeting.room,
          .media = {.local = local},
          .audio_slots = options.audio ? std::size_t{1} : std::size_t{0},
          .video_slots = options.slots};
}

void fill(Crowd& crowd, const Options& options, const Bot::Config& viewer) {
  for (std::size_t i = 0; i < options.publishers + options.viewers; ++i) {
    Bot::Config bot = viewer;
    bot.name = fmt::format("Bot {}", i + 1);
    if (i < options.publishers) {
      bot.media.publishes =
          Synthetic::of(DataRate::kbps(options.video_kbit), options.frames, options.audio);
      if (options.publishers == 1) bot.video_slots = bot.audio_slots = 0;  // There is nobody else.
    }
    crowd.add([bot = std::move(bot)](const Shared& shared) {
      return std::make_unique<Bot>(shared, bot);
    });
    wait(1 / static_cast<double>(options.joins));
  }
}

// Until everyone is there, or nobody has come for a while.
void wait_until_settled(Crowd& crowd) {
  for (int i = 0; i < 100; ++i) {
    wait(0.2);
    const auto pending = [](const Member::Summary& bot) {
      return bot.state == Member::State::kJoining || bot.state == Member::State::kConnecting ||
             (bot.state == Member::State::kConnected && bot.packets_sent == 0 && !bot.first_frame);
    };
    if (std::ranges::none_of(crowd.summaries(), pending)) return;
  }
}

int run(const Options& options) {
  const auto meeting = find_meeting(options.room);
  if (!meeting) return fmt::print(stderr, "{}\n", meeting.error()), 1;
  const auto local = probe::local_address_towards(meeting->signalling.address);
  if (!local) return fmt::print(stderr, "{}: there is no route\n", options.room), 1;

  Crowd crowd(options.threads);
  fill(crowd, options, bot_of(options, *meeting, *local));
  wait_until_settled(crowd);
  crowd.begin_measurement();
  const double before = options.server_pid != 0 ? cpu_seconds(options.server_pid) : 0;
  const auto began = std::chrono::steady_clock::now();
  wait(options.seconds);
  const auto measured =
      std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - began);
  const double after = options.server_pid != 0 ? cpu_seconds(options.server_pid) : 0;
  Report report = Report::of(crowd.summaries(), measured);
  if (options.server_pid != 0) {
    report.add_server(after - before, resident_bytes(options.server_pid));
  }
  crowd.leave();
  fmt::print("{}\n", options.json ? report.to_json() : report.to_text());
  return report.all_well() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Fills a room of a Parley server with bots, and says what they saw.");
  app.add_option("--room", options.room, "The meeting: http://HOST/room/NAME")->required();
  app.add_option("--publishers", options.publishers, "Bots that send sound and a picture");
  app.add_option("--viewers", options.viewers, "Bots that only receive");
  app.add_option("--slots", options.slots, "Pictures that each receives at once");
  app.add_option("--joins", options.joins, "Bots that come a second")->check(CLI::PositiveNumber);
  app.add_option("--threads", options.threads, "For the bots")->check(CLI::Range(1, 64));
  app.add_option("--video-kbit", options.video_kbit, "Of a publisher's picture, a second");
  app.add_option("--frames", options.frames, "Pictures a second")->check(CLI::Range(0.1, 1'000.0));
  app.add_flag("--audio,!--no-audio", options.audio, "Whether publishers send sound");
  app.add_option("--seconds", options.seconds, "To measure, once everyone is there");
  app.add_option("--server-pid", options.server_pid, "Whose CPU time and memory to tell");
  app.add_flag("--json", options.json, "The report as JSON");
  CLI11_PARSE(app, argc, argv);
  return run(options);
}
