#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/time.h"
#include "rtp/ntp_time.h"

// The values of header extensions. read_x() gives nothing for a value of another size or shape than
// its specification allows; encode() writes what read_x() reads.
namespace parley::rtp {

// How loud the packet's sound is (RFC 6464).
struct AudioLevel {
  bool voice = false;             // The sender takes it for speech, if it looks at all.
  std::uint8_t minus_dbov = 127;  // 0 is the loudest, 127 silence.

  friend bool operator==(const AudioLevel&, const AudioLevel&) = default;
};
std::optional<AudioLevel> read_audio_level(Bytes value);
std::array<std::uint8_t, 1> encode(AudioLevel level);

// Counts all packets of a transport, whatever their stream.
std::optional<std::uint16_t> read_transport_sequence_number(Bytes value);
std::array<std::uint8_t, 2> encode_transport_sequence_number(std::uint16_t number);

// When the packet left, in 6.18 fixed-point seconds: it wraps every 64 s.
struct AbsoluteSendTime {
  std::uint32_t value = 0;  // 24 bits.

  static AbsoluteSendTime of(Time time);
  // How long after `earlier` that was, if it was less than 32 s before or after.
  Duration since(AbsoluteSendTime earlier) const;

  friend bool operator==(const AbsoluteSendTime&, const AbsoluteSendTime&) = default;
};
std::optional<AbsoluteSendTime> read_absolute_send_time(Bytes value);
std::array<std::uint8_t, 3> encode(AbsoluteSendTime time);

// The bounds between which the receiver shall hold its playout delay; 10 ms steps, to 40.95 s.
struct PlayoutDelay {
  Duration min = {};
  Duration max = {};

  friend bool operator==(const PlayoutDelay&, const PlayoutDelay&) = default;
};
std::optional<PlayoutDelay> read_playout_delay(Bytes value);
std::array<std::uint8_t, 3> encode(PlayoutDelay delay);

// How the picture has to be turned before it is shown (3GPP TS 26.114, 7.4.5).
struct VideoOrientation {
  bool back_camera = false;
  bool flipped = false;       // Horizontally.
  std::uint16_t degrees = 0;  // Clockwise: 0, 90, 180, 270.

  friend bool operator==(const VideoOrientation&, const VideoOrientation&) = default;
};
std::optional<VideoOrientation> read_video_orientation(Bytes value);
std::array<std::uint8_t, 1> encode(VideoOrientation orientation);

// When the first sample or picture of the packet was captured, by the capturer's clock; and, where
// it is known, how far that clock is ahead of the sender's (32.32 fixed-point seconds, signed).
struct AbsoluteCaptureTime {
  NtpTime captured = {};
  std::optional<std::int64_t> clock_offset = {};

  friend bool operator==(const AbsoluteCaptureTime&, const AbsoluteCaptureTime&) = default;
};
std::optional<AbsoluteCaptureTime> read_absolute_capture_time(Bytes value);

}  // namespace parley::rtp
