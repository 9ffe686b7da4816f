#include "peer/media/media_session.h"

#include <algorithm>
#include <utility>

#include "base/overloaded.h"
#include "rtp/extension_values.h"
#include "rtp/rtx.h"

namespace parley::peer {
namespace {

std::unexpected<Error> fail(Error::Kind kind, std::string message) {
  return std::unexpected(Error{kind, std::move(message)});
}

// Reports come early at first: the round trip is wanted.
constexpr Duration kFirstReport = std::chrono::milliseconds{100};

}  // namespace

MediaSession::MediaSession(const Config& config, std::string cname, Random& random)
    : config_(config),
      cname_(std::move(cname)),
      random_(&random),
      ssrc_(rtp::Ssrc{random.u32()}),
      router_(config.max_streams),
      sender_({.limits = {.min = config.min_bitrate,
                          .start = config.start_bitrate,
                          .max = config.max_bitrate}}) {}

void MediaSession::configure(Time now, const std::vector<Agreement>& agreements) {
  agreements_.clear();
  router_.configure(agreements);
  rtp::ExtensionMap stamps;
  transport_sequence_id_.reset();
  reduced_size_ = true;
  using rtp::Extension;
  for (const Agreement& agreement : agreements) {
    agreements_[agreement.transceiver] = agreement;
    configure_sending(agreement);
    configure_receiving(agreement);
    reduced_size_ &= agreement.reduced_size || !(agreement.sends || agreement.receives);
    for (const Extension stamp :
         {Extension::kTransportSequenceNumber, Extension::kAbsoluteSendTime}) {
      if (const auto id = agreement.send_extensions.id_of(stamp)) stamps.set(stamp, *id);
    }
    const auto id = agreement.receive_extensions.id_of(Extension::kTransportSequenceNumber);
    if (id) transport_sequence_id_ = id;
  }
  sender_.set_extensions(stamps);
  std::erase_if(outgoing_, [&](const auto& entry) {
    const auto it = agreements_.find(entry.first.first);
    return it == agreements_.end() || !it->second.sends ||
           std::ranges::find(it->second.encodings, entry.first.second, &Encoding::rid) ==
               it->second.encodings.end();
  });
  std::erase_if(incoming_, [&](const auto& entry) {
    const auto it = agreements_.find(entry.first.first);
    return it == agreements_.end() || !it->second.receives;
  });
  pump(now);
}

void MediaSession::configure_sending(const Agreement& agreement) {
  if (!agreement.sends) return;
  for (std::size_t i = 0; i < agreement.encodings.size(); ++i) {
    const Encoding& encoding = agreement.encodings[i];
    const Key key{agreement.transceiver, encoding.rid};
    auto it = outgoing_.find(key);
    if (it == outgoing_.end()) {
      const OutgoingStream::Identity identity{.transceiver = agreement.transceiver,
                                              .kind = agreement.kind,
                                              .mid = agreement.mid,
                                              .rid = encoding.rid,
                                              .ssrcs = agreement.ssrcs[i]};
      it = outgoing_.try_emplace(key, identity, *random_).first;
    }
    it->second.configure(agreement.send_codecs, agreement.send_extensions, encoding.active);
  }
}

void MediaSession::configure_receiving(const Agreement& agreement) {
  for (auto& [key, stream] : incoming_) {
    if (key.first == agreement.transceiver) stream.set_codecs(agreement.receive_codecs);
  }
}

void MediaSession::start(Time now) {
  started_ = true;
  report_due_ = now + kFirstReport;
  sender_.start(now);
  pump(now);
}

void MediaSession::handle_route_change(Time now) {
  if (!started_) return;
  sender_.handle_route_change(now);
  pump(now);
}

void MediaSession::close(Time now) {
  if (!started_) return;
  send_reports(now);
  rtp::rtcp::Goodbye goodbye;
  for (const auto& [key, stream] : outgoing_) {
    if (goodbye.ssrcs.size() < rtp::rtcp::kMaxReportBlocks) {
      goodbye.ssrcs.push_back(stream.identity().ssrcs.media);
    }
  }
  if (!goodbye.ssrcs.empty()) send_message(goodbye);
  started_ = false;
  outgoing_.clear();
  incoming_.clear();
  agreements_.clear();
  report_due_ = kNever;
}

std::expected<void, Error> MediaSession::send_frame(Time now, TransceiverId id,
                                                    const OutgoingFrame& frame) {
  if (!started_) return fail(Error::Kind::kInvalidState, "there is no connection");
  const auto it = outgoing_.find({id, std::string(frame.rid)});
  if (it == outgoing_.end()) {
    return fail(Error::Kind::kInvalidState, "the peer has not agreed to receive this");
  }
  OutgoingStream& stream = it->second;
  auto packets = stream.packetize(now, frame, config_.max_payload);
  if (!packets) {
    return fail(Error::Kind::kOperation,
                packets.error() == OutgoingStream::FrameError::kUnknownCodec
                    ? "the peer has not agreed to this codec"
                    : "the frame is not of its codec's format");
  }
  const auto priority =
      stream.identity().kind == MediaKind::kAudio ? cc::Priority::kAudio : cc::Priority::kVideo;
  for (auto& packet : *packets) {
    sender_.push(now, priority, stream.identity().ssrcs.media, std::move(packet));
  }
  pump(now);
  return {};
}

void MediaSession::request_key_frame(Time now, TransceiverId id, std::string_view rid) {
  for (auto& [key, stream] : incoming_) {
    if (key.first == id && (rid.empty() || key.second == rid)) stream.request_key_frame(now);
  }
  pump(now);
}

std::vector<sdp::Codec> MediaSession::send_codecs(TransceiverId id) const {
  const auto it = agreements_.find(id);
  std::vector<sdp::Codec> codecs;
  if (it == agreements_.end() || !it->second.sends) return codecs;
  std::ranges::copy_if(it->second.send_codecs, std::back_inserter(codecs), &sdp::Codec::is_media);
  return codecs;
}

void MediaSession::handle_rtp(Time now, Bytes packet) {
  const auto view = rtp::PacketView::parse(packet);
  if (!view) {
    ++counters_.malformed_rtp;
    return;
  }
  if (transport_sequence_id_) {
    const auto value = view->find_extension(*transport_sequence_id_);
    const auto number = value ? rtp::read_transport_sequence_number(*value) : std::nullopt;
    if (number) arrivals_.handle_packet(now, *number);
  }
  const auto route = router_.route(*view);
  if (!route) {
    ++counters_.unroutable;
  } else if (route->repair) {
    handle_repair(now, *route, *view);
  } else {
    handle_media(now, *route, *view);
  }
  pump(now);
}

void MediaSession::handle_media(Time now, const StreamRouter::Route& route,
                                const rtp::PacketView& packet) {
  const Agreement& agreement = agreements_.at(route.transceiver);
  const Key key{route.transceiver, route.rid};
  auto it = incoming_.find(key);
  if (it != incoming_.end() && it->second.identity().ssrc != packet.ssrc()) {
    incoming_.erase(it);  // It has begun anew.
    it = incoming_.end();
  }
  if (it == incoming_.end()) {
    const IncomingStream::Identity identity{.transceiver = route.transceiver,
                                            .kind = agreement.kind,
                                            .mid = agreement.mid,
                                            .rid = route.rid,
                                            .ssrc = packet.ssrc()};
    const Duration patience =
        agreement.kind == MediaKind::kAudio ? config_.max_reorder_audio : config_.max_reorder_video;
    it = incoming_.try_emplace(key, identity, agreement.receive_codecs, patience).first;
    if (const auto rtt = rtt_.smoothed()) it->second.set_round_trip_time(*rtt);
  }
  it->second.handle_packet(now, packet, agreement.receive_extensions, false);
}

void MediaSession::handle_repair(Time now, const StreamRouter::Route& route,
                                 const rtp::PacketView& packet) {
  const Agreement& agreement = agreements_.at(route.transceiver);
  const auto it = incoming_.find({route.transceiver, route.rid});
  const sdp::Codec* const rtx =
      find_codec(agreement.receive_codecs, static_cast<std::uint8_t>(packet.payload_type()));
  const auto apt = rtx == nullptr ? std::nullopt : rtx->apt();
  if (it == incoming_.end() || !apt) {
    ++counters_.unmatched_repair;
    return;
  }
  const auto original = rtp::from_rtx(packet, it->second.identity().ssrc, rtp::PayloadType{*apt});
  const auto view =
      original ? rtp::PacketView::parse(*original) : std::unexpected(rtp::ParseError::kTruncated);
  if (!view) {
    ++counters_.padding;
    return;
  }
  it->second.handle_packet(now, *view, agreement.receive_extensions, true);
}

void MediaSession::handle_timeout(Time now) {
  if (started_ && report_due_ <= now) {
    send_reports(now);
    // Spread, so that many sessions do not report at once (RFC 3550, 6.2).
    const auto spread = config_.report_interval / 2;
    report_due_ = now + spread + spread * (random_->u32() % 1'024) / 512;
  }
  sender_.handle_timeout(now);
  pump(now);
}

std::optional<MediaSession::Output> MediaSession::poll_output() {
  if (outputs_.empty()) return {};
  Output output = std::move(outputs_.front());
  outputs_.pop_front();
  return output;
}

Time MediaSession::next_deadline() const {
  if (!started_) return kNever;
  Time deadline = std::min({report_due_, sender_.next_deadline(), arrivals_.next_deadline()});
  for (const auto& [key, stream] : incoming_) {
    deadline = std::min(deadline, stream.next_deadline());
  }
  return deadline;
}

void MediaSession::pump(Time now) {
  if (!started_) return;
  for (auto& [key, stream] : incoming_) {
    while (auto frame = stream.poll_frame(now)) {
      outputs_.push_back(FrameReceived{*std::move(frame)});
    }
    send_feedback(now, stream);
  }
  while (auto feedback = arrivals_.poll(now)) {
    feedback->sender = ssrc_;
    if (!incoming_.empty()) feedback->media = incoming_.begin()->second.identity().ssrc;
    send_message(*feedback);
  }
  pump_sender(now);
}

void MediaSession::pump_sender(Time now) {
  OutgoingStream* const padding = find_padding_stream();
  sender_.set_can_pad(padding != nullptr);
  while (auto output = sender_.poll(now)) {
    std::visit(overloaded{[&](PacketSender::Packet& packet) {
                            outputs_.push_back(SendRtp{std::move(packet.bytes)});
                          },
                          [&](const PacketSender::PaddingWanted& wanted) {
                            if (padding == nullptr) return;
                            auto packet = padding->make_padding(now, wanted.size);
                            if (!packet) return;
                            auto stamped =
                                sender_.send_padding(now, wanted.probe, *std::move(packet));
                            outputs_.push_back(SendRtp{std::move(stamped.bytes)});
                          },
                          [&](const PacketSender::TargetChanged& changed) {
                            outputs_.push_back(TargetBitrateChanged{changed.target});
                          }},
               *output);
  }
}

OutgoingStream* MediaSession::find_padding_stream() {
  const auto it =
      std::ranges::find_if(outgoing_, [](const auto& entry) { return entry.second.can_pad(); });
  return it == outgoing_.end() ? nullptr : &it->second;
}

}  // namespace parley::peer
