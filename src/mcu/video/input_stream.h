#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "codec/format.h"
#include "codec/frame_builder.h"
#include "mcu/video/codecs.h"
#include "mcu/video/picture.h"
#include "mcu/video/picture_decoder.h"
#include "rtp/jitter_buffer.h"
#include "rtp/reorder_buffer.h"

namespace parley::mcu {

// One camera or screen, from its packets to the picture that is to be seen now: frames put
// together, each decoded when it is due, so that it is in step with the sound. Whatever comes, or
// does not, costs this picture alone.
class InputStream {
 public:
  struct Packet {
    codec::Format format = codec::Format::kUnknown;
    std::uint8_t encoding = 0;    // Of a simulcast.
    rtp::SeqNo seq = {};          // Of that encoding, as the next.
    std::uint64_t timestamp = 0;  // Extended, of 90,000 a second.
    bool marker = false;
    Bytes payload = {};  // Borrowed during the call. Empty: padding.
  };
  // What was captured at `timestamp` shall be seen at `due`; so all of that encoding has its time.
  struct Pace {
    std::uint64_t timestamp = 0;
    Time due = {};
  };
  struct Config {
    PictureDecoder::Limits limits = {};
    Duration patience = std::chrono::milliseconds{100};  // For what may be sent again.
    Duration max_wait = std::chrono::seconds{1};         // Of a frame, whatever the pace says.
    std::size_t max_frames = 128;                        // That wait.
    std::size_t max_bytes = 16 << 20;
    std::size_t max_decodes = 8;  // At once; a stream that comes in a burst waits for the next.
    // Asked for again after so long, and ever more seldom.
    Duration key_frame_retry = std::chrono::milliseconds{500};
    Duration key_frame_retry_max = std::chrono::seconds{4};
  };
  struct Counters {
    std::uint64_t packets = 0, other_encoding = 0, not_shown = 0;  // The latter two: dropped.
    std::uint64_t frames = 0, frames_lost = 0, overflowed = 0;     // Lost: not whole.
    std::uint64_t decoded = 0;
    std::uint64_t skipped = 0;  // Frames, as what they lean on is missing.
    std::uint64_t too_large = 0, corrupt = 0, unsupported = 0;  // Frames.
    std::uint64_t key_frames_requested = 0, switches = 0;
  };

  InputStream(const Config& config, Codecs& codecs) : config_(config), codecs_(&codecs) {}

  void insert(Time now, const Packet& packet);
  // Which encoding to show. It goes over at that one's next key frame; the first that comes is
  // chosen where none was.
  void choose(std::uint8_t encoding);
  void set_pace(std::uint8_t encoding, Pace pace);
  // While it is not shown nothing is decoded, and the picture is let go.
  void set_shown(bool shown);

  // Decodes what is due until then. True: there is another picture to show.
  bool advance(Time now, Time until);
  // What is to be seen now, until the next call of another function. Null: nothing so far.
  const PictureView* picture() const { return picture_ ? &*picture_ : nullptr; }
  std::optional<Time> picture_changed() const { return changed_; }

  // The encoding of which a key frame is to be asked for now.
  std::optional<std::uint8_t> poll_key_frame_request(Time now);
  // How much later than the pace wants its pictures come, most of them: to be in step, the sound
  // has to wait for as long. Below zero: they are early. Nothing: it has no pace, or no pictures.
  std::optional<Duration> lateness() const;
  std::size_t waiting() const { return queue_.size(); }
  Counters counters() const;

 private:
  struct KeyFrameNeed {
    Time next = kAtOnce;
    Duration retry = {};
  };
  // One encoding: packets to frames.
  struct Track {
    Track(std::uint8_t number, const Config& config);

    std::uint8_t encoding = 0;
    codec::Format format = codec::Format::kUnknown;
    rtp::ReorderBuffer order;
    std::optional<codec::FrameBuilder> builder = {};
    rtp::DelayEstimator delay;     // Where it has no pace.
    rtp::DelayEstimator lateness;  // Where it has.
    std::optional<KeyFrameNeed> need = {};
    bool has_lateness = false;
  };
  struct Frame {
    codec::Format format = codec::Format::kUnknown;
    bool key = false;
    Time due = {};
    std::vector<std::uint8_t> data = {};
  };

  void begin(std::optional<Track>& track, std::uint8_t encoding);
  void build(Time now, std::optional<Track>& track);
  void take(Time now, Track& track, codec::FrameBuilder::Frame frame);
  bool is_held(const Frame& frame) const;
  bool decode(Time now, const Frame& frame);
  void fail(DecodeError error);
  void need_key_frame(std::optional<Track>& track) const;
  Time due(Time now, Track& track, std::uint64_t timestamp) const;
  void end(std::optional<Track>& track);

  Config config_;
  Codecs* codecs_;
  bool shown_ = true;
  std::optional<Track> current_;
  std::optional<Track> next_;                // Chosen, until its first key frame.
  std::map<std::uint8_t, Pace> paces_ = {};  // By encoding.
  std::deque<Frame> queue_;
  std::size_t queued_bytes_ = 0;
  codec::Format format_ = codec::Format::kUnknown;  // Of `decoder_`.
  std::unique_ptr<PictureDecoder> decoder_;
  bool broken_ = true;  // No frame but a key frame is of use.
  std::optional<PictureView> picture_;
  std::optional<Time> changed_;
  std::uint64_t frames_lost_ = 0;  // By builders that are gone.
  Counters counters_;
};

}  // namespace parley::mcu
