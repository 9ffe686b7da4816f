// People whose packets are what the input says: no Opus, out of order, far apart in time, of one
// who is not there. A frame comes each 20 ms all the same, and a decoder takes each.
//
// Steps of one byte and its operands, see step().
#include <algorithm>
#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/overloaded.h"
#include "base/sans_io.h"
#include "mcu/audio/audio_mixer.h"

namespace parley::mcu {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMaxSteps = 200;  // A frame takes longer than to read one.

class Run {
 public:
  explicit Run(ByteReader input) : input_(input) {}

  void run() {
    for (std::size_t n = 0; n < kMaxSteps && input_.remaining() > 0; ++n) step();
    wait(100ms);
    if (begun_ == 0) return;
    const auto left_out = static_cast<std::int64_t>(mixer_.counters().left_out);
    PARLEY_ASSERT(frames_ + left_out + 1 >= (now_ - kStart) / kFrameDuration - begun_);
  }

 private:
  static constexpr Time kStart{1h};

  void step() {
    const std::uint8_t what = input_.u8();
    const VoiceId who{.of = {what % 4u}, .number = static_cast<std::uint8_t>(what >> 4 & 1)};
    switch (what >> 5) {
      case 0:
        mixer_.add(now_, who);
        if (begun_ == 0) begun_ = 1 + (now_ - kStart) / kFrameDuration;
        break;
      case 1:
        mixer_.remove(who);
        mixer_.set_listening(who.of, (what & 8) != 0);
        break;
      case 2: wait(std::chrono::milliseconds(input_.u8())); break;
      case 3: wait(std::chrono::milliseconds(input_.u16())); break;
      default: say(who, what); break;
    }
  }

  void say(VoiceId who, std::uint8_t what) {
    Voice::Packet packet{.seq = {65'536u + input_.u16()}, .timestamp = (std::uint64_t{1} << 32)};
    packet.timestamp += (what & 4) != 0 ? input_.u32() : input_.u16() * 120u;
    if ((what & 8) != 0) packet.level = input_.u8() % 128;
    packet.payload =
        SharedBytes(input_.bytes(std::min<std::size_t>(input_.u8(), input_.remaining())));
    mixer_.handle_input(now_, {.from = who, .packet = std::move(packet)});
  }

  void wait(Duration time) {
    now_ += time;
    mixer_.handle_timeout(now_);
    PARLEY_ASSERT(mixer_.next_deadline() > now_);
    const auto hear = [this](const AudioMixer::Mixed& mixed) {
      PARLEY_ASSERT(mixed.timestamp % kFrameSamples == 0);
      if (mixed.without) return;
      ++frames_;
      heard_.clear();
      PARLEY_ASSERT(decoder_.decode(mixed.packet.bytes(), heard_));
      PARLEY_ASSERT(heard_.size() == kFrameSamples);
    };
    drain(mixer_, [&](AudioMixer::Output output) {
      std::visit(overloaded{hear, [](AudioMixer::OwnMixEnded) {}}, std::move(output));
    });
  }

  ByteReader input_;
  AudioMixer mixer_;
  VoiceDecoder decoder_;
  std::vector<float> heard_;
  Time now_ = kStart;
  std::int64_t begun_ = 0;  // In which frame since the start, counted from 1; 0: not yet.
  std::int64_t frames_ = 0;
};

}  // namespace
}  // namespace parley::mcu

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  parley::mcu::Run(parley::ByteReader({data, size})).run();
  return 0;
}
