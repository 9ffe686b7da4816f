#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/shared_bytes.h"
#include "base/time.h"
#include "mcu/audio/audio_frame.h"
#include "mcu/audio/opus.h"
#include "mcu/audio/playout.h"
#include "rtp/jitter_buffer.h"

namespace parley::mcu {

// One participant's sound, from their packets to a frame each 20 ms: in order, as late as the
// network makes necessary, with what is lost made up for, and by our clock. While they are silent
// nothing is decoded.
class Voice {
 public:
  struct Packet {
    rtp::SeqNo seq = {};
    std::uint64_t timestamp = 0;  // Extended, of 48,000 a second (RFC 7587, 4.1).
    // The header extension's: 0 is the loudest, 127 silence (RFC 6464). Nothing: not told.
    std::optional<std::uint8_t> level = {};
    SharedBytes payload = {};  // One packet of Opus.
  };
  struct Config {
    rtp::JitterBuffer::Config jitter = {
        .capacity = 100,  // 2 s.
        .delay = {.max = std::chrono::milliseconds{400}},
    };
    Playout::Config playout = {};
    std::uint8_t quiet = 60;  // From this level on nobody hears it.
    // They are silent once they were quiet for so long: pauses between words are not.
    Duration silent_after = std::chrono::milliseconds{600};
    // Where nothing comes so much is made up, ever more quietly; then it is silence.
    std::size_t max_concealed = 5 * kFrameSamples;
  };
  struct Counters {
    std::uint64_t decoded = 0, skipped = 0, refused = 0;  // Packets; skipped: not heard anyway.
    std::uint64_t recovered = 0, concealed = 0;           // Frames: by redundancy, by guess.
    rtp::JitterBuffer::Counters jitter = {};
  };

  explicit Voice(const Config& config)
      : config_(config), jitter_(config.jitter), playout_(config.playout) {}

  void insert(Time now, Packet packet);

  // The next 20 ms, each 20 ms. False: silence; `frame` is not touched.
  bool play(Time now, AudioFrame& frame);

  // When the sound of that timestamp is played, or would be; nothing before the first packet.
  std::optional<Time> due(std::uint64_t timestamp) const;
  Counters counters() const;

 private:
  void take_due(Time now);
  void decode(const rtp::JitterBuffer::Packet& packet);
  void make_up_for_lost(const rtp::JitterBuffer::Packet& packet);
  void make_up(std::size_t samples, Bytes next);
  void fill();
  void note_wait(Time now);
  void begin();
  bool end(Time now, AudioFrame& frame);
  Duration until_next(Time now) const;

  Config config_;
  rtp::JitterBuffer jitter_;
  Playout playout_;
  std::optional<VoiceDecoder> decoder_;  // While it plays: it weighs 18 KB.
  bool has_begun_ = false;               // Something has come.
  std::optional<Time> loud_at_;          // When something came last that can be heard.
  // Of what follows the last packet that was decoded; nothing before the first.
  std::optional<std::uint64_t> next_timestamp_;
  std::size_t last_duration_ = kFrameSamples;  // Of a packet, in samples.
  std::size_t concealed_ = 0;                  // Samples since then.
  // How long what is due waits until it is played; lately, while nothing is.
  Duration waits_ = kFrameDuration * 3 / 2;
  std::vector<float> decoded_;  // Kept for its room.
  Counters counters_;
};

}  // namespace parley::mcu
