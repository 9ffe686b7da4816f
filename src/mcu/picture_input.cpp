#include "mcu/picture_input.h"

#include <algorithm>
#include <chrono>

#include "codec/format_name.h"

namespace parley::mcu {
namespace {

// An encoding of which nothing came for so long is not sent. Screens that stand still are sent once
// a second.
constexpr Duration kSilence = std::chrono::milliseconds{2'500};
constexpr int kLargestHeight = 720;  // As browsers send it, each smaller one half as high.
constexpr std::int64_t kVideoClock = 90'000;

}  // namespace

PictureInput::PictureInput(const sfu::relay::Track& track, sfu::NodeId home)
    : home_(home),
      source_(track.source),
      codecs_(track.codecs),
      encodings_(
          std::clamp<std::size_t>(track.encodings.size(), 1, sfu::LayerDemand::kMaxEncodings)),
      order_(track.order) {}

std::optional<InputStream::Packet> PictureInput::read(Time now, const rtp::PacketView& packet,
                                                      std::uint8_t encoding) {
  if (encoding >= encodings_.size()) return std::nullopt;
  const sdp::Codec* const codec =
      sdp::find_codec(codecs_, static_cast<std::uint8_t>(packet.payload_type()));
  const codec::Format format =
      codec == nullptr ? codec::Format::kUnknown : codec::format_named(codec->name);
  if (format == codec::Format::kUnknown) return std::nullopt;
  Encoding& from = encodings_[encoding];
  from.came = now;
  from.ssrc = packet.ssrc();
  return InputStream::Packet{.format = format,
                             .encoding = encoding,
                             .seq = {from.seqs.extend(packet.sequence_number())},
                             .timestamp = from.timestamps.extend(packet.timestamp()),
                             .marker = packet.marker(),
                             .payload = packet.payload()};
}

std::optional<rtp::Ssrc> PictureInput::ssrc(std::uint8_t encoding) const {
  return encoding < encodings_.size() ? encodings_[encoding].ssrc : std::nullopt;
}

// The smallest that is not enlarged.
std::size_t PictureInput::fitting_rank() const {
  std::size_t fits = encodings_.size() - 1;
  int height = kLargestHeight / 2;
  while (fits > 0 && height >= wanted_.height) {
    --fits;
    height /= 2;
  }
  return fits;
}

std::uint8_t PictureInput::of_rank(std::size_t rank) const {
  return static_cast<std::uint8_t>(order_.at(rank));
}

sfu::EncodingSet PictureInput::needed() const {
  if (!is_wanted()) return 0;
  const sfu::EncodingSet fits = sfu::EncodingSet{1} << of_rank(fitting_rank());
  const sfu::EncodingSet smallest = sfu::EncodingSet{1} << of_rank(0);
  return source_ == sfu::Source::kCamera ? fits | smallest : fits;
}

std::uint8_t PictureInput::best(Time now) const {
  const std::size_t fits = fitting_rank();
  for (std::size_t rank = fits + 1; rank-- > 0;) {
    if (comes(now, of_rank(rank))) return of_rank(rank);
  }
  for (std::size_t rank = fits + 1; rank < encodings_.size(); ++rank) {
    if (comes(now, of_rank(rank))) return of_rank(rank);
  }
  return of_rank(0);
}

bool PictureInput::comes(Time now, std::size_t encoding) const {
  const std::optional<Time>& came = encodings_[encoding].came;
  return came && now - *came < kSilence;
}

void PictureInput::handle_report(const sfu::relay::Report& report) {
  if (report.encoding < encodings_.size()) encodings_[report.encoding].report = report;
}

std::optional<std::uint64_t> PictureInput::timestamp_at(std::uint8_t encoding,
                                                        rtp::NtpTime ntp) const {
  if (encoding >= encodings_.size()) return std::nullopt;
  const Encoding& from = encodings_[encoding];
  if (!from.report || !from.ssrc) return std::nullopt;
  // 32.32 seconds to 90,000 a second, in 16.16 so that an hour does not overflow.
  const auto seconds_16_16 = static_cast<std::int64_t>(ntp.value - from.report->ntp.value) >> 16;
  const std::int64_t ticks = seconds_16_16 * kVideoClock / 65'536;
  return from.timestamps.peek(from.report->timestamp) + static_cast<std::uint64_t>(ticks);
}

}  // namespace parley::mcu
