#include "sfu/publication.h"

#include <algorithm>
#include <bit>

#include "base/assert.h"

namespace parley::sfu {
namespace {

std::uint32_t clock_rate_of(const Publication::Config& config) {
  const auto it = std::ranges::find_if(config.codecs, &sdp::Codec::is_media);
  if (it != config.codecs.end() && it->clock_rate != 0) return it->clock_rate;
  return is_video(config.source) ? 90'000 : 48'000;
}

// As the descriptions agree: browsers have it for pictures, and refuse it for sound.
bool nacks(const Publication::Config& config) {
  return is_video(config.source) && std::ranges::any_of(config.codecs, [](const sdp::Codec& codec) {
           return codec.has_feedback("nack");
         });
}

}  // namespace

Publication::Publication(Config config, PacketPool& pool, SenderClock* clock)
    : config_(std::move(config)), pool_(&pool), clock_(clock == nullptr ? &own_clock_ : clock) {
  const EncodingStream::Config stream{.video = is_video(),
                                      .clock_rate = clock_rate_of(config_),
                                      .nack = nacks(config_),
                                      .history = config_.history,
                                      .max_history = std::bit_ceil(config_.max_history)};
  streams_.reserve(config_.encodings.size());
  for (std::size_t i = 0; i < config_.encodings.size(); ++i) {
    streams_.emplace_back(stream, config_.codecs, static_cast<std::uint8_t>(i));
  }
}

PacketRef Publication::handle_packet(Time now, const rtp::PacketView& packet, std::size_t encoding,
                                     bool repaired) {
  PARLEY_ASSERT(encoding < streams_.size());
  return streams_[encoding].handle_packet(now, packet, repaired, config_.extensions, *pool_,
                                          counters_);
}

void Publication::handle_sender_report(Time now, std::size_t encoding,
                                       const rtp::rtcp::SenderReport& report) {
  PARLEY_ASSERT(encoding < streams_.size());
  if (report.ntp.value != 0) clock_->handle_report(now, report.ntp);
  streams_[encoding].handle_sender_report(now, report);
}

void Publication::set_round_trip_time(Duration rtt) {
  for (EncodingStream& stream : streams_) stream.set_round_trip_time(rtt);
}

void Publication::interrupt() {
  for (EncodingStream& stream : streams_) stream.interrupt();
}

void Publication::interrupt(std::size_t encoding) {
  PARLEY_ASSERT(encoding < streams_.size());
  streams_[encoding].interrupt();
}

void Publication::request_key_frame(Time now, std::size_t encoding) {
  if (encoding < streams_.size()) streams_[encoding].request_key_frame(now);
}

std::optional<Publication::Feedback> Publication::poll_feedback(Time now) {
  for (EncodingStream& stream : streams_) {
    if (now < stream.next_deadline()) continue;
    auto feedback = stream.poll_feedback(now);
    if (feedback.nack.empty() && !feedback.key_frame) continue;
    counters_.nacks += feedback.nack.size();
    counters_.key_frames_asked += feedback.key_frame ? 1 : 0;
    return Feedback{
        .ssrc = *stream.ssrc(), .nack = std::move(feedback.nack), .key_frame = feedback.key_frame};
  }
  return std::nullopt;
}

Time Publication::next_deadline() const {
  Time due = kNever;
  for (const EncodingStream& stream : streams_) due = std::min(due, stream.next_deadline());
  return due;
}

std::optional<rtp::rtcp::ReportBlock> Publication::report(Time now, std::size_t encoding) {
  return encoding < streams_.size() ? streams_[encoding].report(now) : std::nullopt;
}

PacketRef Publication::find(Time now, std::size_t encoding, rtp::SeqNo seq) const {
  return encoding < streams_.size() ? streams_[encoding].recent().find(now, seq) : PacketRef();
}

PacketRef Publication::find_on_wire(Time now, rtp::Ssrc ssrc, std::uint16_t number) const {
  for (const EncodingStream& stream : streams_) {
    if (stream.ssrc() == ssrc) return stream.find_on_wire(now, number);
  }
  return {};
}

std::vector<PacketRef> Publication::since_key_frame(Time now, std::size_t encoding) const {
  if (encoding >= streams_.size()) return {};
  return streams_[encoding].recent().since_key_frame(now);
}

std::vector<Layer> Publication::layers(Time now) const {
  std::vector<Layer> layers;
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    if (has_stalled(now, i)) continue;
    streams_[i].rates().for_each(
        now, now - active_window(), [&](const LayerRates::Measured& measured) {
          layers.push_back({.encoding = static_cast<std::uint8_t>(i),
                            .spatial = measured.spatial,
                            .temporal = measured.temporal,
                            .rate = measured.rate,
                            .size = streams_[i].size(measured.spatial),
                            .frames_per_second = measured.frames_per_second,
                            .settled = measured.settled});
        });
  }
  return layers;
}

bool Publication::is_active(Time now, std::size_t encoding) const {
  if (encoding >= streams_.size()) return false;
  const auto last = streams_[encoding].last_arrival();
  return last && now - *last <= active_window();
}

std::optional<EncodingStream::SenderReport> Publication::last_report(std::size_t encoding) const {
  return encoding < streams_.size() ? streams_[encoding].last_report() : std::nullopt;
}

std::optional<rtp::Ssrc> Publication::ssrc(std::size_t encoding) const {
  return encoding < streams_.size() ? streams_[encoding].ssrc() : std::nullopt;
}

std::optional<std::uint64_t> Publication::convert_timestamp(std::size_t from,
                                                            std::uint64_t timestamp,
                                                            std::size_t to) const {
  if (from >= streams_.size() || to >= streams_.size()) return std::nullopt;
  if (from == to) return timestamp;
  const auto time = streams_[from].ntp_time(timestamp);
  return time ? streams_[to].timestamp_at(*time) : std::nullopt;
}

std::optional<Time> Publication::capture_time(std::size_t encoding, std::uint64_t timestamp) const {
  if (encoding >= streams_.size()) return std::nullopt;
  return streams_[encoding].capture_time(timestamp, *clock_);
}

// Others go on, and so much more than a frame is missing of this one that it is not late: its
// encoder was stopped, as browsers do with the largest where their link becomes narrow.
bool Publication::has_stalled(Time now, std::size_t encoding) const {
  constexpr Duration kLeast = std::chrono::milliseconds{300};
  constexpr double kFrames = 4;
  const auto last = streams_[encoding].last_arrival();
  if (config_.source != Source::kCamera || !last || now - *last < kLeast) return false;
  const bool others_go_on = std::ranges::any_of(streams_, [&](const EncodingStream& other) {
    return other.last_arrival() && *other.last_arrival() - *last >= kLeast / 2;
  });
  double frames_per_second = 0;
  streams_[encoding].rates().for_each(
      *last, *last - active_window(), [&](const LayerRates::Measured& measured) {
        frames_per_second = std::max(frames_per_second, measured.frames_per_second);
      });
  const double missing = std::chrono::duration<double>(now - *last).count() * frames_per_second;
  return others_go_on && missing > kFrames;
}

Duration Publication::active_window() const {
  return config_.source == Source::kScreen ? std::chrono::seconds{3} : std::chrono::seconds{1};
}

}  // namespace parley::sfu
