#include "probe/render.h"

namespace parley::probe {
namespace {

Json milliseconds(const std::optional<Duration>& duration) {
  if (!duration) return {};
  return static_cast<double>(duration->count()) / 1'000;
}

template <class Address>
Json address(const std::optional<Address>& value) {
  return value ? Json(value->to_string()) : Json();
}

Json texts(const std::vector<std::string>& list) {
  return Json::Array(list.begin(), list.end());
}

Json number(std::size_t value) {
  return static_cast<std::int64_t>(value);
}

std::string_view word(WebSockets websockets) {
  switch (websockets) {
    case WebSockets::kWork: return "websocket";
    case WebSockets::kOnlyPolling: return "polling";
    case WebSockets::kNeither: return "none";
    case WebSockets::kUnknown: break;
  }
  return "unknown";
}

Json certificate_json(const Web& web) {
  if (!web.certificate) return {};
  const Certificate& certificate = *web.certificate;
  return Json::Object{{"subject", certificate.subject},
                      {"issuer", certificate.issuer},
                      {"daysLeft", certificate.days_left},
                      {"selfSigned", certificate.self_signed},
                      {"problem", certificate.problem}};
}

Json web_json(const Web& web) {
  Json::Array addresses;
  for (const auto& ip : web.addresses) addresses.push_back(ip.to_string());
  return Json::Object{{"addresses", std::move(addresses)},
                      {"reached", web.reached},
                      {"problem", web.problem},
                      {"remote", address(web.remote)},
                      {"roundTrip", milliseconds(web.round_trip)},
                      {"certificate", certificate_json(web)},
                      {"signalling", word(web.websockets)}};
}

Json quality_json(const std::optional<Quality>& quality) {
  if (!quality) return {};
  return Json::Object{{"sent", number(quality->sent)},
                      {"received", number(quality->received)},
                      {"loss", quality->loss()},
                      {"roundTrip", milliseconds(quality->round_trip)},
                      {"jitter", milliseconds(quality->jitter)},
                      {"bitrate", quality->bandwidth.in_bps()},
                      {"bitrateIsAtLeast", quality->is_at_least}};
}

Json path_json(const PathReport& path) {
  const std::string_view way = path.way == Way::kUdp   ? "udp"
                               : path.way == Way::kTcp ? "tcp"
                                                       : "tls";
  return Json::Object{{"way", way},
                      {"server", path.server.to_string()},
                      {"announced", path.announced},
                      {"reached", path.reached()},
                      {"local", address(path.local)},
                      {"mapped", address(path.mapped)},
                      {"roundTrip", milliseconds(path.round_trip)},
                      {"relayed", address(path.relayed)},
                      {"quality", quality_json(path.quality)},
                      {"problem", path.problem}};
}

Json port_json(const PortReport& port) {
  return Json::Object{{"way", port.way == Way::kUdp ? "udp" : "tcp"},
                      {"server", port.server.to_string()},
                      {"reached", port.reached()},
                      {"roundTrip", milliseconds(port.round_trip)},
                      {"problem", port.problem}};
}

Json nat_json(const std::optional<Nat>& nat) {
  if (!nat) return {};
  return Json::Object{{"mapping", to_string(nat->mapping)},
                      {"filtering", to_string(nat->filtering)}};
}

// That of IPv4, or of a computer or server without it, of IPv6.
const std::optional<Nat>& first_nat(const Report& report) {
  return report.nat4 ? report.nat4 : report.nat6;
}

Json findings_json(const Verdict& verdict) {
  Json::Array findings;
  for (const Finding& finding : verdict.findings) {
    findings.push_back(Json::Object{{"weight", to_string(finding.weight)},
                                    {"sentence", finding.sentence},
                                    {"remedies", texts(finding.remedies)}});
  }
  return findings;
}

}  // namespace

Json render_json(const Report& report, const Verdict& verdict) {
  Json::Array paths;
  for (const PathReport& path : report.paths) paths.push_back(path_json(path));
  Json::Array media;
  for (const PortReport& port : report.media) media.push_back(port_json(port));
  return Json::Object{{"url", report.web.url},
                      {"status", to_string(verdict.status)},
                      {"summary", verdict.summary},
                      {"findings", findings_json(verdict)},
                      {"web", web_json(report.web)},
                      {"doctor", report.doctor.has_value()},
                      {"paths", std::move(paths)},
                      {"media", std::move(media)},
                      {"nat", nat_json(first_nat(report).value_or(Nat()))},
                      {"nat6", nat_json(report.nat6)},
                      {"candidates", texts(candidate_types(report))}};
}

}  // namespace parley::probe
