// What the media ports have answered.
#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <string_view>

#include "probe/findings.h"

namespace parley::probe {
namespace {

using enum Finding::Weight;
using Ports = std::set<std::uint16_t>;

// Ports in a row, from the first to the last.
struct Run {
  std::uint16_t first = 0;
  std::uint16_t last = 0;
};

std::vector<Run> runs_of(const Ports& ports) {
  std::vector<Run> runs;
  for (const std::uint16_t port : ports) {
    if (!runs.empty() && runs.back().last + 1 == port) {
      runs.back().last = port;
    } else {
      runs.push_back({port, port});
    }
  }
  return runs;
}

std::string to_text(const Run& run, std::string_view between) {
  return run.first == run.last ? std::to_string(run.first)
                               : fmt::format("{}{}{}", run.first, between, run.last);
}

std::string to_text(const Ports& ports) {
  std::string text;
  for (const Run& run : runs_of(ports)) {
    text += (text.empty() ? "" : ", ") + to_text(run, " to ");
  }
  return text;
}

// One family of addresses, and one way to them.
struct Side {
  bool v4 = true;
  Way way = Way::kUdp;
  net::IpAddress ip = {};  // The first that was asked.
  Ports asked = {};
  Ports open = {};

  Ports shut() const {
    Ports ports = asked;
    std::erase_if(ports, [&](std::uint16_t port) { return open.contains(port); });
    return ports;
  }
};

// A port is open where any address of the family answers: behind a one-to-one NAT not all can be
// reached from everywhere.
Side side_of(const Report& report, bool v4, Way way) {
  Side side{.v4 = v4, .way = way};
  for (const PortReport& port : report.media) {
    if (port.way != way || port.server.ip.is_v4() != v4 || port.no_route) continue;
    if (side.asked.empty()) side.ip = port.server.ip;
    side.asked.insert(port.server.port);
    if (port.reached()) side.open.insert(port.server.port);
  }
  return side;
}

bool are_open(const Ports& ports, const std::vector<Side>& sides, Way way) {
  return std::ranges::all_of(ports, [&](std::uint16_t port) {
    return std::ranges::any_of(
        sides, [&](const Side& side) { return side.way == way && side.open.contains(port); });
  });
}

bool relays_somehow(const Report& report) {
  return std::ranges::any_of(report.paths, [](const PathReport& path) {
    return path.announced && path.quality && path.quality->received > 0;
  });
}

std::vector<std::string> opening(const Side& side, const Ports& shut) {
  std::vector<std::string> remedies;
  const std::string_view protocol = side.way == Way::kUdp ? "udp" : "tcp";
  for (const Run& run : runs_of(shut)) {
    remedies.push_back(fmt::format("ufw allow {}/{}", to_text(run, ":"), protocol));
  }
  remedies.push_back(fmt::format("In the firewall of this network: let {} to {}, port{} {}, out.",
                                 to_string(side.way), side.ip.to_string(),
                                 shut.size() == 1 ? "" : "s", to_text(shut)));
  return remedies;
}

// How bad it is, and what it means.
std::pair<Finding::Weight, std::string> effect_of(const Side& side, const Ports& shut,
                                                  const std::vector<Side>& sides,
                                                  const Report& report) {
  const std::string_view other = side.v4 ? "IPv6" : "IPv4";
  if (are_open(shut, sides, side.way)) {
    return {kNote, fmt::format("They do over {}, which meetings take then.", other)};
  }
  const bool relays = relays_somehow(report);
  if (side.way == Way::kTcp) {
    return {kNote, relays ? "Who has no UDP gets there by the relay."
                          : "Who has no UDP finds no way into meetings there."};
  }
  if (are_open(shut, sides, Way::kTcp)) {
    return {kRestricts, "Meetings there go by TCP, where each lost packet delays those behind it."};
  }
  if (relays) return {kRestricts, "Meetings there go by the relay, which costs the server twice."};
  return {kBreaks, "Meetings there find no way."};
}

Finding finding_of(const Side& side, const std::vector<Side>& sides, const Report& report) {
  const Ports shut = side.shut();
  const auto [weight, effect] = effect_of(side, shut, sides, report);
  const std::string which =
      side.open.empty()  ? fmt::format("No media port of {} answers", side.ip.to_string())
      : shut.size() == 1 ? fmt::format("A media port of {} does not answer", side.ip.to_string())
                         : fmt::format("Some media ports of {} do not answer", side.ip.to_string());
  return {weight,
          fmt::format("{} by {}: {}. {}", which, to_string(side.way), to_text(shut), effect),
          opening(side, shut)};
}

}  // namespace

std::vector<Finding> port_findings(const Report& report) {
  std::vector<Side> sides;
  for (const bool v4 : {true, false}) {
    for (const Way way : {Way::kUdp, Way::kTcp}) {
      auto side = side_of(report, v4, way);
      if (!side.asked.empty()) sides.push_back(std::move(side));
    }
  }
  std::vector<Finding> findings;
  for (const Side& side : sides) {
    if (!side.shut().empty()) findings.push_back(finding_of(side, sides, report));
  }
  if (findings.empty() && !sides.empty()) {
    findings.push_back({kGood, fmt::format("Every media port answers, by UDP and by TCP: {}.",
                                           to_text(sides.front().asked))});
  }
  return findings;
}

}  // namespace parley::probe
