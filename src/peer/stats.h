#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"

// What getStats() tells, after "Identifiers for WebRTC's Statistics API" (W3C): the types and the
// members that we know, by the same names in our spelling (packetsReceived is packets_received).
// Times are Durations, rates bits a second, sizes bytes. to_json() writes the W3C's own names.
namespace parley::peer {

struct PeerConnectionStats {
  static constexpr std::string_view kType = "peer-connection";
  std::string id = {};
  std::uint64_t data_channels_opened = 0;
  std::uint64_t data_channels_closed = 0;
};

struct TransportStats {
  static constexpr std::string_view kType = "transport";
  std::string id = {};
  std::uint64_t packets_sent = 0;
  std::uint64_t packets_received = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
  std::string ice_role = {};  // "controlling", "controlled".
  std::string ice_state = {};
  std::string ice_local_username_fragment = {};
  std::string dtls_state = {};
  std::string dtls_role = {};  // "client", "server", "unknown".
  std::string dtls_cipher = {};
  std::string selected_candidate_pair_id = {};
  std::uint64_t selected_candidate_pair_changes = 0;
  std::string local_certificate_id = {};
  std::string remote_certificate_id = {};
};

struct CertificateStats {
  static constexpr std::string_view kType = "certificate";
  std::string id = {};
  std::string fingerprint = {};
  std::string fingerprint_algorithm = {};
};

struct IceCandidateStats {  // Of type "local-candidate" or "remote-candidate".
  bool is_local = true;
  std::string id = {};
  std::string address = {};
  std::uint16_t port = 0;
  std::string protocol = {};  // "udp", "tcp".
  std::string candidate_type = {};
  std::uint32_t priority = 0;
  std::string foundation = {};
  std::string username_fragment = {};
  std::string relay_protocol = {};  // Of our relayed ones: how we reach the server.
  std::string url = {};             // Of the server that it came from.
  std::string tcp_type = {};
};

struct IceCandidatePairStats {
  static constexpr std::string_view kType = "candidate-pair";
  std::string id = {};
  std::string local_candidate_id = {};  // Empty where the candidate was only seen by a check.
  std::string remote_candidate_id = {};
  std::string state = {};
  bool nominated = false;
  std::uint64_t requests_sent = 0;
  std::uint64_t requests_received = 0;
  std::uint64_t responses_sent = 0;
  std::uint64_t responses_received = 0;
  std::uint64_t consent_requests_sent = 0;
  std::optional<Duration> current_round_trip_time = {};
  Duration total_round_trip_time = {};
  std::optional<std::uint64_t> available_outgoing_bitrate = {};  // Of the selected one.
};

struct CodecStats {
  static constexpr std::string_view kType = "codec";
  std::string id = {};
  std::uint8_t payload_type = 0;
  std::string mime_type = {};
  std::uint32_t clock_rate = 0;
  std::uint8_t channels = 0;
  std::string sdp_fmtp_line = {};
};

struct InboundRtpStats {
  static constexpr std::string_view kType = "inbound-rtp";
  std::string id = {};
  std::uint32_t ssrc = 0;
  std::string kind = {};
  std::string mid = {};
  std::string rid = {};
  std::string codec_id = {};
  std::uint64_t packets_received = 0;
  std::int64_t packets_lost = 0;
  Duration jitter = {};
  std::uint64_t bytes_received = 0;  // Of payload.
  std::uint64_t header_bytes_received = 0;
  std::uint64_t retransmitted_packets_received = 0;
  std::uint64_t frames_received = 0;
  std::uint64_t key_frames_received = 0;
  std::uint64_t frames_dropped = 0;
  std::uint64_t nack_count = 0;
  std::uint64_t pli_count = 0;
  std::uint64_t fir_count = 0;
};

struct RemoteOutboundRtpStats {  // What the sender reports of it.
  static constexpr std::string_view kType = "remote-outbound-rtp";
  std::string id = {};
  std::uint32_t ssrc = 0;
  std::string kind = {};
  std::string local_id = {};
  std::uint64_t packets_sent = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t reports_sent = 0;
};

struct OutboundRtpStats {
  static constexpr std::string_view kType = "outbound-rtp";
  std::string id = {};
  std::uint32_t ssrc = 0;
  std::string kind = {};
  std::string mid = {};
  std::string rid = {};
  std::string codec_id = {};
  std::string remote_id = {};
  bool active = true;
  std::uint64_t packets_sent = 0;
  std::uint64_t bytes_sent = 0;  // Of payload.
  std::uint64_t header_bytes_sent = 0;
  std::uint64_t retransmitted_packets_sent = 0;
  std::uint64_t retransmitted_bytes_sent = 0;
  std::uint64_t frames_sent = 0;
  std::uint64_t key_frames_encoded = 0;
  std::uint64_t nack_count = 0;
  std::uint64_t pli_count = 0;
  std::uint64_t fir_count = 0;
};

struct RemoteInboundRtpStats {  // What the receiver reports of it.
  static constexpr std::string_view kType = "remote-inbound-rtp";
  std::string id = {};
  std::uint32_t ssrc = 0;
  std::string kind = {};
  std::string local_id = {};
  std::int64_t packets_lost = 0;
  double fraction_lost = 0;
  Duration jitter = {};
  std::optional<Duration> round_trip_time = {};
};

struct DataChannelStats {
  static constexpr std::string_view kType = "data-channel";
  std::string id = {};
  std::string label = {};
  std::string protocol = {};
  std::optional<std::uint16_t> data_channel_identifier = {};
  std::string state = {};
  std::uint64_t messages_sent = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t messages_received = 0;
  std::uint64_t bytes_received = 0;
};

using Stats =
    std::variant<PeerConnectionStats, TransportStats, CertificateStats, IceCandidateStats,
                 IceCandidatePairStats, CodecStats, InboundRtpStats, RemoteOutboundRtpStats,
                 OutboundRtpStats, RemoteInboundRtpStats, DataChannelStats>;
using StatsReport = std::vector<Stats>;

std::string_view type_of(const Stats& stats);
const std::string& id_of(const Stats& stats);

// The first of that type; null: none.
template <class T>
const T* find_stats(const StatsReport& report) {
  for (const Stats& stats : report) {
    if (const T* const found = std::get_if<T>(&stats)) return found;
  }
  return nullptr;
}

// A report as the W3C's JSON would have it: a list of objects with their types, ids and members.
// `now` becomes each timestamp, in milliseconds.
std::string to_json(const StatsReport& report, Time now);

}  // namespace parley::peer
