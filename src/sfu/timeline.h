#pragma once

#include <cstdint>
#include <optional>

#include "base/time.h"

namespace parley::sfu {

// The RTP timestamps of one slot, as its receiver sees them: they go on in real time, whatever the
// slot shows. All of them are kept in 64 bits; the low 32 are sent.
class Timeline {
 public:
  // How the timestamps of one stream come out. A stream that began in the past (out of a history)
  // is played faster, until it has caught up: so its frames keep their order, and none is ahead of
  // its time.
  class Clock {
   public:
    Clock() = default;

    // Of a frame not before the first.
    std::uint64_t out(std::uint64_t in) const {
      const std::uint64_t in_time = in + offset_;
      const std::uint64_t catching_up = first_out_ + (in - first_in_) / kSpeed;
      return in_time > catching_up ? in_time : catching_up;
    }
    std::uint64_t first_in() const { return first_in_; }
    // As out() is once it has caught up.
    std::uint64_t in_time(std::uint64_t in) const { return in + offset_; }

   private:
    friend class Timeline;
    static constexpr std::uint64_t kSpeed = 16;

    Clock(std::uint64_t offset, std::uint64_t in, std::uint64_t out)
        : offset_(offset), first_in_(in), first_out_(out) {}

    std::uint64_t offset_ = 0;
    std::uint64_t first_in_ = 0;
    std::uint64_t first_out_ = 0;
  };

  // The first frame of the slot goes out with `first_timestamp`. Each frame lies at least
  // `min_step` after the one before it.
  Timeline(std::uint32_t first_timestamp, std::uint32_t clock_rate, std::uint32_t min_step);

  // Of a slot that has shown something.
  bool started() const { return started_; }
  std::uint64_t newest() const { return newest_; }

  // Where a frame that arrived then lies in real time.
  std::uint64_t at(Time arrived) const;
  // How a stream goes out that begins with a frame of timestamp `in`. `place`: where that lies, if
  // it is known better than by `arrived`; it is believed within two seconds. Nothing: it would lie
  // more than `max_late` before the next frame there may be.
  std::optional<Clock> begin(std::uint64_t in, Time arrived, std::optional<std::uint64_t> place,
                             std::uint64_t max_late) const;
  // Lets the timeline go on from its newest frame as if that had arrived then: what it has gained
  // or lost is forgotten.
  void settle(Time arrived);

  // A frame of `clock` goes out.
  void handle_frame(const Clock& clock, std::uint64_t in, Time arrived);
  // Whether the stream's own clock has jumped, by many seconds, against the time of its arrival.
  bool has_jumped(const Clock& clock, std::uint64_t in, Time arrived) const;

 private:
  std::int64_t ticks(Duration time) const;

  std::uint32_t clock_rate_;
  std::uint32_t min_step_;
  bool started_ = false;
  std::uint64_t newest_;
  // What lies at `anchored_`: follows slowly what the streams make of it, as no two clocks of this
  // world agree for hours.
  std::uint64_t anchor_;
  Time anchored_ = {};
};

}  // namespace parley::sfu
