// People whose packets are what the input says: no picture, of any codec, out of order, far apart
// in time, of one who is not there. A picture comes each 33 ms all the same, and a decoder takes
// it.
//
// Steps of one byte and its operands, see step().
#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/overloaded.h"
#include "base/sans_io.h"
#include "mcu/video/video_mixer.h"

namespace parley::mcu {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMaxSteps = 200;
constexpr codec::Format kFormats[] = {codec::Format::kVp8, codec::Format::kVp9,
                                      codec::Format::kH264, codec::Format::kAv1};

VideoMixer::Config config() {
  VideoMixer::Config config;
  config.layout = {.canvas = {64, 48}, .most_in_grid = 3, .gap = 2};
  config.qualities = {{.speed = 16}};
  config.input.limits = {.largest = {256, 256}, .most_pixels = 256 * 256};
  config.input.max_frames = 16;
  return config;
}

class Run {
 public:
  explicit Run(ByteReader input) : input_(input), mixer_(config(), codecs_, fonts_) {
    mixer_.set_needed(0, true);
  }

  void run() {
    for (std::size_t n = 0; n < kMaxSteps && input_.remaining() > 0; ++n) step();
    wait(100ms);
    const VideoMixer::Counters& counters = mixer_.counters();
    PARLEY_ASSERT(counters.encoded == counters.pictures && frames_ == counters.pictures);
  }

 private:
  void step() {
    const std::uint8_t what = input_.u8();
    const InputId who{{what % 4u}, (what & 4) != 0 ? Source::kScreen : Source::kCamera};
    switch (what >> 5) {
      case 0: change(who.person); break;
      case 1: mixer_.remove_person(who.person); break;
      case 2: wait(std::chrono::milliseconds(input_.u8())); break;
      case 3: control(who); break;
      default: send(who, what); break;
    }
  }

  void change(PersonId who) {
    const std::uint8_t bits = input_.u8();
    const std::size_t length = std::min<std::size_t>(bits >> 5, input_.remaining());
    mixer_.set_person(now_, {.id = who,
                             .name = std::string(as_text(input_.bytes(length))),
                             .muted = (bits & 1) != 0,
                             .speaks = (bits & 2) != 0,
                             .has_camera = (bits & 4) != 0,
                             .has_screen = (bits & 8) != 0,
                             .lectures = (bits & 16) != 0});
  }

  void control(InputId who) {
    const std::uint8_t bits = input_.u8();
    switch (bits % 6) {
      case 0: mixer_.choose(who, bits >> 6); break;
      case 1: {
        const Time due = now_ + std::chrono::milliseconds(input_.u16()) - 30s;
        mixer_.set_pace(who, bits >> 6, {.timestamp = input_.u64(), .due = due});
        break;
      }
      case 2: mixer_.set_mode(static_cast<LayoutMode>((bits >> 4) % 3)); break;
      case 3: mixer_.handle_load(now_, std::chrono::milliseconds(bits)); break;
      case 4: mixer_.request_key_frame(0); break;
      case 5: mixer_.set_needed(0, (bits & 0x80) == 0); break;
    }
  }

  // Numbers that follow each other, unless the input says otherwise.
  void send(InputId who, std::uint8_t what) {
    const std::uint8_t bits = input_.u8();
    if ((what & 8) != 0) seq_ = 65'536u + input_.u16();
    if ((what & 16) != 0) timestamp_ = input_.u64();
    const std::size_t length = std::min<std::size_t>(input_.u16() % 2'048, input_.remaining());
    const Bytes payload = input_.bytes(length);
    mixer_.handle_input(now_, {.from = who,
                               .packet = {.format = kFormats[bits % 4],
                                          .encoding = static_cast<std::uint8_t>(bits >> 6),
                                          .seq = {seq_++},
                                          .timestamp = timestamp_,
                                          .marker = (bits & 4) != 0,
                                          .payload = payload}});
    if ((bits & 4) != 0) timestamp_ += 3'000;
  }

  void wait(Duration time) {
    now_ += time;
    mixer_.handle_timeout(now_);
    PARLEY_ASSERT(mixer_.next_deadline() > now_);
    drain(mixer_, [this](const VideoMixer::Output& output) {
      std::visit(
          overloaded{[this](const VideoMixer::Encoded& encoded) {
                       const auto seen = decoder_->decode(encoded.data);
                       PARLEY_ASSERT(seen && seen->size == encoded.size);
                       ++frames_;
                     },
                     [](const VideoMixer::NeedsKeyFrame&) {}, [](const VideoMixer::WantsSize&) {}},
          output);
    });
  }

  ByteReader input_;
  Codecs codecs_;
  Fonts fonts_;
  VideoMixer mixer_;
  std::unique_ptr<PictureDecoder> decoder_ = make_decoder(codec::Format::kVp8, {});
  Time now_{1h};
  std::uint64_t seq_ = 65'536;
  std::uint64_t timestamp_ = std::uint64_t{1} << 32;
  std::uint64_t frames_ = 0;
};

}  // namespace
}  // namespace parley::mcu

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  parley::mcu::Run(parley::ByteReader({data, size})).run();
  return 0;
}
