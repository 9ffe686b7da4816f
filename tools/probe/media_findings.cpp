#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "probe/findings.h"
#include "probe/url.h"

namespace parley::probe {
namespace {

using enum Finding::Weight;

constexpr double kMuchLoss = 0.03;  // Speech suffers above it.
constexpr auto kLittleBandwidth = DataRate::kbps(1'000);

// What there is to know before anything can be said.
struct Reach {
  const PathReport* udp = nullptr;        // An announced one that answers.
  const PathReport* relay_udp = nullptr;  // Packets come through it. So for each.
  const PathReport* relay_tcp = nullptr;
  const PathReport* relay_tls = nullptr;
  const PathReport* unannounced = nullptr;  // Answers, though nobody is told of it.
  bool any_announced = false;
  bool any_relay = false;  // Announced.

  const PathReport*& relay_of(Way way) {
    return way == Way::kUdp ? relay_udp : way == Way::kTcp ? relay_tcp : relay_tls;
  }
  const PathReport* relay_of(Way way) const { return Reach(*this).relay_of(way); }
  bool relayed_somehow() const {
    return relay_udp != nullptr || relay_tcp != nullptr || relay_tls != nullptr;
  }
  const PathReport* best() const {
    return relay_udp != nullptr ? relay_udp : relay_tcp != nullptr ? relay_tcp : relay_tls;
  }
};

Reach reach_of(const Report& report) {
  Reach reach;
  for (const PathReport& path : report.paths) {
    if (!path.announced) {
      if (path.reached()) reach.unannounced = &path;
      continue;
    }
    reach.any_announced = true;
    reach.any_relay |= path.relays;
    if (path.way == Way::kUdp && path.reached() && reach.udp == nullptr) reach.udp = &path;
    if (!path.quality || path.quality->received == 0) continue;
    const PathReport*& relay = reach.relay_of(path.way);
    if (relay == nullptr) relay = &path;
  }
  return reach;
}

// IPv4 decides: by that everybody can be met.
bool is_behind_symmetric_nat(const Report& report) {
  const auto& nat = report.nat4 ? report.nat4 : report.nat6;
  return nat && is_symmetric(nat->mapping);
}

std::string protocol_of(Way way) {
  return way == Way::kUdp ? "udp" : "tcp";
}

// What has to be let through for the announced paths of a way, on both sides of it.
std::vector<std::string> opening(const Report& report, Way way) {
  std::vector<std::string> remedies;
  const auto add = [&](std::string remedy) {
    if (std::ranges::find(remedies, remedy) == remedies.end()) remedies.push_back(remedy);
  };
  for (const PathReport& path : report.paths) {
    if (path.way != way || !path.announced) continue;
    add(fmt::format("ufw allow {}/{}", path.server.port, protocol_of(way)));
  }
  for (const PathReport& path : report.paths) {
    if (path.way != way || !path.announced || path.reached()) continue;
    add(fmt::format("In the firewall of this network: let {} to {} out.",
                    way == Way::kUdp ? "UDP" : "TCP", path.server.to_string()));
  }
  return remedies;
}

std::string public_address_line(const Report& report) {
  return fmt::format("public_address = \"{}\"", report.web.remote->to_string());
}

// The server tells clients an address that is not the one by which it can be reached.
bool judge_announced(const Report& report, const Reach& reach, std::vector<Finding>& findings) {
  if (reach.udp != nullptr || reach.unannounced == nullptr || !reach.any_announced) return false;
  const auto wrong =
      std::ranges::find_if(report.paths, [](const auto& path) { return path.announced; });
  findings.push_back(
      {reach.relayed_somehow() ? kRestricts : kBreaks,
       fmt::format("The server announces {}, which does not answer, but {} does: the announced "
                   "address is wrong.",
                   wrong->server.to_string(), reach.unannounced->server.to_string()),
       {public_address_line(report)}});
  return true;
}

// A relay behind a one-to-one NAT that does not know its outer address.
void judge_relayed(const Report& report, std::vector<Finding>& findings) {
  for (const PathReport& path : report.paths) {
    if (!path.relayed || !path.relayed->ip.is_private() || path.server.ip.is_private() ||
        path.server.ip.is_loopback()) {
      continue;
    }
    findings.push_back({kBreaks,
                        fmt::format("The relay gives out {}, which is private: nobody outside of "
                                    "the server's network can send there.",
                                    path.relayed->ip.to_string()),
                        {fmt::format("public_address = \"{}\"", path.server.ip.to_string())}});
    return;
  }
}

void judge_nothing(const Report& report, std::vector<Finding>& findings) {
  auto remedies = opening(report, Way::kUdp);
  if (report.doctor && !report.doctor->single_port) {
    remedies.push_back("single_port = true");
    remedies.push_back(
        "With it calls pass on the port of the page, which this network lets through.");
  } else {
    for (auto& remedy : opening(report, Way::kTcp)) remedies.push_back(std::move(remedy));
    for (auto& remedy : opening(report, Way::kTls)) remedies.push_back(std::move(remedy));
  }
  findings.push_back(
      {kBreaks,
       "The page works, but sound and picture find no way: no UDP port of the server "
       "answers, and neither does a relay by TCP or TLS.",
       std::move(remedies)});
}

void judge_udp(const Report& report, const Reach& reach, std::vector<Finding>& findings) {
  if (reach.udp != nullptr) {
    findings.push_back(
        {kGood, fmt::format("UDP gets through to {}.", reach.udp->server.to_string())});
    return;
  }
  if (!reach.relayed_somehow()) return judge_nothing(report, findings);
  const bool by_tls_alone = reach.relay_tcp == nullptr;
  findings.push_back({kRestricts,
                      fmt::format("UDP is blocked: no UDP port of the server answers. Calls go by "
                                  "{}, where each lost packet delays those behind it.",
                                  by_tls_alone ? "TLS alone" : "TCP"),
                      opening(report, Way::kUdp)});
}

// A relay that is there, but not for us.
void judge_relay(const Report& report, const Reach& reach, std::vector<Finding>& findings) {
  if (!reach.any_relay) {
    if (!report.doctor) return;
    const bool is_needed = is_behind_symmetric_nat(report);
    findings.push_back({is_needed ? kRestricts : kNote,
                        "The server has no relay: people behind strict NATs or firewalls do not "
                        "connect to each other.",
                        {"turn.enabled = true"}});
    return;
  }
  for (const PathReport& path : report.paths) {
    if (!path.relays || path.problem.empty()) continue;
    const bool had_no_chance = !path.local.has_value();
    if (had_no_chance || (path.way == Way::kUdp && reach.udp == nullptr)) continue;
    const bool is_missed = reach.relay_udp == nullptr && reach.relay_of(path.way) == nullptr;
    findings.push_back({is_missed ? kRestricts : kNote,
                        fmt::format("The relay by {} at {} does not work: {}", to_string(path.way),
                                    path.server.to_string(), path.problem),
                        path.reached() ? std::vector<std::string>{} : opening(report, path.way)});
  }
}

void judge_quality(const Reach& reach, std::vector<Finding>& findings) {
  const PathReport* best = reach.best();
  if (best == nullptr) return;
  const Quality& quality = *best->quality;
  if (quality.loss() > kMuchLoss) {
    findings.push_back({kRestricts,
                        fmt::format("{:.0f} % of the packets by {} are lost.", quality.loss() * 100,
                                    to_string(best->way)),
                        {"Nearer to the access point, or by cable, is it better?"}});
  }
  if (quality.bandwidth < kLittleBandwidth) {
    findings.push_back(
        {kRestricts, fmt::format("Only {} kbit/s get through by {}: too little for video.",
                                 quality.bandwidth.in_bps() / 1'000, to_string(best->way))});
  }
}

void judge_nat(const Report& report, const Reach& reach, std::vector<Finding>& findings) {
  if (is_behind_symmetric_nat(report)) {
    findings.push_back({reach.relayed_somehow() ? kNote : kRestricts,
                        "The router here is a \"symmetric NAT\": it gives each destination another "
                        "port, so two people behind such routers meet through the relay alone."});
  } else if (report.nat4 && report.nat6 && is_symmetric(report.nat6->mapping)) {
    findings.push_back({kNote,
                        "The router here is a \"symmetric NAT\" for IPv6, though not for IPv4, by "
                        "which direct calls then go."});
  }
}

}  // namespace

std::vector<Finding> media_findings(const Report& report) {
  std::vector<Finding> findings;
  const Reach reach = reach_of(report);
  if (report.doctor && !reach.any_announced) {
    findings.push_back({kRestricts,
                        "The server offers neither STUN nor a relay: only people in one network "
                        "connect to each other.",
                        {"stun.listen = \"[::]:3478\"", "turn.enabled = true"}});
  } else if (!judge_announced(report, reach, findings) && reach.any_announced) {
    judge_udp(report, reach, findings);
    judge_relay(report, reach, findings);
  } else if (!reach.any_announced && reach.unannounced == nullptr) {
    findings.push_back(
        {kBreaks, "STUN is not answered on UDP port 3478 of the server.", {"ufw allow 3478/udp"}});
  }
  judge_relayed(report, findings);
  judge_quality(reach, findings);
  judge_nat(report, reach, findings);
  if (report.doctor) {
    for (const auto& warning : report.doctor->warnings) {
      findings.push_back({kNote, "The server itself warns: " + warning});
    }
  }
  return findings;
}

}  // namespace parley::probe
