// What a media session tells of its streams.
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "peer/media/media_session.h"

namespace parley::peer {
namespace {

std::uint32_t number_of(rtp::Ssrc ssrc) {
  return static_cast<std::uint32_t>(ssrc);
}

std::string fmtp_line(const sdp::Codec& codec) {
  std::string line;
  for (const sdp::FormatParameter& parameter : codec.parameters) {
    if (!line.empty()) line += ';';
    line += parameter.value.empty() ? parameter.name : parameter.name + "=" + parameter.value;
  }
  return line;
}

// Adds the codec if it is not there yet, and gives its id.
std::string add_codec(const sdp::Codec* codec, MediaKind kind, StatsReport& report) {
  if (codec == nullptr) return {};
  CodecStats stats{.id = fmt::format("codec-{}-{}", to_string(kind), codec->payload_type),
                   .payload_type = codec->payload_type,
                   .mime_type = fmt::format("{}/{}", to_string(kind), codec->name),
                   .clock_rate = codec->clock_rate,
                   .channels = codec->channels,
                   .sdp_fmtp_line = fmtp_line(*codec)};
  std::string id = stats.id;
  const bool known =
      std::ranges::any_of(report, [&](const Stats& each) { return id_of(each) == id; });
  if (!known) report.push_back(std::move(stats));
  return id;
}

void add_incoming(const IncomingStream& stream, StatsReport& report) {
  const IncomingStream::Identity& identity = stream.identity();
  const IncomingStream::Counters& counters = stream.counters();
  const std::string kind(to_string(identity.kind));
  InboundRtpStats stats{.id = fmt::format("inbound-{}", number_of(identity.ssrc)),
                        .ssrc = number_of(identity.ssrc),
                        .kind = kind,
                        .mid = identity.mid,
                        .rid = identity.rid,
                        .codec_id = add_codec(stream.codec(), identity.kind, report),
                        .packets_received = stream.statistics().packets_received(),
                        .packets_lost = stream.statistics().packets_lost(),
                        .jitter = stream.statistics().jitter(),
                        .bytes_received = counters.payload_bytes,
                        .header_bytes_received = counters.header_bytes,
                        .retransmitted_packets_received = counters.repaired_packets,
                        .frames_received = counters.frames,
                        .key_frames_received = counters.key_frames,
                        .frames_dropped = stream.frames_lost(),
                        .nack_count = counters.nacks,
                        .pli_count = counters.plis,
                        .fir_count = counters.firs};
  if (const auto& remote = stream.last_sender_report()) {
    report.push_back(
        RemoteOutboundRtpStats{.id = fmt::format("remote-outbound-{}", number_of(identity.ssrc)),
                               .ssrc = number_of(identity.ssrc),
                               .kind = kind,
                               .local_id = stats.id,
                               .packets_sent = remote->packets,
                               .bytes_sent = remote->octets,
                               .reports_sent = stream.sender_reports()});
  }
  report.push_back(std::move(stats));
}

void add_outgoing(const OutgoingStream& stream, StatsReport& report) {
  const OutgoingStream::Identity& identity = stream.identity();
  const OutgoingStream::Counters& counters = stream.counters();
  const std::string kind(to_string(identity.kind));
  const std::uint32_t ssrc = number_of(identity.ssrcs.media);
  OutboundRtpStats stats{.id = fmt::format("outbound-{}", ssrc),
                         .ssrc = ssrc,
                         .kind = kind,
                         .mid = identity.mid,
                         .rid = identity.rid,
                         .codec_id = add_codec(stream.codec(), identity.kind, report),
                         .active = stream.active(),
                         .packets_sent = counters.packets,
                         .bytes_sent = counters.payload_bytes,
                         .header_bytes_sent = counters.header_bytes,
                         .retransmitted_packets_sent = counters.resent_packets,
                         .retransmitted_bytes_sent = counters.resent_bytes,
                         .frames_sent = counters.frames,
                         .key_frames_encoded = counters.key_frames,
                         .nack_count = counters.nacks,
                         .pli_count = counters.plis,
                         .fir_count = counters.firs};
  if (const auto& remote = stream.last_report()) {
    const auto* const codec = stream.codec();
    const double clock_rate = codec == nullptr ? 90'000 : codec->clock_rate;
    const std::chrono::duration<double> jitter(remote->jitter / clock_rate);
    stats.remote_id = fmt::format("remote-inbound-{}", ssrc);
    report.push_back(RemoteInboundRtpStats{.id = stats.remote_id,
                                           .ssrc = ssrc,
                                           .kind = kind,
                                           .local_id = stats.id,
                                           .packets_lost = remote->cumulative_lost,
                                           .fraction_lost = remote->fraction_lost / 256.0,
                                           .jitter = std::chrono::duration_cast<Duration>(jitter),
                                           .round_trip_time = stream.round_trip_time().latest()});
  }
  report.push_back(std::move(stats));
}

}  // namespace

void MediaSession::add_stats(StatsReport& report) const {
  for (const auto& [key, stream] : incoming_) add_incoming(stream, report);
  for (const auto& [key, stream] : outgoing_) add_outgoing(stream, report);
}

}  // namespace parley::peer
