#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/data_rate.h"
#include "base/sans_io.h"
#include "base/time.h"
#include "mcu/video/codecs.h"
#include "mcu/video/compositor.h"
#include "mcu/video/fonts.h"
#include "mcu/video/input_stream.h"
#include "mcu/video/layout.h"
#include "mcu/video/load_control.h"
#include "mcu/video/moving_layout.h"
#include "mcu/video/output_stream.h"

namespace parley::mcu {

// A meeting in one picture, thirty times a second: what people send is decoded when it is due,
// composed, and encoded once for each quality that somebody needs.
//
// A SansIo engine; it begins with the first person. Each picture has its time, whatever its inputs
// do: one that sends nothing, or nothing that can be decoded, is a card with its name.
//
// The owner tells it after each handle_timeout() how long that took (handle_load): where that is
// too long, pictures become fewer, then smaller.
class VideoMixer {
 public:
  struct Config {
    LayoutConfig layout = {};  // Its canvas is the full size.
    LayoutMode mode = LayoutMode::kGrid;
    std::vector<OutputStream::Config> qualities = OutputStream::simulcast();
    InputStream::Config input = {};
    // Of a camera, whose cell is never large: to decode more would be at the cost of all others.
    std::int64_t most_camera_pixels = std::int64_t{2'560} * 1'440;
    LoadControl::Config load = {};
    Duration moves_take = std::chrono::milliseconds{300};
    // Who speaks for so long, while who is large does not, becomes large.
    Duration speaks_before_main = std::chrono::milliseconds{400};
    // A camera of which nothing came for so long shows the card instead of what was last.
    Duration stale_after = std::chrono::seconds{5};
  };

  struct Person {
    PersonId id = {};
    std::string name = {};
    bool muted = false;
    bool speaks = false;
    bool has_camera = false;
    bool has_screen = false;
    bool lectures = false;

    friend bool operator==(const Person&, const Person&) = default;
  };

  struct Input {
    InputId from = {};
    InputStream::Packet packet = {};
  };

  struct Encoded {
    std::size_t quality = 0;  // Of Config::qualities.
    codec::Format format = codec::Format::kUnknown;
    Time captured = {};           // For sender reports: sound that is mixed then belongs to it.
    std::uint64_t timestamp = 0;  // Of 90,000 a second, since the first picture.
    bool key = false;
    std::uint8_t temporal_layer = 0;  // 1: no other frame needs it.
    Size size = {};
    std::vector<std::uint8_t> data = {};
  };
  struct NeedsKeyFrame {
    InputId input = {};
    std::uint8_t encoding = 0;

    friend bool operator==(const NeedsKeyFrame&, const NeedsKeyFrame&) = default;
  };
  // How large an input is shown, so that the owner can choose() an encoding that fits. Empty: not
  // at all; then it need not be sent.
  struct WantsSize {
    InputId input = {};
    Size size = {};

    friend bool operator==(const WantsSize&, const WantsSize&) = default;
  };
  using Output = std::variant<Encoded, NeedsKeyFrame, WantsSize>;

  struct Counters {
    std::uint64_t pictures = 0;
    std::uint64_t left_out = 0;  // As the owner came too late.
    std::uint64_t encoded = 0;   // Frames of all qualities.
    std::uint64_t unknown = 0;   // Packets of no input that there is.
    std::uint64_t steps_down = 0, steps_up = 0;
  };

  // `codecs` and `fonts` outlive it.
  VideoMixer(const Config& config, Codecs& codecs, const Fonts& fonts);

  void set_person(Time now, const Person& person);  // Adds them, or changes what they are.
  void remove_person(PersonId person);
  void set_mode(LayoutMode mode);

  // Which encoding of it to show, and when it is to be seen. Of an input that there is not:
  // nothing.
  void choose(InputId input, std::uint8_t encoding);
  void set_pace(InputId input, std::uint8_t encoding, InputStream::Pace pace);

  void set_needed(std::size_t quality, bool needed);  // None is, in the beginning.
  void set_rate(std::size_t quality, DataRate rate);
  void request_key_frame(std::size_t quality);
  void begin_anew(std::size_t quality);  // Of what is encoded before, nothing is sent.

  void handle_input(Time now, Input input);
  void handle_timeout(Time now);
  void handle_load(Time now, Duration took);
  std::optional<Output> poll_output();
  Time next_deadline() const;

  std::optional<PersonId> main() const { return main_; }
  std::optional<Duration> lateness(InputId input) const;
  std::optional<InputStream::Counters> input_counters(InputId input) const;
  const Counters& counters() const { return counters_; }
  const LoadControl& load() const { return load_; }
  Size canvas() const { return layout_config().canvas; }
  std::vector<Cell> cells() const { return layout_.target(); }  // As they will be, if they move.
  // The last that was composed. Once there was one.
  const Picture& picture() const { return *composed_; }

 private:
  struct Member {
    Person person = {};
    std::uint64_t order = 0;  // In which they came.
    Time spoke_at = kAtOnce;
    Time speaks_since = kNever;
  };
  struct Stream {
    explicit Stream(const InputStream::Config& config, Codecs& codecs) : input(config, codecs) {}

    InputStream input;
    std::optional<Size> wanted = {};
    bool has_changed = false;  // With this picture.
  };

  LayoutConfig layout_config() const;
  Duration interval() const;
  void keep_stream(InputId id, bool is_there);
  Stream* find(InputId input);
  const Stream* find(InputId input) const;
  void choose_main(Time now);
  void lay_out(Time now);
  void want_sizes();
  void make_picture(Time now);
  void compose(Time now);
  void encode(Time now);
  PictureView scaled(int divisor);
  void ask_for_key_frame(Time now, InputId id, Stream& stream);
  bool is_needed() const;
  void resize();

  Config config_;
  Codecs& codecs_;
  const Fonts& fonts_;
  LayoutMode mode_;
  LoadControl load_;
  std::map<PersonId, Member> members_;
  std::uint64_t came_ = 0;
  std::map<InputId, Stream> streams_;
  std::optional<PersonId> main_;
  MovingLayout layout_;
  bool layout_changed_ = false;
  std::optional<Compositor> compositor_;
  const Picture* composed_ = nullptr;
  std::vector<OutputStream> qualities_;
  std::map<int, Picture> scaled_;  // By divisor; of this picture.
  std::optional<Time> began_;
  std::optional<Time> next_;  // When the next picture is due; nothing before the first person.
  std::deque<Output> outputs_;
  Counters counters_;
};
static_assert(SansIo<VideoMixer>);

}  // namespace parley::mcu
