// Fills a room with bots. See README.md.
#include <fmt/format.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdio>
#include <expected>
#include <string>
#include <thread>
#include <variant>

#include "load/bot.h"
#include "load/crowd.h"
#include "load/meeting.h"
#include "load/process.h"
#include "load/recording.h"
#include "load/report.h"
#include "load/whip_bot.h"
#include "probe/resolve.h"

namespace {

using namespace parley;
using namespace parley::load;

struct Options {
  std::string room;
  std::string whip;
  std::string whep;
  std::size_t publishers = 1;
  std::size_t viewers = 10;
  std::size_t slots = 1;
  std::size_t joins = 100;
  std::size_t threads = 1;
  std::int64_t video_kbit = 500;
  double frames = 25;
  bool audio = true;
  double seconds = 10;
  std::string film;
  std::string sound;
  bool lecture = false;
  int one_stream = 0;  // Lines; 0: no.
  int server_pid = 0;
  bool json = false;
};

// Those who come last are felt by all: each asks for a key frame.
constexpr double kSettle = 3;
constexpr double kLeave = 3;  // Until the server has forgotten all.

void wait(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

// By which some of the crowd come.
using Way = std::variant<Meeting, HttpCall::Target>;

std::expected<Way, std::string> find_way(const std::string& endpoint, const std::string& room) {
  if (!endpoint.empty()) return find_endpoint(endpoint);
  if (room.empty()) return std::unexpected("Say by --room, or by --whip and --whep, where to.");
  return find_meeting(room);
}

const net::SocketAddress& address_of(const Way& way) {
  const auto* const meeting = std::get_if<Meeting>(&way);
  return meeting != nullptr ? meeting->signalling.address : std::get<HttpCall::Target>(way).address;
}

std::size_t audio_slots(const Options& options) {
  return options.audio ? 1 : 0;
}

Crowd::Make bot_by(const Meeting& meeting, const Options& options, std::size_t number,
                   MediaPeer::Config media) {
  // Who publishes alone has nobody else to see.
  const bool publishes = media.publishes.has_value();
  const bool alone = publishes && options.publishers == 1;
  Bot::Config bot{.signalling = meeting.signalling,
                  .room = meeting.room,
                  .name = fmt::format("Bot {}", number),
                  .media = std::move(media),
                  .audio_slots = alone ? 0 : audio_slots(options),
                  .video_slots = alone ? 0 : options.slots,
                  .lecture = options.lecture,
                  .one_stream = publishes ? 0 : options.one_stream};
  return [bot](const Shared& shared) { return std::make_unique<Bot>(shared, bot); };
}

Crowd::Make bot_by(const HttpCall::Target& endpoint, const Options& options, std::size_t number,
                   MediaPeer::Config media) {
  WhipBot::Config bot{.endpoint = endpoint,
                      .media = std::move(media),
                      .audio_slots = audio_slots(options),
                      .video_slots = options.slots};
  bot.endpoint.path +=
      fmt::format("{}name=Bot+{}", endpoint.path.contains('?') ? '&' : '?', number);
  if (options.one_stream > 0 && !bot.media.publishes) bot.endpoint.path += "&view=all";
  return [bot](const Shared& shared) { return std::make_unique<WhipBot>(shared, bot); };
}

// Until everyone is there, or nobody has come for a while.
void wait_until_there(Crowd& crowd) {
  for (int i = 0; i < 100; ++i) {
    wait(0.2);
    const auto pending = [](const Member::Summary& bot) {
      return bot.state == Member::State::kJoining || bot.state == Member::State::kConnecting ||
             (bot.state == Member::State::kConnected && bot.packets_sent == 0 && !bot.first_frame);
    };
    if (std::ranges::none_of(crowd.summaries(), pending)) return;
  }
}

// What publishers send, unless a recording cannot be read.
std::expected<Synthetic::Config, std::string> sent_by(const Options& options) {
  auto sent = Synthetic::of(DataRate::kbps(options.video_kbit), options.frames, options.audio);
  if (!options.film.empty()) {
    const auto film = load_recording(options.film, read_film);
    if (!film) return std::unexpected(film.error());
    sent.film = *film;
  }
  if (!options.sound.empty()) {
    const auto sound = load_recording(options.sound, read_sound);
    if (!sound) return std::unexpected(sound.error());
    sent.sound = *sound;
  }
  return sent;
}

// Who publishes first: who makes a room says what it is.
void fill(Crowd& crowd, const Options& options, const Way& publishing, const Way& viewing,
          const MediaPeer::Config& publisher) {
  const auto add = [&](const Way& by, const MediaPeer::Config& media) {
    crowd.add(std::visit(
        [&](const auto& way) { return bot_by(way, options, crowd.size() + 1, media); }, by));
    wait(1 / static_cast<double>(options.joins));
  };
  for (std::size_t i = 0; i < options.publishers; ++i) add(publishing, publisher);
  if (options.publishers > 0) wait_until_there(crowd);
  for (std::size_t i = 0; i < options.viewers; ++i) add(viewing, {.local = publisher.local});
  wait_until_there(crowd);
}

Report measure(const Options& options, const Way& publishing, const Way& viewing,
               const MediaPeer::Config& publisher) {
  const int pid = options.server_pid;
  const auto server_cpu = [pid] { return pid != 0 ? cpu_seconds(pid) : 0; };
  const auto server_memory = [pid] { return pid != 0 ? resident_bytes(pid) : 0; };
  Report::Server server{.memory_before = server_memory()};
  const double began_with = server_cpu();
  Crowd crowd(options.threads);
  fill(crowd, options, publishing, viewing, publisher);
  wait(kSettle);
  crowd.begin_measurement();
  const double before = server_cpu();
  const double own_before = cpu_seconds(getpid());
  const auto began = std::chrono::steady_clock::now();
  wait(options.seconds);
  const auto measured =
      std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - began);
  server.cpu = server_cpu() - before;
  server.join_cpu = before - began_with;
  server.memory = server_memory();
  Report report = Report::of(crowd.summaries(), measured);
  report.load_cpu_seconds = cpu_seconds(getpid()) - own_before;
  crowd.leave();
  if (pid == 0) return report;
  wait(kLeave);
  server.memory_after = server_memory();
  report.add_server(server);
  return report;
}

int run(const Options& options) {
  // Of whom there are none, that need not be said.
  const auto publishing =
      find_way(options.publishers == 0 ? options.whep : options.whip, options.room);
  if (!publishing) return fmt::print(stderr, "{}\n", publishing.error()), 1;
  const auto viewing = find_way(options.viewers == 0 ? options.whip : options.whep, options.room);
  if (!viewing) return fmt::print(stderr, "{}\n", viewing.error()), 1;
  const net::SocketAddress& server = address_of(*publishing);
  const auto local = probe::local_address_towards(server);
  if (!local) return fmt::print(stderr, "{}: there is no route\n", server.to_string()), 1;

  const auto sent = sent_by(options);
  if (!sent) return fmt::print(stderr, "{}\n", sent.error()), 1;
  Report report = measure(options, *publishing, *viewing, {.local = *local, .publishes = *sent});
  fmt::print("{}\n", options.json ? report.to_json() : report.to_text());
  return report.all_well() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Fills a room of a Parley server with bots, and says what they saw.");
  app.add_option("--room", options.room, "The meeting: http://HOST/room/NAME");
  app.add_option("--whip", options.whip, "Where publishers publish by WHIP: http://HOST/whip/NAME");
  app.add_option("--whep", options.whep, "What viewers play by WHEP: http://HOST/whep/NAME");
  app.add_option("--publishers", options.publishers, "Bots that send sound and a picture");
  app.add_option("--viewers", options.viewers, "Bots that only receive");
  app.add_option("--slots", options.slots, "Pictures that each receives at once");
  app.add_option("--joins", options.joins, "Bots that come a second")->check(CLI::PositiveNumber);
  app.add_option("--threads", options.threads, "For the bots")->check(CLI::Range(1, 64));
  app.add_option("--video-kbit", options.video_kbit, "Of a publisher's picture, a second");
  app.add_option("--frames", options.frames, "Pictures a second")->check(CLI::Range(0.1, 1'000.0));
  app.add_option("--film", options.film, "Instead, VP8 in IVF, that a mixer can decode");
  app.add_option("--sound", options.sound, "Opus in Ogg, packets of 20 ms");
  app.add_flag("--lecture", options.lecture,
               "The room is a lecture: one publishes, viewers listen");
  app.add_flag("--one-stream{720}", options.one_stream,
               "Viewers get everyone in one picture, of so many lines at most");
  app.add_flag("--audio,!--no-audio", options.audio, "Whether publishers send sound");
  app.add_option("--seconds", options.seconds, "To measure, once everyone is there");
  app.add_option("--server-pid", options.server_pid, "Whose CPU time and memory to tell");
  app.add_flag("--json", options.json, "The report as JSON");
  CLI11_PARSE(app, argc, argv);
  return run(options);
}
