#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/bytes.h"
#include "mcu/audio/audio_frame.h"

struct OpusDecoder;
struct OpusEncoder;

namespace parley::mcu {

// One voice out of its Opus packets (RFC 6716); stereo becomes one channel. Samples are appended to
// `out`.
class VoiceDecoder {
 public:
  VoiceDecoder();

  // False: no packet of Opus; nothing is appended.
  bool decode(Bytes packet, std::vector<float>& out);
  // The packet that should have come before `next`: by the redundancy that `next` has of it
  // (in-band FEC), else as conceal(). `samples` are a multiple of 120.
  void recover(Bytes next, std::size_t samples, std::vector<float>& out);
  // Goes on with what was heard last, ever more quietly. `samples` are a multiple of 120.
  void conceal(std::size_t samples, std::vector<float>& out);

 private:
  struct Destroy {
    void operator()(OpusDecoder* decoder) const;
  };

  std::unique_ptr<OpusDecoder, Destroy> decoder_;
};

// A mix as Opus packets of a frame each.
class MixEncoder {
 public:
  struct Config {
    // What a listener hears has been encoded before, by who speaks: at this rate the second time
    // costs less than 1 dB.
    int bits_per_second = 96'000;
    int complexity = 5;  // 0 to 10: more takes more time, and from here on is not heard.
  };

  explicit MixEncoder(const Config& config);

  // `independent`: of the frames before it, so that a decoder that was fed by another encoder until
  // now goes on without a click.
  std::vector<std::uint8_t> encode(const AudioFrame& frame, bool independent = false);

 private:
  struct Destroy {
    void operator()(OpusEncoder* encoder) const;
  };

  std::unique_ptr<OpusEncoder, Destroy> encoder_;
};

}  // namespace parley::mcu
