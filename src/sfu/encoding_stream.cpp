#include "sfu/encoding_stream.h"

#include <algorithm>
#include <utility>

namespace parley::sfu {
namespace {

constexpr std::uint64_t kNtpSecond = std::uint64_t{1} << 32;

// What it costs to forward a packet beside its payload: header, extensions, authentication tag.
constexpr std::size_t kOverhead = 40;

constexpr Duration kIdle = std::chrono::seconds{3};

// Further apart than this no two moments of one call are; what says so is not honest, and would
// leave the range of the arithmetic.
constexpr std::int64_t kMaxSeconds = 48 * 3'600;

// Where `value` of a packet is in its copy.
Bytes in_copy(Bytes copy, Bytes packet, Bytes value) {
  return copy.subspan(static_cast<std::size_t>(value.data() - packet.data()), value.size());
}

// Values of a size that their specifications do not allow are left out: each receiver would have to
// carry them.
void note_extension(Packet& packet, rtp::Extension extension, Bytes value) {
  constexpr std::size_t kMaxDependencyDescriptor = 200;
  switch (extension) {
    case rtp::Extension::kAudioLevel:
      if (value.size() == 1) packet.audio_level = value;
      break;
    case rtp::Extension::kVideoOrientation:
      if (value.size() == 1) packet.video_orientation = value;
      break;
    case rtp::Extension::kPlayoutDelay:
      if (value.size() == 3) packet.playout_delay = value;
      break;
    case rtp::Extension::kDependencyDescriptor:
      if (value.size() >= 3 && value.size() <= kMaxDependencyDescriptor) {
        packet.dependency_descriptor = value;
      }
      break;
    case rtp::Extension::kAbsoluteCaptureTime:
      if (value.size() == 8 || value.size() == 16) packet.absolute_capture_time = value;
      break;
    default: break;
  }
}

}  // namespace

EncodingStream::EncodingStream(Config config, std::span<const sdp::Codec> codecs,
                               std::uint8_t index)
    : config_(config),
      index_(index),
      numbers_(config.clock_rate),
      frames_(codecs),
      recent_(config.history, config.max_history) {}

PacketRef EncodingStream::handle_packet(Time now, const rtp::PacketView& packet, bool repaired,
                                        const rtp::ExtensionMap& extensions, PacketPool& pool,
                                        PublicationCounters& counters) {
  if (!frames_.knows(packet.payload_type())) {
    ++counters.unknown_payload;
    return {};
  }
  StreamNumbers::Numbers numbers;
  if (!take_numbers(now, packet, repaired, numbers, counters)) return {};
  using Use = PacketPool::Use;
  auto fresh = pool.make(packet.bytes(), config_.video ? Use::kPicture : Use::kSound);
  if (!fresh) {
    ++counters.pool_full;
    return {};
  }
  Packet& kept = *fresh->packet;
  kept.seq = numbers.seq;
  kept.timestamp = numbers.timestamp;
  kept.arrived = now;
  kept.payload_type = packet.payload_type();
  kept.marker = packet.marker();
  kept.encoding = index_;
  kept.repaired = repaired;
  kept.payload = in_copy(fresh->bytes, packet.bytes(), packet.payload());
  packet.for_each_extension([&](const rtp::ExtensionElement& element) {
    const auto extension = extensions.find(element.id);
    if (!extension) return;
    note_extension(kept, *extension, in_copy(fresh->bytes, packet.bytes(), element.value));
  });
  if (!frames_.read(kept, recent_.peek({kept.seq.value - 1}))) {
    ++counters.malformed;
    return {};
  }
  ++counters.packets;
  counters.bytes += packet.bytes().size();
  note(now, fresh->ref, counters);
  return std::move(fresh->ref);
}

// What its numbers say of a packet; false where it goes no further.
bool EncodingStream::take_numbers(Time now, const rtp::PacketView& packet, bool repaired,
                                  StreamNumbers::Numbers& numbers, PublicationCounters& counters) {
  const rtp::SeqNo before = numbers_.newest();
  numbers = numbers_.handle_packet(now, packet.ssrc(), packet.sequence_number(), packet.timestamp(),
                                   repaired);
  using Kind = StreamNumbers::Kind;
  switch (numbers.kind) {
    case Kind::kRefused: ++counters.refused; return false;
    case Kind::kTooLate: ++counters.too_late; return false;
    case Kind::kRestarted:
      ++counters.restarts;
      restart(now, before, packet.ssrc());
      break;
    case Kind::kDuplicate:
    case Kind::kNewest:
    case Kind::kLate: break;
  }
  if (!statistics_) statistics_.emplace(packet.ssrc(), config_.clock_rate);
  if (!repaired) statistics_->handle_packet(now, numbers.wire, packet.timestamp());
  if (numbers.kind == Kind::kDuplicate) {
    ++counters.duplicates;
    return false;
  }
  if (config_.nack) nack_.handle_packet(now, numbers.seq);
  last_arrival_ = now;
  return true;
}

// The number behind `before` never comes (StreamNumbers): it is not asked for.
void EncodingStream::restart(Time now, rtp::SeqNo before, rtp::Ssrc ssrc) {
  statistics_.emplace(ssrc, config_.clock_rate);
  nack_ = rtp::NackGenerator();
  nack_.set_round_trip_time(rtt_);
  nack_.handle_packet(now, before + 1);
  fastest_.reset();
  request_key_frame(now);
}

void EncodingStream::note(Time now, const PacketRef& packet, PublicationCounters& counters) {
  if (!report_) note_arrival(now, packet->timestamp);
  const FrameInfo& frame = packet->frame;
  rates_.add(now, frame.spatial, frame.temporal, packet->payload.size() + kOverhead,
             frame.ends_frame);
  if (!config_.video) return;
  recent_.add(now, packet);
  if (!frame.key_frame || !frame.starts_frame || frame.spatial != 0) return;
  ++counters.key_frames;
  key_frames_.handle_key_frame(now);
}

void EncodingStream::handle_sender_report(Time now, const rtp::rtcp::SenderReport& report) {
  if (statistics_) statistics_->handle_sender_report(now, report);
  if (report.ntp.value == 0 || !numbers_.ssrc())
    return;  // Zero: it has no clock (RFC 3550, 6.4.1).
  report_ =
      Reported{.time = report.ntp, .timestamp = numbers_.extend_timestamp(report.rtp_timestamp)};
}

void EncodingStream::request_key_frame(Time now) {
  if (config_.video) key_frames_.request(now);
}

void EncodingStream::interrupt() {
  numbers_.interrupt();
  nack_ = rtp::NackGenerator();
  key_frames_ = rtp::KeyFrameRequests();
  recent_.clear();
}

EncodingStream::Feedback EncodingStream::poll_feedback(Time now) {
  if (now >= recent_.next_deadline()) recent_.expire(now);
  const bool idle = !last_arrival_ || now - *last_arrival_ > kIdle;
  Feedback feedback;
  if (nack_.next_deadline() <= now) {
    const auto missing = nack_.poll(now);
    for (const rtp::SeqNo seq : missing.missing) feedback.nack.push_back(numbers_.on_wire(seq));
    if (missing.key_frame && !idle) request_key_frame(now);
  }
  feedback.key_frame = numbers_.ssrc() && key_frames_.poll(now);
  // One that sends nothing is asked once for each wish, and not again and again.
  if (feedback.key_frame && idle) key_frames_.handle_key_frame(now);
  return feedback;
}

Time EncodingStream::next_deadline() const {
  const Time key_frame = numbers_.ssrc() ? key_frames_.next_deadline() : kNever;
  return std::min({nack_.next_deadline(), key_frame, recent_.next_deadline()});
}

std::optional<rtp::rtcp::ReportBlock> EncodingStream::report(Time now) {
  return statistics_ ? statistics_->report(now) : std::nullopt;
}

PacketRef EncodingStream::find_on_wire(Time now, std::uint16_t number) const {
  return recent_.find(now, numbers_.from_wire(number));
}

std::optional<EncodingStream::SenderReport> EncodingStream::last_report() const {
  if (!report_) return std::nullopt;
  return SenderReport{.ntp = report_->time,
                      .timestamp = static_cast<std::uint32_t>(report_->timestamp)};
}

// Of one frame only the first packet tells when it was there, and only the fastest tells least of
// the network.
void EncodingStream::note_arrival(Time now, std::uint64_t timestamp) {
  if (fastest_) {
    const auto units = static_cast<std::int64_t>(timestamp - fastest_->timestamp);
    if (now - fastest_->time >= duration_of(units)) return;
  }
  fastest_ = Seen{.time = now, .timestamp = timestamp};
}

Duration EncodingStream::duration_of(std::int64_t units) const {
  const std::int64_t rate = config_.clock_rate;
  const std::int64_t clamped = std::clamp(units, -kMaxSeconds * rate, kMaxSeconds * rate);
  return Duration(clamped * 1'000'000 / rate);
}

std::optional<rtp::NtpTime> EncodingStream::ntp_time(std::uint64_t timestamp) const {
  if (!report_) return std::nullopt;
  const auto units = static_cast<std::int64_t>(timestamp - report_->timestamp);
  const std::int64_t rate = config_.clock_rate;
  if (units / rate > kMaxSeconds || units / rate < -kMaxSeconds) return std::nullopt;
  const auto whole = static_cast<std::uint64_t>(units / rate) * kNtpSecond;
  const auto part = units % rate * static_cast<std::int64_t>(kNtpSecond) / rate;
  return rtp::NtpTime{report_->time.value + whole + static_cast<std::uint64_t>(part)};
}

std::optional<std::uint64_t> EncodingStream::timestamp_at(rtp::NtpTime time) const {
  if (!report_) return std::nullopt;
  const auto since = static_cast<std::int64_t>(time.value - report_->time.value);
  const std::int64_t seconds = since >> 32;
  if (seconds > kMaxSeconds || seconds < -kMaxSeconds) return std::nullopt;
  const std::int64_t rate = config_.clock_rate;
  const std::int64_t part = ((since & 0xFFFF'FFFF) * rate + (std::int64_t{1} << 31)) >> 32;
  return report_->timestamp + static_cast<std::uint64_t>(seconds * rate + part);
}

std::optional<Time> EncodingStream::capture_time(std::uint64_t timestamp,
                                                 const SenderClock& clock) const {
  if (report_) {
    const auto time = clock.to_ours(report_->time);
    const auto units = static_cast<std::int64_t>(timestamp - report_->timestamp);
    return time ? std::optional(*time + duration_of(units)) : std::nullopt;
  }
  if (!fastest_) return std::nullopt;
  return fastest_->time + duration_of(static_cast<std::int64_t>(timestamp - fastest_->timestamp));
}

}  // namespace parley::sfu
