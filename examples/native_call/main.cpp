// Joins a meeting and talks to everyone there, peer to peer. See README.md.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <cstdio>
#include <string>

#include "io/event_loop.h"
#include "io/signals.h"
#include "ivf.h"
#include "ogg.h"
#include "participant.h"

namespace {

using namespace parley;
using namespace native_call;

struct Options {
  std::string url;
  std::string name = "Native";
  std::string picture;  // A path, as the next two; empty: none.
  std::string sound;
  std::string save_to;
};

std::expected<Files, std::string> read_files(const Options& options) {
  Files files{.save_to = options.save_to};
  const auto fill = [](std::optional<MediaFile>& into, const std::string& path, MediaParser parse) {
    if (path.empty()) return std::string();
    auto file = read_media(path, parse);
    if (!file) return file.error();
    into = *std::move(file);
    return std::string();
  };
  for (const std::string& problem : {fill(files.picture, options.picture, parse_ivf),
                                     fill(files.sound, options.sound, parse_ogg)}) {
    if (!problem.empty()) return std::unexpected(problem);
  }
  return files;
}

int run(const Options& options) {
  const auto meeting = Meeting::parse(options.url);
  if (!meeting) return fmt::print(stderr, "{}: is no http://HOST/room/NAME\n", options.url), 1;
  const auto files = read_files(options);
  if (!files) return fmt::print(stderr, "{}\n", files.error()), 1;

  io::EventLoop loop;
  Participant participant(loop, *files);
  const io::Signals signals(loop, {SIGTERM, SIGINT}, [&](int) { participant.leave(); });
  const auto joining = participant.join(*meeting, options.name);
  if (!joining) return fmt::print(stderr, "{}\n", joining.error()), 1;
  loop.run();
  return participant.exit_status();
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Joins a Parley meeting and talks to everyone there, peer to peer.");
  app.add_option("url", options.url, "The meeting: http://HOST/room/NAME")->required();
  app.add_option("--name", options.name, "What others see");
  app.add_option("--picture", options.picture, "The file to send as a camera: VP8 in IVF");
  app.add_option("--sound", options.sound, "The file to send as a microphone: Opus in Ogg");
  app.add_option("--save", options.save_to, "The folder to write what comes into");
  CLI11_PARSE(app, argc, argv);
  std::setvbuf(stdout, nullptr, _IOLBF, 0);  // Whoever watches it through a pipe sees each line.
  return run(options);
}
