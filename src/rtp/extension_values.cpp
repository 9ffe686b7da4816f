#include "rtp/extension_values.h"

#include <algorithm>

namespace parley::rtp {
namespace {

constexpr std::uint32_t kSendTimeRound = 1u << 24;
constexpr Duration kPlayoutStep = std::chrono::milliseconds(10);
constexpr std::int64_t kMaxPlayoutSteps = 0xFFF;

std::uint32_t read_u24(Bytes value) {
  return std::uint32_t{value[0]} << 16 | std::uint32_t{value[1]} << 8 | value[2];
}

std::array<std::uint8_t, 3> encode_u24(std::uint32_t value) {
  return {static_cast<std::uint8_t>(value >> 16), static_cast<std::uint8_t>(value >> 8),
          static_cast<std::uint8_t>(value)};
}

}  // namespace

std::optional<AudioLevel> read_audio_level(Bytes value) {
  // RFC 6464, 3: in the two-byte form a second byte of padding may follow.
  if (value.empty() || value.size() > 2) return std::nullopt;
  return AudioLevel{.voice = (value[0] & 0x80) != 0,
                    .minus_dbov = static_cast<std::uint8_t>(value[0] & 0x7F)};
}

std::array<std::uint8_t, 1> encode(AudioLevel level) {
  return {static_cast<std::uint8_t>((level.voice ? 0x80 : 0) |
                                    std::min<std::uint8_t>(level.minus_dbov, 127))};
}

std::optional<std::uint16_t> read_transport_sequence_number(Bytes value) {
  if (value.size() != 2) return std::nullopt;
  return ByteReader(value).u16();
}

std::array<std::uint8_t, 2> encode_transport_sequence_number(std::uint16_t number) {
  return {static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)};
}

AbsoluteSendTime AbsoluteSendTime::of(Time time) {
  const std::uint64_t ntp = NtpTime::of(time).value;  // 32.32; the middle 6.18 of it.
  return {static_cast<std::uint32_t>(ntp >> 14) % kSendTimeRound};
}

Duration AbsoluteSendTime::since(AbsoluteSendTime earlier) const {
  const std::uint32_t ahead = (value - earlier.value) % kSendTimeRound;
  const std::int64_t steps =
      ahead < kSendTimeRound / 2 ? std::int64_t{ahead} : std::int64_t{ahead} - kSendTimeRound;
  return Duration(steps * 1'000'000 / (1 << 18));
}

std::optional<AbsoluteSendTime> read_absolute_send_time(Bytes value) {
  if (value.size() != 3) return std::nullopt;
  return AbsoluteSendTime{read_u24(value)};
}

std::array<std::uint8_t, 3> encode(AbsoluteSendTime time) {
  return encode_u24(time.value);
}

std::optional<PlayoutDelay> read_playout_delay(Bytes value) {
  if (value.size() != 3) return std::nullopt;
  const std::uint32_t both = read_u24(value);
  const PlayoutDelay delay{.min = kPlayoutStep * (both >> 12),
                           .max = kPlayoutStep * (both & 0xFFF)};
  if (delay.min > delay.max) return std::nullopt;
  return delay;
}

std::array<std::uint8_t, 3> encode(PlayoutDelay delay) {
  const auto steps = [](Duration duration) {
    return static_cast<std::uint32_t>(
        std::clamp<std::int64_t>(duration / kPlayoutStep, 0, kMaxPlayoutSteps));
  };
  return encode_u24(steps(delay.min) << 12 | steps(delay.max));
}

std::optional<VideoOrientation> read_video_orientation(Bytes value) {
  if (value.size() != 1) return std::nullopt;
  return VideoOrientation{.back_camera = (value[0] & 0x08) != 0,
                          .flipped = (value[0] & 0x04) != 0,
                          .degrees = static_cast<std::uint16_t>((value[0] & 0x03) * 90)};
}

std::array<std::uint8_t, 1> encode(VideoOrientation orientation) {
  return {static_cast<std::uint8_t>((orientation.back_camera ? 0x08 : 0) |
                                    (orientation.flipped ? 0x04 : 0) |
                                    (orientation.degrees / 90 & 0x03))};
}

std::optional<AbsoluteCaptureTime> read_absolute_capture_time(Bytes value) {
  if (value.size() != 8 && value.size() != 16) return std::nullopt;
  ByteReader reader(value);
  AbsoluteCaptureTime time{.captured = {reader.u64()}};
  if (!reader.at_end()) time.clock_offset = static_cast<std::int64_t>(reader.u64());
  return time;
}

}  // namespace parley::rtp
