// A meeting's picture, composed: nine people of 360p into one of 720p, thirty times a second, and
// what its parts take. The counter is the share of a core.
#include <benchmark/benchmark.h>

#include <ctime>

#include <vector>

#include "../mcu/people_of_film.h"
#include "../mcu/talking_head.h"
#include "base/sans_io.h"
#include "mcu/video/drawing.h"
#include "mcu/video/test_pictures.h"
#include "mcu/video/video_mixer.h"

namespace parley::mcu {
namespace {

constexpr std::size_t kFrames = 90;  // 3 s.
constexpr std::uint64_t kPeople = 9;
constexpr Size kCamera{640, 360};
constexpr Size kCanvas{1'280, 720};

const std::vector<Film>& films() {
  static const std::vector<Film> all = [] {
    std::vector<Film> made;
    for (std::uint64_t who = 0; who < kPeople; ++who) {
      made.push_back(film(kCamera, DataRate::kbps(500), kFrames, static_cast<std::uint32_t>(who)));
    }
    return made;
  }();
  return all;
}

double cpu_seconds() {
  timespec time = {};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// Of a core, where each iteration is one of thirty pictures a second.
class Share {
 public:
  explicit Share(benchmark::State& state) : state_(state), began_(cpu_seconds()) {}
  ~Share() {
    state_.counters["of_a_core"] =
        (cpu_seconds() - began_) * 30 / static_cast<double>(state_.iterations());
  }

 private:
  benchmark::State& state_;
  double began_;
};

void compose(benchmark::State& state) {
  const auto qualities = static_cast<std::size_t>(state.range(0));
  (void)films();
  const Fonts fonts = test_fonts();
  Codecs codecs;
  double spent = 0;
  std::size_t pictures = 0;
  for (auto _ : state) {
    VideoMixer mixer({}, codecs, fonts);
    for (std::size_t quality = 0; quality < qualities; ++quality) mixer.set_needed(quality, true);
    Time now{std::chrono::hours{1}};
    PeopleOfFilm people(films(), mixer, now);
    const double before = cpu_seconds();
    for (std::size_t n = 0; n < kFrames; ++n) {
      people.send(now, n);
      now += Duration(33'333);
      mixer.handle_timeout(now);
      drain(mixer, [](const VideoMixer::Output& output) { benchmark::DoNotOptimize(output); });
    }
    spent += cpu_seconds() - before;
    pictures += mixer.counters().pictures;
  }
  state.counters["of_a_core"] = spent * 30 / static_cast<double>(pictures);
}
BENCHMARK(compose)
    ->Name("nine of 360p into 720p, qualities")
    ->Arg(1)
    ->Arg(3)
    ->Unit(benchmark::kMillisecond);

void decode(benchmark::State& state) {
  std::vector<std::unique_ptr<PictureDecoder>> decoders;
  const auto begin = [&] {
    decoders.clear();
    for (std::uint64_t who = 0; who < kPeople; ++who) {
      decoders.push_back(make_decoder(codec::Format::kVp8, {}));
    }
  };
  (void)films();
  begin();
  std::size_t n = 0;
  const Share share(state);
  for (auto _ : state) {
    for (std::uint64_t who = 0; who < kPeople; ++who) {
      benchmark::DoNotOptimize(decoders[who]->decode(films()[who][n]));
    }
    n = (n + 1) % kFrames;
    if (n == 0) begin();
  }
}
BENCHMARK(decode)->Name("decode nine of 360p")->Unit(benchmark::kMillisecond);

struct Tiles {
  Tiles() {
    std::vector<LayoutPerson> people;
    for (std::uint64_t who = 0; who < kPeople; ++who) {
      people.push_back({.id = {who}});
      pictures.push_back(TalkingHead(kCamera, static_cast<std::uint32_t>(who)).next());
    }
    for (const Picture& picture : pictures) views.push_back(picture.view());
    std::size_t i = 0;
    for (const Cell& cell : arrange(people, LayoutMode::kGrid, {}, {})) {
      tiles.push_back({.cell = cell, .picture = &views[i++], .name = "Ada Lovelace"});
    }
  }
  std::vector<Picture> pictures;
  std::vector<PictureView> views;
  std::vector<Compositor::Tile> tiles;
};

void draw(benchmark::State& state) {
  const Tiles tiles;
  const Fonts fonts = test_fonts();
  Compositor compositor(kCanvas, fonts);
  const Share share(state);
  for (auto _ : state) benchmark::DoNotOptimize(compositor.draw(tiles.tiles));
}
BENCHMARK(draw)->Name("scale nine into their cells, with names")->Unit(benchmark::kMillisecond);

void scale_down(benchmark::State& state) {
  const Picture canvas = TalkingHead(kCanvas, 1).next();
  Picture half({640, 360});
  Picture quarter({320, 180});
  const Share share(state);
  for (auto _ : state) {
    draw_scaled(canvas.view(), half, {.width = 640, .height = 360});
    draw_scaled(canvas.view(), quarter, {.width = 320, .height = 180});
  }
}
BENCHMARK(scale_down)->Name("scale 720p to 360p and 180p")->Unit(benchmark::kMillisecond);

// Nine heads in it, as it is in truth.
void encode(benchmark::State& state) {
  const auto format = static_cast<codec::Format>(state.range(0));
  const int divisor = static_cast<int>(state.range(1));
  std::vector<TalkingHead> heads;
  for (std::uint32_t who = 0; who < kPeople; ++who) heads.emplace_back(kCamera, who);
  Tiles tiles;
  const Fonts fonts = test_fonts();
  std::vector<Picture> canvases;
  for (std::size_t n = 0; n < 30; ++n) {
    for (std::size_t who = 0; who < kPeople; ++who) {
      tiles.pictures[who] = heads[who].next();
      tiles.views[who] = tiles.pictures[who].view();
    }
    Compositor compositor(kCanvas, fonts);
    const Picture& drawn = compositor.draw(tiles.tiles);
    Picture scaled({kCanvas.width / divisor, kCanvas.height / divisor});
    draw_scaled(drawn.view(), scaled,
                {.width = scaled.size().width, .height = scaled.size().height});
    canvases.push_back(std::move(scaled));
  }
  const auto encoder = make_encoder(
      format,
      {.size = canvases[0].size(), .rate = DataRate::kbps(1'500 / divisor / divisor * 4 / 3)});
  std::uint64_t n = 0;
  const Share share(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        encoder->encode(canvases[n % canvases.size()].view(), n * 3'000, false));
    ++n;
  }
}
BENCHMARK(encode)
    ->Name("encode, format and divisor of 720p")
    ->Args({static_cast<int>(codec::Format::kVp8), 1})
    ->Args({static_cast<int>(codec::Format::kVp8), 2})
    ->Args({static_cast<int>(codec::Format::kVp8), 4})
    ->Args({static_cast<int>(codec::Format::kH264), 1})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace parley::mcu

BENCHMARK_MAIN();
