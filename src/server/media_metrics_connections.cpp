// The connections of participants: how they stand and fared, and what their layers dropped.
#include "server/media_metrics_parts.h"

namespace parley::server {
namespace {

// In the order of peer::Drop, ice::Drop and srtp::Error. What has no name is counted elsewhere.
constexpr std::array<std::string_view, peer::kDropReasons> kByTransport = {
    "unknown-protocol", "not-validated",   "early-dtls",      "no-keys",         "",
    "not-connected",    "refused-by-srtp", "refused-by-dtls", "refused-by-relay"};
constexpr std::array<std::string_view, ice::kDropReasons> kByIce = {
    "malformed",          "fingerprint", "unsupported",       "unknown-local",    "username",
    "no-integrity",       "integrity",   "unknown-attribute", "bad-request",      "role-conflict",
    "unmatched-response", "wrong-path",  "candidate-limit",   "candidate-ignored"};
constexpr std::array<std::string_view, srtp::kErrorCount> kBySrtp = {
    "truncated", "malformed",       "bad-tag",          "replayed",
    "too-old",   "index-exhausted", "too-many-streams", "output-too-small"};
static_assert(!kByTransport.back().empty() && !kByIce.back().empty() && !kBySrtp.back().empty());
static_assert(kByTransport[std::to_underlying(peer::Drop::kUnprotected)].empty());

void write_drops_of_layers(MetricsText& metrics, const std::string& worker,
                           const sfu::ConnectionCounters& connections) {
  const auto write = [&](std::string_view layer, std::string_view reason, std::uint64_t count) {
    if (reason.empty()) return;
    metrics.value({{"worker", worker}, {"layer", layer}, {"reason", reason}},
                  static_cast<double>(count));
  };
  const auto write_all = [&](std::string_view layer, const auto& reasons, const auto& counts) {
    for (std::size_t i = 0; i < reasons.size(); ++i) write(layer, reasons[i], counts[i]);
  };
  write_all("transport", kByTransport, connections.by_transport);
  write_all("ice", kByIce, connections.by_ice);
  write_all("srtp", kBySrtp, connections.by_srtp);
  const auto write_rows = [&](std::string_view layer, const auto& rows) {
    for (const auto& [reason, count] : rows) write(layer, reason, count);
  };
  const auto& dtls = connections.by_dtls;
  write_rows("dtls", Rows<4>{{{"not-dtls", dtls.not_dtls},
                              {"too-early", dtls.too_early},
                              {"ended", dtls.ended},
                              {"early-data", dtls.early_data}}});
  write("rtcp", "malformed", connections.malformed_rtcp);
  const auto& sctp = connections.by_sctp;
  write_rows("sctp", Rows<11>{{{"malformed", sctp.malformed},
                               {"bad-checksum", sctp.bad_checksum},
                               {"wrong-tag", sctp.wrong_tag},
                               {"bad-cookie", sctp.bad_cookie},
                               {"unknown-chunk", sctp.unknown_chunk},
                               {"out-of-window", sctp.out_of_window},
                               {"bad-stream", sctp.bad_stream},
                               {"bad-sack", sctp.bad_sack},
                               {"duplicate", sctp.duplicate},
                               {"abandoned", sctp.abandoned},
                               {"not-agreed", sctp.not_agreed}}});
  const auto& channels = connections.by_channels;
  write_rows("data-channels", Rows<4>{{{"malformed", channels.malformed},
                                       {"no-channel", channels.no_channel},
                                       {"unknown-ppid", channels.unknown_ppid},
                                       {"refused-open", channels.refused_opens}}});
}

}  // namespace

void write_connections(ByWorker& by) {
  by.gauges("sfu_connections", "Connections of participants now, by state.", "state",
            [](const MediaCounters& one) {
              const sfu::Node::Links& links = one.node.links;
              return Rows<3>{{{"connecting", links.connecting},
                              {"connected", links.connected},
                              {"disconnected", links.disconnected}}};
            });
  by.gauges(
      "sfu_paths", "Those for which ICE has selected a path, by its kind.", "path",
      [](const MediaCounters& one) {
        const sfu::Node::Links& links = one.node.links;
        return Rows<3>{{{"udp-v4", links.udp_v4}, {"udp-v6", links.udp_v6}, {"tcp", links.tcp}}};
      });
  by.counters("sfu_connection_events", "What happened to connections.", "event",
              [](const MediaCounters& one) {
                const sfu::ConnectionCounters& all = one.node.connection;
                return Rows<4>{{{"connected", all.connected},
                                {"disconnected", all.disconnected},
                                {"ice-restart", all.ice_restarts},
                                {"path-changed", all.path_changes}}};
              });
  by.counters("sfu_connections_ended", "Connections that the server did not end, by reason.",
              "reason", [](const MediaCounters& one) {
                using enum sfu::Ending;
                const sfu::ConnectionCounters& all = one.node.connection;
                return Rows<sfu::kEndings>{{{"never-connected", all.ended_by(kNeverConnected)},
                                            {"closed", all.ended_by(kClosed)},
                                            {"no-consent", all.ended_by(kNoConsent)},
                                            {"dtls-fingerprint", all.ended_by(kFingerprint)},
                                            {"dtls-timeout", all.ended_by(kDtlsTimeout)},
                                            {"dtls-alert", all.ended_by(kAlert)},
                                            {"dtls-protocol", all.ended_by(kDtlsProtocol)}}};
              });
  by.metrics().counter("sfu_connection_drops",
                       "What the layers of connections dropped, by layer and reason.");
  by.each([&](const std::string& worker, const MediaCounters& one) {
    write_drops_of_layers(by.metrics(), worker, one.node.connection);
  });
  by.counter("sfu_ignored_feedback", "What receivers said of packets that made no sense.",
             [](const MediaCounters& one) { return one.node.downlink.ignored_feedback; });
}

}  // namespace parley::server
