#include "peer/media/incoming_stream.h"

#include <algorithm>
#include <utility>

namespace parley::peer {
namespace {

std::uint32_t clock_rate_of(const std::vector<sdp::Codec>& codecs, MediaKind kind) {
  if (!codecs.empty()) return codecs.front().clock_rate;
  return kind == MediaKind::kAudio ? 48'000 : 90'000;
}

template <class Value>
std::optional<Value> read(const rtp::PacketView& packet, const rtp::ExtensionMap& extensions,
                          rtp::Extension extension, std::optional<Value> (*parse)(Bytes)) {
  const auto id = extensions.id_of(extension);
  const auto value = id ? packet.find_extension(*id) : std::nullopt;
  return value ? parse(*value) : std::nullopt;
}

}  // namespace

IncomingStream::IncomingStream(Identity identity, std::vector<sdp::Codec> codecs, Duration patience)
    : identity_(std::move(identity)),
      statistics_(identity_.ssrc, clock_rate_of(codecs, identity_.kind)),
      order_({.patience = patience}) {
  set_codecs(std::move(codecs));
}

void IncomingStream::set_codecs(std::vector<sdp::Codec> codecs) {
  codecs_ = std::move(codecs);
  nacks_ = std::ranges::any_of(codecs_,
                               [](const sdp::Codec& codec) { return codec.has_feedback("nack"); });
}

void IncomingStream::handle_packet(Time now, const rtp::PacketView& packet,
                                   const rtp::ExtensionMap& extensions, bool repaired) {
  const rtp::SeqNo seq{sequence_.extend(packet.sequence_number())};
  if (nacks_) nack_.handle_packet(now, seq);
  if (repaired) {
    ++counters_.repaired_packets;
  } else {
    statistics_.handle_packet(now, seq, packet.timestamp());
    counters_.header_bytes += packet.header().size() + packet.padding_size();
    counters_.payload_bytes += packet.payload().size();
  }
  order_.insert(
      now, {.seq = seq,
            .timestamp = timestamp_.extend(packet.timestamp()),
            .marker = packet.marker(),
            .payload_type = packet.payload_type(),
            .payload = {packet.payload().begin(), packet.payload().end()},
            .audio_level = read<rtp::AudioLevel>(packet, extensions, rtp::Extension::kAudioLevel,
                                                 rtp::read_audio_level),
            .orientation = read<rtp::VideoOrientation>(
                packet, extensions, rtp::Extension::kVideoOrientation, rtp::read_video_orientation),
            .starts_key_frame = starts_key_frame(packet)});
}

bool IncomingStream::starts_key_frame(const rtp::PacketView& packet) const {
  const sdp::Codec* const codec =
      find_codec(codecs_, static_cast<std::uint8_t>(packet.payload_type()));
  return codec != nullptr && codec::starts_key_frame(format_of(*codec), packet.payload());
}

void IncomingStream::handle_sender_report(Time now, const rtp::rtcp::SenderReport& report) {
  statistics_.handle_sender_report(now, report);
  last_report_ = report;
  last_report_->blocks.clear();
  ++sender_reports_;
}

void IncomingStream::request_key_frame(Time now) {
  if (identity_.kind == MediaKind::kVideo) key_frame_requests_.request(now);
}

std::optional<IncomingFrame> IncomingStream::poll_frame(Time now) {
  while (const auto packet = order_.poll(now)) {
    const auto type = static_cast<std::uint8_t>(packet->payload_type);
    const sdp::Codec* const codec = find_codec(codecs_, type);
    if (codec == nullptr || format_of(*codec) == Format::kUnknown) {
      ++counters_.unknown_payload_types;
      continue;
    }
    last_payload_type_ = type;
    if (packet->audio_level) audio_level_ = packet->audio_level;
    if (packet->orientation) orientation_ = packet->orientation;
    codec::FrameBuilder& frames = builder(*codec);
    const std::uint64_t lost_before = frames.frames_lost();
    auto frame = frames.add({.timestamp = packet->timestamp,
                             .marker = packet->marker,
                             .lost_before = packet->lost_before,
                             .payload = packet->payload});
    if (frames.frames_lost() != lost_before) request_key_frame(now);
    if (!frame) continue;
    if (frame->key) {
      key_frame_requests_.handle_key_frame(now);
      nack_.forget_before(packet->seq);
    }
    if (frame->lost_before) request_key_frame(now);
    return finish(*std::move(frame), *packet, *codec);
  }
  return {};
}

IncomingFrame IncomingStream::finish(codec::FrameBuilder::Frame frame,
                                     const rtp::OrderedPacket& last, const sdp::Codec& codec) {
  ++counters_.frames;
  if (frame.key && identity_.kind == MediaKind::kVideo) ++counters_.key_frames;
  return {.transceiver = identity_.transceiver,
          .rid = identity_.rid,
          .codec = codec.name,
          .clock_rate = codec.clock_rate,
          .timestamp = last.timestamp,
          .key = frame.key,
          .lost_before = frame.lost_before,
          .data = std::move(frame.data),
          .audio_level = std::exchange(audio_level_, std::nullopt),
          .orientation = orientation_};
}

IncomingStream::Feedback IncomingStream::poll_feedback(Time now, rtp::Ssrc sender) {
  Feedback feedback;
  const auto missing = nack_.poll(now);
  for (const rtp::SeqNo seq : missing.missing) {
    feedback.nack.push_back(static_cast<std::uint16_t>(seq.value));
  }
  if (!feedback.nack.empty()) ++counters_.nacks;
  if (missing.key_frame) request_key_frame(now);
  if (!key_frame_requests_.poll(now)) return feedback;
  const sdp::Codec* const used = codec();
  const auto knows = [&](std::string_view kind) {
    return used != nullptr ? used->has_feedback(kind)
                           : std::ranges::any_of(codecs_, [&](const sdp::Codec& each) {
                               return each.has_feedback(kind);
                             });
  };
  if (knows("nack pli")) {
    feedback.pli = rtp::rtcp::PictureLossIndication{.sender = sender, .media = identity_.ssrc};
    ++counters_.plis;
  } else if (knows("ccm fir")) {
    feedback.fir = rtp::rtcp::FullIntraRequest{
        .sender = sender,
        .entries = {{.ssrc = identity_.ssrc, .sequence_number = fir_sequence_++}}};
    ++counters_.firs;
  }
  return feedback;
}

Time IncomingStream::next_deadline() const {
  return std::min(
      {order_.next_deadline(), nack_.next_deadline(), key_frame_requests_.next_deadline()});
}

std::uint64_t IncomingStream::frames_lost() const {
  std::uint64_t lost = 0;
  for (const auto& [type, frames] : builders_) lost += frames.frames_lost();
  return lost;
}

codec::FrameBuilder& IncomingStream::builder(const sdp::Codec& codec) {
  return builders_.try_emplace(codec.payload_type, format_of(codec)).first->second;
}

}  // namespace parley::peer
