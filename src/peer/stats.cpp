#include "peer/stats.h"

#include <concepts>
#include <type_traits>
#include <utility>

#include "base/json.h"

namespace parley::peer {
namespace {

// Each type's members, by the names of the W3C.
void visit(const PeerConnectionStats& stats, auto&& add) {
  add("dataChannelsOpened", stats.data_channels_opened);
  add("dataChannelsClosed", stats.data_channels_closed);
}

void visit(const TransportStats& stats, auto&& add) {
  add("packetsSent", stats.packets_sent);
  add("packetsReceived", stats.packets_received);
  add("bytesSent", stats.bytes_sent);
  add("bytesReceived", stats.bytes_received);
  add("iceRole", stats.ice_role);
  add("iceState", stats.ice_state);
  add("iceLocalUsernameFragment", stats.ice_local_username_fragment);
  add("dtlsState", stats.dtls_state);
  add("dtlsRole", stats.dtls_role);
  add("dtlsCipher", stats.dtls_cipher);
  add("selectedCandidatePairId", stats.selected_candidate_pair_id);
  add("selectedCandidatePairChanges", stats.selected_candidate_pair_changes);
  add("localCertificateId", stats.local_certificate_id);
  add("remoteCertificateId", stats.remote_certificate_id);
}

void visit(const CertificateStats& stats, auto&& add) {
  add("fingerprint", stats.fingerprint);
  add("fingerprintAlgorithm", stats.fingerprint_algorithm);
}

void visit(const IceCandidateStats& stats, auto&& add) {
  add("address", stats.address);
  add("port", stats.port);
  add("protocol", stats.protocol);
  add("candidateType", stats.candidate_type);
  add("relayProtocol", stats.relay_protocol);
  add("url", stats.url);
  add("priority", stats.priority);
  add("foundation", stats.foundation);
  add("usernameFragment", stats.username_fragment);
  add("tcpType", stats.tcp_type);
}

void visit(const IceCandidatePairStats& stats, auto&& add) {
  add("localCandidateId", stats.local_candidate_id);
  add("remoteCandidateId", stats.remote_candidate_id);
  add("state", stats.state);
  add("nominated", stats.nominated);
  add("requestsSent", stats.requests_sent);
  add("requestsReceived", stats.requests_received);
  add("responsesSent", stats.responses_sent);
  add("responsesReceived", stats.responses_received);
  add("consentRequestsSent", stats.consent_requests_sent);
  add("currentRoundTripTime", stats.current_round_trip_time);
  add("totalRoundTripTime", stats.total_round_trip_time);
  add("availableOutgoingBitrate", stats.available_outgoing_bitrate);
}

void visit(const CodecStats& stats, auto&& add) {
  add("payloadType", stats.payload_type);
  add("mimeType", stats.mime_type);
  add("clockRate", stats.clock_rate);
  add("channels", stats.channels);
  add("sdpFmtpLine", stats.sdp_fmtp_line);
}

void visit(const InboundRtpStats& stats, auto&& add) {
  add("ssrc", stats.ssrc);
  add("kind", stats.kind);
  add("mid", stats.mid);
  add("rid", stats.rid);
  add("codecId", stats.codec_id);
  add("packetsReceived", stats.packets_received);
  add("packetsLost", stats.packets_lost);
  add("jitter", stats.jitter);
  add("bytesReceived", stats.bytes_received);
  add("headerBytesReceived", stats.header_bytes_received);
  add("retransmittedPacketsReceived", stats.retransmitted_packets_received);
  add("framesReceived", stats.frames_received);
  add("keyFramesReceived", stats.key_frames_received);
  add("framesDropped", stats.frames_dropped);
  add("nackCount", stats.nack_count);
  add("pliCount", stats.pli_count);
  add("firCount", stats.fir_count);
}

void visit(const RemoteOutboundRtpStats& stats, auto&& add) {
  add("ssrc", stats.ssrc);
  add("kind", stats.kind);
  add("localId", stats.local_id);
  add("packetsSent", stats.packets_sent);
  add("bytesSent", stats.bytes_sent);
  add("reportsSent", stats.reports_sent);
}

void visit(const OutboundRtpStats& stats, auto&& add) {
  add("ssrc", stats.ssrc);
  add("kind", stats.kind);
  add("mid", stats.mid);
  add("rid", stats.rid);
  add("codecId", stats.codec_id);
  add("remoteId", stats.remote_id);
  add("active", stats.active);
  add("packetsSent", stats.packets_sent);
  add("bytesSent", stats.bytes_sent);
  add("headerBytesSent", stats.header_bytes_sent);
  add("retransmittedPacketsSent", stats.retransmitted_packets_sent);
  add("retransmittedBytesSent", stats.retransmitted_bytes_sent);
  add("framesSent", stats.frames_sent);
  add("keyFramesEncoded", stats.key_frames_encoded);
  add("nackCount", stats.nack_count);
  add("pliCount", stats.pli_count);
  add("firCount", stats.fir_count);
}

void visit(const RemoteInboundRtpStats& stats, auto&& add) {
  add("ssrc", stats.ssrc);
  add("kind", stats.kind);
  add("localId", stats.local_id);
  add("packetsLost", stats.packets_lost);
  add("fractionLost", stats.fraction_lost);
  add("jitter", stats.jitter);
  add("roundTripTime", stats.round_trip_time);
}

void visit(const DataChannelStats& stats, auto&& add) {
  add("label", stats.label);
  add("protocol", stats.protocol);
  add("dataChannelIdentifier", stats.data_channel_identifier);
  add("state", stats.state);
  add("messagesSent", stats.messages_sent);
  add("bytesSent", stats.bytes_sent);
  add("messagesReceived", stats.messages_received);
  add("bytesReceived", stats.bytes_received);
}

Json to_value(bool value) {
  return value;
}
Json to_value(double value) {
  return value;
}
Json to_value(Duration value) {  // In seconds.
  return std::chrono::duration<double>(value).count();
}
template <std::integral Number>
Json to_value(Number value) {
  return static_cast<std::int64_t>(value);
}

class ObjectWriter {
 public:
  ObjectWriter(const Stats& stats, Time now) {
    object_.set("type", type_of(stats));
    object_.set("id", id_of(stats));
    const auto since = now.time_since_epoch();
    object_.set("timestamp", std::chrono::duration<double, std::milli>(since).count());
  }

  template <class Value>
  void operator()(std::string_view name, const Value& value) {
    object_.set(std::string(name), to_value(value));
  }
  // What nobody knows yet is left out.
  template <class Value>
  void operator()(std::string_view name, const std::optional<Value>& value) {
    if (value) (*this)(name, *value);
  }
  void operator()(std::string_view name, const std::string& value) {
    if (!value.empty()) object_.set(std::string(name), value);
  }

  Json take() { return std::move(object_); }

 private:
  Json object_ = Json::Object{};
};

}  // namespace

std::string_view type_of(const Stats& stats) {
  return std::visit(
      [](const auto& each) -> std::string_view {
        using Type = std::remove_cvref_t<decltype(each)>;
        if constexpr (std::is_same_v<Type, IceCandidateStats>) {
          return each.is_local ? "local-candidate" : "remote-candidate";
        } else {
          return Type::kType;
        }
      },
      stats);
}

const std::string& id_of(const Stats& stats) {
  return std::visit([](const auto& each) -> const std::string& { return each.id; }, stats);
}

std::string to_json(const StatsReport& report, Time now) {
  Json::Array list;
  for (const Stats& stats : report) {
    ObjectWriter writer(stats, now);
    std::visit([&](const auto& each) { visit(each, writer); }, stats);
    list.push_back(writer.take());
  }
  return Json(std::move(list)).to_text();
}

}  // namespace parley::peer
