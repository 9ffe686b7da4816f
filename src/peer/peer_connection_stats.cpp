// getStats(): what each part counts, under the W3C's names.
#include <algorithm>
#include <string>
#include <utility>

#include "peer/peer_connection.h"

namespace parley::peer {
namespace {

std::string candidate_id(bool is_local, net::Transport transport,
                         const net::SocketAddress& address) {
  return std::string(is_local ? "L-" : "R-") + std::string(to_string(transport)) + "-" +
         address.to_string();
}

std::string pair_id(const net::Path& path) {
  return "CP-" + std::string(to_string(path.transport)) + "-" + path.local.to_string() + "-" +
         path.remote.to_string();
}

IceCandidateStats candidate_stats(const ice::Candidate& candidate, bool is_local) {
  const net::SocketAddress& place = is_local ? candidate.base : candidate.address;
  return {.is_local = is_local,
          .id = candidate_id(is_local, candidate.transport, place),
          .address =
              candidate.mdns_name.empty() ? candidate.address.ip.to_string() : candidate.mdns_name,
          .port = candidate.address.port,
          .protocol = std::string(to_string(candidate.transport)),
          .candidate_type = std::string(to_string(candidate.type)),
          .priority = candidate.priority,
          .foundation = candidate.foundation,
          .username_fragment = candidate.ufrag,
          .relay_protocol =
              candidate.relay_protocol ? std::string(to_string(*candidate.relay_protocol)) : "",
          .url = candidate.url,
          .tcp_type = candidate.tcp_type ? std::string(to_string(*candidate.tcp_type)) : ""};
}

IceCandidatePairStats pair_stats(const ice::PairStats& pair) {
  IceCandidatePairStats stats{
      .id = pair_id(pair.path),
      .local_candidate_id = candidate_id(true, pair.path.transport, pair.path.local),
      .remote_candidate_id = candidate_id(false, pair.path.transport, pair.path.remote),
      .state = std::string(to_string(pair.state)),
      .nominated = pair.nominated,
      .requests_sent = pair.requests_sent,
      .requests_received = pair.requests_received,
      .responses_sent = pair.responses_sent,
      .responses_received = pair.responses_received,
      .consent_requests_sent = pair.consent_requests_sent,
      .total_round_trip_time = pair.total_round_trip_time};
  if (pair.round_trip_time > Duration::zero()) {
    stats.current_round_trip_time = pair.round_trip_time;
  }
  return stats;
}

CertificateStats certificate_stats(std::string id, const dtls::Fingerprint& fingerprint) {
  return {.id = std::move(id),
          .fingerprint = fingerprint.value(),
          .fingerprint_algorithm = std::string(to_string(fingerprint.algorithm))};
}

constexpr std::string_view kLocalCertificate = "certificate-local";
constexpr std::string_view kRemoteCertificate = "certificate-remote";

void add_candidates(const ice::Agent& agent, StatsReport& report) {
  std::vector<std::string> seen;
  const auto add = [&](const ice::Candidate& candidate, bool is_local) {
    IceCandidateStats stats = candidate_stats(candidate, is_local);
    if (std::ranges::find(seen, stats.id) != seen.end()) return;
    seen.push_back(stats.id);
    report.push_back(std::move(stats));
  };
  for (const ice::Candidate& candidate : agent.local_candidates()) add(candidate, true);
  for (const ice::Candidate& candidate : agent.remote_candidates()) add(candidate, false);
}

}  // namespace

StatsReport PeerConnection::get_stats(Time) const {
  StatsReport report;
  report.push_back(PeerConnectionStats{.id = "peer-connection",
                                       .data_channels_opened = channels_opened_,
                                       .data_channels_closed = channels_closed_});
  report.push_back(
      certificate_stats(std::string(kLocalCertificate), configuration_.certificate->fingerprint()));
  if (transport_) add_transport_stats(report);
  media_.add_stats(report);
  for (const sctp::ChannelId id : channels_) add_channel_stats(id, report);
  return report;
}

void PeerConnection::add_transport_stats(StatsReport& report) const {
  const ice::Agent& agent = transport_->ice();
  const TransportCounters& counters = transport_->counters();
  TransportStats stats{.id = "transport",
                       .packets_sent = counters.packets_sent,
                       .packets_received = counters.packets_received,
                       .bytes_sent = counters.bytes_sent,
                       .bytes_received = counters.bytes_received,
                       .ice_role = agent.controlling() ? "controlling" : "controlled",
                       .ice_state = std::string(to_string(ice_state_)),
                       .ice_local_username_fragment = agent.local_credentials().ufrag,
                       .dtls_state = "new",
                       .dtls_role = "unknown",
                       .selected_candidate_pair_changes = counters.path_changes,
                       .local_certificate_id = std::string(kLocalCertificate)};
  if (const auto path = agent.selected()) stats.selected_candidate_pair_id = pair_id(*path);
  if (const dtls::Connection* const dtls = transport_->dtls()) {
    stats.dtls_state = std::string(to_string(dtls->state()));
    stats.dtls_role = dtls->role() == dtls::Role::kClient ? "client" : "server";
    stats.dtls_cipher = std::string(dtls->cipher_suite());
    const auto certificate = dtls->peer_certificate();
    if (!certificate.empty()) {
      stats.remote_certificate_id = std::string(kRemoteCertificate);
      report.push_back(
          certificate_stats(std::string(kRemoteCertificate), dtls::Fingerprint::of(certificate)));
    }
  }
  report.push_back(std::move(stats));
  add_candidates(agent, report);
  for (const ice::PairStats& pair : agent.pairs()) {
    IceCandidatePairStats each = pair_stats(pair);
    if (pair.selected) {
      each.available_outgoing_bitrate = static_cast<std::uint64_t>(media_.target().in_bps());
    }
    report.push_back(std::move(each));
  }
}

void PeerConnection::add_channel_stats(sctp::ChannelId id, StatsReport& report) const {
  const auto options = data_channels_.options(id);
  if (!options) return;
  constexpr std::string_view kStates[] = {"connecting", "open", "closing", "closed"};
  const auto state = static_cast<std::size_t>(data_channels_.state(id));
  const auto counters = data_channels_.counters(id);
  DataChannelStats stats{.id = "D" + std::to_string(id.value),
                         .label = options->label,
                         .protocol = options->protocol,
                         .state = std::string(kStates[state]),
                         .messages_sent = counters.messages_sent,
                         .bytes_sent = counters.bytes_sent,
                         .messages_received = counters.messages_received,
                         .bytes_received = counters.bytes_received};
  if (const auto stream = data_channels_.stream(id)) stats.data_channel_identifier = stream->value;
  report.push_back(std::move(stats));
}

}  // namespace parley::peer
