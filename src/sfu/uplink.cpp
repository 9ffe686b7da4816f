#include "sfu/uplink.h"

#include <algorithm>
#include <utility>

#include "rtp/extension_values.h"
#include "rtp/rtx.h"
#include "sfu/add_counts.h"

namespace parley::sfu {
namespace {

namespace rtcp = rtp::rtcp;

// The first report soon, so that the round trip is known before much has been lost.
constexpr Duration kFirstReport = std::chrono::milliseconds{100};
// A datagram takes no further message once it has so many bytes.
constexpr std::size_t kFull = 800;
constexpr std::size_t kNackedEach = 100;  // Four bytes each where they are far apart.

Publication::Config publication_of(const Publication::Config& limits, ParticipantId participant,
                                   const Uplink::Section& section) {
  Publication::Config config = limits;
  config.participant = participant;
  config.source = section.source;
  config.codecs = section.agreement.receive_codecs;
  config.extensions = section.agreement.receive_extensions;
  config.encodings.clear();
  for (const std::string& rid : section.agreement.receive_rids) config.encodings.push_back({rid});
  if (config.encodings.empty()) config.encodings.emplace_back();
  return config;
}

}  // namespace

Uplink::Uplink(Config config, ParticipantId participant, std::vector<Section> sections,
               PacketPool& pool, Random& random)
    : config_(std::move(config)), ssrc_(rtp::Ssrc{random.u32()}), router_(config_.max_streams) {
  std::vector<peer::Agreement> agreements;
  for (Section& section : sections) {
    peer::Agreement& agreement = section.agreement;
    Track& track = *tracks_.emplace_back(std::make_unique<Track>());
    track.publication = std::make_unique<Publication>(
        publication_of(config_.publication, participant, section), pool, &clock_);
    for (const sdp::Codec& codec : agreement.receive_codecs) {
      Payload& payload = track.payloads[codec.payload_type & 0x7F];
      payload.kind = codec.is_rtx() ? Kind::kRepair : Kind::kMedia;
      if (codec.is_rtx()) payload.repairs = rtp::PayloadType{codec.apt().value_or(0)};
      track.takes_pli = track.takes_pli || codec.has_feedback("nack pli");
      track.takes_fir = track.takes_fir || codec.has_feedback("ccm fir");
    }
    reduced_size_ = reduced_size_ && agreement.reduced_size;
    const auto id = agreement.receive_extensions.id_of(rtp::Extension::kTransportSequenceNumber);
    if (id) transport_sequence_id_ = id;
    agreement.transceiver = {tracks_.size()};
    agreement.receives = true;
    agreements.push_back(std::move(agreement));
  }
  router_.configure(agreements);
}

std::optional<Uplink::Arrived> Uplink::handle_rtp(Time now, Bytes packet) {
  ++counters_.packets;
  counters_.bytes += packet.size();
  if (!rate_.take(now, config_.packets)) {
    ++counters_.too_many;
    return std::nullopt;
  }
  const auto view = rtp::PacketView::parse(packet);
  if (!view) {
    ++counters_.malformed;
    return std::nullopt;
  }
  note_arrival(now, *view);
  const Stream* stream = find_stream(view->ssrc());
  if (stream == nullptr) stream = learn_stream(*view);
  if (stream == nullptr) {
    ++counters_.unroutable;
    return std::nullopt;
  }
  if (!stream->track->permitted) {
    ++counters_.not_permitted;
    return std::nullopt;
  }
  const Payload& payload = stream->track->payloads[static_cast<std::uint8_t>(view->payload_type())];
  if (payload.kind == Kind::kRepair) return handle_repair(now, *stream, payload, *view);
  return deliver(now, *stream, *view, false);
}

void Uplink::note_arrival(Time now, const rtp::PacketView& packet) {
  heard_ = true;
  if (report_due_ == kNever) report_due_ = now + kFirstReport;
  if (!transport_sequence_id_) return;
  const auto value = packet.find_extension(*transport_sequence_id_);
  const auto number = value ? rtp::read_transport_sequence_number(*value) : std::nullopt;
  if (number) arrivals_.handle_packet(now, *number);
}

const Uplink::Stream* Uplink::find_stream(rtp::Ssrc ssrc) {
  if (last_hit_ < streams_.size() && streams_[last_hit_].ssrc == ssrc) return &streams_[last_hit_];
  const auto it = std::ranges::find(streams_, ssrc, &Stream::ssrc);
  if (it == streams_.end()) return nullptr;
  last_hit_ = static_cast<std::size_t>(it - streams_.begin());
  return &*it;
}

// Once it is known whose an SSRC is, its packets need not say so any more. What is full forgets the
// one learnt first, which is learnt again if it still sends.
const Uplink::Stream* Uplink::learn_stream(const rtp::PacketView& packet) {
  const auto route = router_.route(packet);
  if (!route) return nullptr;
  Track* const track = tracks_[route->transceiver.value - 1].get();
  const auto& encodings = track->publication->config().encodings;
  const auto it = std::ranges::find(encodings, route->rid, &Publication::Encoding::rid);
  if (it == encodings.end()) return nullptr;
  const Stream stream{.ssrc = packet.ssrc(),
                      .track = track,
                      .encoding = static_cast<std::size_t>(it - encodings.begin())};
  if (streams_.size() < config_.max_streams) return &streams_.emplace_back(stream);
  Stream& place = streams_[oldest_++ % streams_.size()];
  place = stream;
  return &place;
}

std::optional<Uplink::Arrived> Uplink::handle_repair(Time now, const Stream& stream,
                                                     const Payload& payload,
                                                     const rtp::PacketView& packet) {
  const auto original = stream.track->publication->ssrc(stream.encoding);
  if (!original || !rtp::from_rtx(packet, *original, payload.repairs, restored_)) {
    ++counters_.padding;
    return std::nullopt;
  }
  const auto view = rtp::PacketView::parse(restored_);
  if (!view) {
    ++counters_.malformed;
    return std::nullopt;
  }
  ++counters_.repaired;
  return deliver(now, stream, *view, true);
}

std::optional<Uplink::Arrived> Uplink::deliver(Time now, const Stream& stream,
                                               const rtp::PacketView& packet, bool repaired) {
  Publication& publication = *stream.track->publication;
  PacketRef kept = publication.handle_packet(now, packet, stream.encoding, repaired);
  if (!kept) return std::nullopt;
  return Arrived{.publication = &publication, .packet = std::move(kept)};
}

void Uplink::handle_rtcp(Time now, const rtcp::Message& message) {
  if (const auto* report = std::get_if<rtcp::SenderReport>(&message)) {
    handle_report(now, *report);
  } else if (const auto* extended = std::get_if<rtcp::ExtendedReport>(&message)) {
    handle_report(now, *extended);
  }
}

void Uplink::handle_report(Time now, const rtcp::SenderReport& report) {
  const Stream* const stream = find_stream(report.sender);
  if (stream == nullptr) return;
  Publication& publication = *stream->track->publication;
  if (publication.ssrc(stream->encoding) != report.sender) return;
  publication.handle_sender_report(now, stream->encoding, report);
}

void Uplink::handle_report(Time now, const rtcp::ExtendedReport& report) {
  for (const auto& reference : report.last_receiver_references) {
    if (reference.ssrc != ssrc_) continue;
    rtt_.handle(now, reference);
    if (const auto rtt = rtt_.smoothed()) set_round_trip_time(*rtt);
  }
}

void Uplink::set_round_trip_time(Duration rtt) {
  for (const auto& track : tracks_) track->publication->set_round_trip_time(rtt);
}

void Uplink::handle_timeout(Time) {}

Time Uplink::next_deadline() const {
  if (!to_send_.empty()) return kAtOnce;
  Time due = std::min(report_due_, arrivals_.next_deadline());
  for (const auto& track : tracks_) {
    if (track->permitted) due = std::min(due, track->publication->next_deadline());
  }
  return due;
}

// All that is due leaves together, in as few datagrams as it fits into.
std::optional<std::vector<std::uint8_t>> Uplink::poll_rtcp(Time now) {
  if (now >= report_due_) collect_reports(now);
  while (auto feedback = arrivals_.poll(now)) {
    feedback->sender = ssrc_;
    feedback->media = some_ssrc();
    to_send_.emplace_back(*std::move(feedback));
  }
  for (const auto& track : tracks_) {
    if (track->permitted) collect_feedback(now, *track);
  }
  if (to_send_.empty()) return std::nullopt;
  ByteWriter writer;
  // Of full size, it begins with a report (RFC 3550, 6.1).
  if (!reduced_size_ && !std::holds_alternative<rtcp::ReceiverReport>(to_send_[sent_])) {
    write_to(writer, rtcp::ReceiverReport{.sender = ssrc_});
  }
  while (sent_ < to_send_.size() && writer.size() < kFull) {
    write_to(writer, to_send_[sent_++]);
  }
  if (sent_ == to_send_.size()) {
    to_send_.clear();
    sent_ = 0;
  }
  return writer.take();
}

// With our clock, so that who only sends can be asked for the round trip (RFC 3611, 4.4).
void Uplink::collect_reports(Time now) {
  rtcp::ReceiverReport report{.sender = ssrc_};
  for (const auto& track : tracks_) {
    const std::size_t encodings = track->publication->config().encodings.size();
    for (std::size_t i = 0; track->permitted && i < encodings; ++i) {
      if (report.blocks.size() == rtcp::kMaxReportBlocks) break;
      if (auto block = track->publication->report(now, i)) report.blocks.push_back(*block);
    }
  }
  to_send_.emplace_back(std::move(report));
  to_send_.emplace_back(
      rtcp::ExtendedReport{.sender = ssrc_, .receiver_reference_time = rtp::NtpTime::of(now)});
  report_due_ = std::exchange(heard_, false) ? now + config_.report_interval : kNever;
}

void Uplink::collect_feedback(Time now, Track& track) {
  while (const auto feedback = track.publication->poll_feedback(now)) ask(track, *feedback);
}

void Uplink::ask(const Track& track, const Publication::Feedback& feedback) {
  for (std::size_t i = 0; i < feedback.nack.size(); i += kNackedEach) {
    const auto first = feedback.nack.begin() + static_cast<std::ptrdiff_t>(i);
    const std::size_t count = std::min(kNackedEach, feedback.nack.size() - i);
    to_send_.emplace_back(
        rtcp::Nack{.sender = ssrc_,
                   .media = feedback.ssrc,
                   .missing = {first, first + static_cast<std::ptrdiff_t>(count)}});
  }
  if (!feedback.key_frame) return;
  if (track.takes_pli || !track.takes_fir) {
    to_send_.emplace_back(rtcp::PictureLossIndication{.sender = ssrc_, .media = feedback.ssrc});
  } else {
    to_send_.emplace_back(rtcp::FullIntraRequest{
        .sender = ssrc_, .entries = {{.ssrc = feedback.ssrc, .sequence_number = fir_sequence_++}}});
  }
}

// Feedback on a transport names any of its streams.
rtp::Ssrc Uplink::some_ssrc() const {
  return streams_.empty() ? rtp::Ssrc{} : streams_.front().ssrc;
}

// While it is not permitted nothing of it is followed: what comes afterwards begins anew.
void Uplink::set_permitted(Source source, bool permitted) {
  permitted_[std::to_underlying(source)] = permitted;
  for (const auto& track : tracks_) {
    if (track->publication->config().source != source) continue;
    if (std::exchange(track->permitted, permitted) != permitted) track->publication->interrupt();
  }
}

bool Uplink::is_permitted(Source source) const {
  return permitted_[std::to_underlying(source)];
}

Publication* Uplink::find(Source source) {
  for (const auto& track : tracks_) {
    if (track->publication->config().source == source) return track->publication.get();
  }
  return nullptr;
}

Publication::Counters Uplink::publication_counters() const {
  Publication::Counters sum;
  for (const auto& track : tracks_) add_counts(sum, track->publication->counters());
  return sum;
}

std::vector<Publication*> Uplink::publications() {
  std::vector<Publication*> all;
  for (const auto& track : tracks_) all.push_back(track->publication.get());
  return all;
}

}  // namespace parley::sfu
