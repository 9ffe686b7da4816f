// mcu_compose film FOLDER FRAMES: nine people of 360p, as FOLDER/0.ivf to 8.ivf.
// mcu_compose compose FOLDER OUT.ivf LAYERS SPEED: them in one picture of 720p, encoded at 1.5
// Mbit/s with 1 or 2 temporal layers; what it took on standard output, as JSON.
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/sans_io.h"
#include "ivf.h"
#include "mcu/video/test_pictures.h"
#include "mcu/video/video_mixer.h"
#include "people_of_film.h"
#include "talking_head.h"

namespace parley::mcu {
namespace {

constexpr std::uint64_t kPeople = 9;
constexpr Size kCamera{640, 360};

std::string input_path(const std::string& folder, std::uint64_t who) {
  return folder + "/" + std::to_string(who) + ".ivf";
}

double cpu_seconds() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

int make_films(const std::string& folder, std::size_t frames) {
  for (std::uint64_t who = 0; who < kPeople; ++who) {
    write_ivf(input_path(folder, who), kCamera,
              film(kCamera, DataRate::kbps(500), frames, static_cast<std::uint32_t>(who)));
  }
  return 0;
}

int compose(const std::string& folder, const std::string& out, bool layers, int speed) {
  std::vector<Film> films;
  for (std::uint64_t who = 0; who < kPeople; ++who) {
    films.push_back(read_ivf(input_path(folder, who)));
  }
  const double before = cpu_seconds();
  const Fonts fonts = test_fonts();
  Codecs codecs;
  VideoMixer::Config config;
  config.qualities = {{.temporal_layers = layers, .speed = speed}};
  VideoMixer mixer(config, codecs, fonts);
  mixer.set_needed(0, true);
  Time now{std::chrono::hours{1}};
  PeopleOfFilm people(films, mixer, now);
  Film encoded;
  std::size_t bytes = 0;
  for (std::size_t n = 0; n < films[0].size(); ++n) {
    people.send(now, n);
    now += Duration(33'333);
    mixer.handle_timeout(now);
    drain(mixer, [&](VideoMixer::Output output) {
      if (auto* const frame = std::get_if<VideoMixer::Encoded>(&output)) {
        bytes += frame->data.size();
        encoded.push_back(std::move(frame->data));
      }
    });
  }
  const double took = cpu_seconds() - before;
  write_ivf(out, config.layout.canvas, encoded);
  std::printf("{\"pictures\": %zu, \"cpu_seconds\": %.3f, \"kbps\": %.0f}\n", encoded.size(), took,
              static_cast<double>(bytes) * 8 * 30 / 1e3 / static_cast<double>(encoded.size()));
  return 0;
}

}  // namespace
}  // namespace parley::mcu

int main(int argc, char** argv) {
  const std::vector<std::string> args(argv + 1, argv + argc);
  if (args.size() == 3 && args[0] == "film") {
    return parley::mcu::make_films(args[1], std::strtoul(args[2].c_str(), nullptr, 10));
  }
  if (args.size() == 5 && args[0] == "compose") {
    return parley::mcu::compose(args[1], args[2], args[3] == "2", std::atoi(args[4].c_str()));
  }
  std::fputs("see the beginning of compose.cpp\n", stderr);
  return 2;
}
