#include "peer/media/outgoing_stream.h"

#include <algorithm>
#include <expected>
#include <utility>

#include "peer/media/packet_patch.h"
#include "rtp/packet.h"
#include "rtp/packet_writer.h"
#include "rtp/rtx.h"

namespace parley::peer {
namespace {

constexpr std::uint8_t kMaxPadding = 255;

std::uint32_t clock_rate_of(MediaKind kind) {
  return kind == MediaKind::kAudio ? 48'000 : 90'000;
}

// The first number is low enough not to wrap soon, which srtp's first packets would suffer from
// (RFC 3711, 3.3.1), and in the second round, as an Extender's are.
constexpr std::uint16_t kFirstNumbers = 0x7FFF;
constexpr std::uint64_t kRound = 0x1'0000;

}  // namespace

OutgoingStream::OutgoingStream(Identity identity, Random& random)
    : identity_(std::move(identity)),
      packetizer_(static_cast<std::uint16_t>(random.u32())),
      next_{kRound + (random.u32() & kFirstNumbers)},
      next_rtx_(static_cast<std::uint16_t>(random.u32() & kFirstNumbers)),
      statistics_(identity_.ssrcs.media, clock_rate_of(identity_.kind)) {}

void OutgoingStream::configure(std::vector<sdp::Codec> codecs, const rtp::ExtensionMap& extensions,
                               bool active) {
  codecs_ = std::move(codecs);
  extensions_ = extensions;
  active_ = active;
}

std::expected<std::vector<std::vector<std::uint8_t>>, OutgoingStream::FrameError>
OutgoingStream::packetize(Time now, const OutgoingFrame& frame, std::size_t max_payload) {
  std::vector<std::vector<std::uint8_t>> packets;
  if (!active_) return packets;
  const sdp::Codec* const codec = choose(frame.codec);
  if (codec == nullptr) return std::unexpected(FrameError::kUnknownCodec);
  const auto payloads =
      packetizer_.packetize(format_of(*codec), frame.data, frame.key, max_payload);
  if (!payloads) return std::unexpected(FrameError::kMalformed);
  last_payload_type_ = codec->payload_type;
  last_timestamp_ = frame.timestamp;
  const Time captured = frame.captured == Time{} ? now : frame.captured;
  for (const codec::Payload& payload : *payloads) {
    packets.push_back(make_packet(frame, *codec, payload, packets.empty()));
    history_.add(now, next_, SharedBytes(Bytes(packets.back())));
    next_ = next_ + 1;
    statistics_.handle_packet(captured, frame.timestamp, payload.bytes.size());
    ++counters_.packets;
    counters_.payload_bytes += payload.bytes.size();
    counters_.header_bytes += packets.back().size() - payload.bytes.size();
  }
  ++counters_.frames;
  if (frame.key) ++counters_.key_frames;
  return packets;
}

std::vector<std::uint8_t> OutgoingStream::make_packet(const OutgoingFrame& frame,
                                                      const sdp::Codec& codec,
                                                      const codec::Payload& payload,
                                                      bool first) const {
  using rtp::Extension;
  rtp::PacketWriter writer({.marker = payload.last_of_frame,
                            .payload_type = rtp::PayloadType{codec.payload_type},
                            .sequence_number = static_cast<std::uint16_t>(next_.value),
                            .timestamp = frame.timestamp,
                            .ssrc = identity_.ssrcs.media});
  const auto add = [&](Extension extension, Bytes value) {
    if (value.empty()) return;
    if (const auto id = extensions_.id_of(extension)) writer.add_extension(*id, value);
  };
  add(Extension::kMid, as_bytes(identity_.mid));
  add(Extension::kRid, as_bytes(identity_.rid));
  add(Extension::kTransportSequenceNumber, rtp::encode_transport_sequence_number(0));
  add(Extension::kAbsoluteSendTime, rtp::encode(rtp::AbsoluteSendTime{}));
  if (frame.audio_level) add(Extension::kAudioLevel, rtp::encode(*frame.audio_level));
  if (frame.orientation && first) {
    add(Extension::kVideoOrientation, rtp::encode(*frame.orientation));
  }
  writer.set_payload(payload.bytes);
  return writer.take();
}

std::optional<std::vector<std::uint8_t>> OutgoingStream::resend(Time now,
                                                                std::uint16_t sequence_number) {
  // The number nearest to the newest that was sent.
  const auto behind = static_cast<std::uint16_t>(next_.value - sequence_number);
  if (behind == 0 || behind > next_.value) return {};
  const rtp::SeqNo seq{next_.value - behind};
  const auto packet = history_.find(now, seq);
  if (!packet || !responder_.allow(now, seq)) return {};
  const auto view = rtp::PacketView::parse(packet->bytes());
  if (!view) return {};
  const sdp::Codec* const codec =
      find_rtx(codecs_, static_cast<std::uint8_t>(view->payload_type()));
  // SRTP takes no packet twice: without RTX nothing can be sent again.
  if (codec == nullptr) return {};
  ++counters_.resent_packets;
  counters_.resent_bytes += view->payload().size();
  return make_rtx(*view, *codec);
}

std::vector<std::uint8_t> OutgoingStream::make_rtx(const rtp::PacketView& packet,
                                                   const sdp::Codec& codec) {
  using rtp::Extension;
  auto rtx = rtp::to_rtx(packet, {.ssrc = identity_.ssrcs.rtx,
                                  .payload_type = rtp::PayloadType{codec.payload_type},
                                  .sequence_number = next_rtx_++});
  // Of a repair the rid is that of what it repairs, and stands elsewhere (RFC 8852, 3.2).
  const auto rid = extensions_.id_of(Extension::kRid);
  const auto repaired = extensions_.id_of(Extension::kRepairedRid);
  if (rid && repaired) renumber_extension(rtx, *rid, *repaired);
  return rtx;
}

bool OutgoingStream::can_pad() const {
  return active_ && counters_.packets > 0 && rtx() != nullptr;
}

std::optional<std::vector<std::uint8_t>> OutgoingStream::make_padding(Time now, std::size_t size) {
  const sdp::Codec* const codec = rtx();
  if (!can_pad()) return {};
  // The newest packet again is as good as padding, and may be of use.
  const auto newest = history_.find(now, {next_.value - 1});
  const auto view = newest ? rtp::PacketView::parse(newest->bytes())
                           : std::unexpected(rtp::ParseError::kTruncated);
  if (view && view->bytes().size() >= size / 2) return make_rtx(*view, *codec);
  using rtp::Extension;
  rtp::PacketWriter writer({.payload_type = rtp::PayloadType{codec->payload_type},
                            .sequence_number = next_rtx_++,
                            .timestamp = last_timestamp_,
                            .ssrc = identity_.ssrcs.rtx});
  for (const auto& [extension, value] :
       {std::pair{Extension::kMid, as_bytes(identity_.mid)},
        std::pair{Extension::kRepairedRid, as_bytes(identity_.rid)}}) {
    const auto id = extensions_.id_of(extension);
    if (id && !value.empty()) writer.add_extension(*id, value);
  }
  const auto number = rtp::encode_transport_sequence_number(0);
  if (const auto id = extensions_.id_of(Extension::kTransportSequenceNumber)) {
    writer.add_extension(*id, number);
  }
  writer.set_padding(static_cast<std::uint8_t>(std::clamp<std::size_t>(size, 1, kMaxPadding)));
  return writer.take();
}

bool OutgoingStream::handle_fir(std::uint8_t sequence_number) {
  if (!fir_.handle(sequence_number)) return false;
  ++counters_.firs;
  return true;
}

void OutgoingStream::handle_report(Time now, const rtp::rtcp::ReportBlock& block) {
  rtt_.handle(now, block);
  last_report_ = block;
  if (const auto rtt = rtt_.smoothed()) responder_.set_round_trip_time(*rtt);
}

const sdp::Codec* OutgoingStream::choose(std::string_view codec) const {
  const auto it = std::ranges::find_if(codecs_, [&](const sdp::Codec& each) {
    return each.is_media() && format_of(each) != Format::kUnknown &&
           (codec.empty() || each.is(codec));
  });
  return it == codecs_.end() ? nullptr : &*it;
}

}  // namespace parley::peer
