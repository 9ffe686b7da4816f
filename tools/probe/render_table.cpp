#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "probe/render.h"
#include "probe/url.h"

namespace parley::probe {
namespace {

double in_ms(Duration duration) {
  return static_cast<double>(duration.count()) / 1'000;
}

std::string milliseconds(const std::optional<Duration>& duration) {
  return duration ? fmt::format("{:.1f} ms", in_ms(*duration)) : "-";
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const auto& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all.empty() ? "none" : all;
}

std::string bandwidth_of(const Quality& quality) {
  const double mbit = quality.bandwidth.in_kbps() / 1'000;
  return fmt::format("{}{:.1f} Mbit/s", quality.is_at_least ? ">= " : "", mbit);
}

std::string certificate_line(const Report& report) {
  const Certificate& certificate = *report.web.certificate;
  const std::string state = report.insecure               ? "not judged"
                            : certificate.problem.empty() ? "valid"
                                                          : "NOT VALID: " + certificate.problem;
  return fmt::format("{}, {} days left{}", state, certificate.days_left,
                     certificate.self_signed ? ", self-signed" : "");
}

void add_web(std::string& out, const Report& report) {
  const Web& web = report.web;
  std::vector<std::string> addresses;
  for (const auto& ip : web.addresses) addresses.push_back(ip.to_string());
  out += fmt::format("{}\n", web.url);
  out += fmt::format("  addresses    {}\n", joined(addresses));
  out += fmt::format("  page         {}\n", web.reached
                                                ? "answers after " + milliseconds(web.round_trip)
                                                : "does not answer: " + web.problem);
  if (web.certificate) out += fmt::format("  certificate  {}\n", certificate_line(report));
  if (web.reached) out += fmt::format("  WebSockets   {}\n", to_string(web.websockets));
}

void add_path(std::string& out, const PathReport& path) {
  const auto place = fmt::format("{}{}", path.server.to_string(), path.announced ? "" : " *");
  out += fmt::format("  {:<4} {:<28}", to_string(path.way), place);
  if (!path.local) {
    out += fmt::format(" {}\n", path.problem);
    return;
  }
  out += fmt::format(" {:>9}", path.reached() ? milliseconds(path.round_trip) : "no answer");
  out += fmt::format(" {:>9}", !path.relays ? "-" : path.relayed ? "yes" : "no");
  if (path.quality && path.quality->received > 0) {
    const Quality& quality = *path.quality;
    out += fmt::format(" {:>9} {:>8} {:>5.1f}% {:>14}", milliseconds(quality.round_trip),
                       milliseconds(quality.jitter), quality.loss() * 100, bandwidth_of(quality));
  }
  out += "\n";
  if (!path.problem.empty()) out += fmt::format("       {}\n", path.problem);
}

void add_paths(std::string& out, const Report& report) {
  if (report.paths.empty()) return;
  out += fmt::format("\n  {:<4} {:<28} {:>9} {:>9} {:>9} {:>8} {:>6} {:>14}\n", "by", "server",
                     "STUN", "relay", "round", "jitter", "loss", "bandwidth");
  bool any_unannounced = false;
  for (const PathReport& path : report.paths) {
    add_path(out, path);
    any_unannounced |= !path.announced;
  }
  if (any_unannounced) out += "  * is not announced to clients; tried to find out what is wrong.\n";
  out += fmt::format("\n  candidates   {}\n", joined(candidate_types(report)));
}

std::string plain_words(Mapping mapping) {
  switch (mapping) {
    case Mapping::kNone: return "there is no NAT on the way";
    case Mapping::kEndpointIndependent:
      return "a NAT that keeps one port for a socket, whoever it talks to: direct calls connect "
             "with most";
    case Mapping::kAddressDependent:
      return "a \"symmetric\" NAT, with another port for each address: direct calls mostly do not "
             "connect, the relay helps";
    case Mapping::kIndependent:
      return "a NAT that keeps one port for a socket: direct calls mostly connect";
    case Mapping::kDependent:
      return "a \"symmetric\" NAT, with another port for each destination: direct calls mostly do "
             "not connect, the relay helps";
    case Mapping::kUnknown: break;
  }
  return "it could not be found out";
}

std::string_view plain_words(Filtering filtering) {
  switch (filtering) {
    case Filtering::kEndpointIndependent: return "gets in: whoever knows the port";
    case Filtering::kAddressDependent:
      return "gets in: who was written to, from any of their ports";
    case Filtering::kStrict: return "gets in: who was written to, from that port alone";
    case Filtering::kOpen:  // It is not known from where else.
    case Filtering::kUnknown: break;
  }
  return "";
}

void add_nat(std::string& out, std::string_view name, const Nat& nat) {
  out += fmt::format("  {:<12} {}\n", name, plain_words(nat.mapping));
  if (nat.mapping == Mapping::kUnknown) return;
  if (const auto words = plain_words(nat.filtering); !words.empty()) {
    out += fmt::format("               {}\n", words);
  }
  out += fmt::format("               RFC 4787: {}", to_string(nat.mapping));
  if (nat.filtering != Filtering::kUnknown) out += fmt::format(", {}", to_string(nat.filtering));
  out += "\n";
}

void add_nats(std::string& out, const Report& report) {
  const bool both = report.nat4 && report.nat6;
  if (report.nat4 || !report.nat6) {
    add_nat(out, both ? "NAT, IPv4" : "NAT", report.nat4.value_or(Nat()));
  }
  if (report.nat6) add_nat(out, both ? "NAT, IPv6" : "NAT", *report.nat6);
}

// A line for each address and way.
void add_media(std::string& out, const Report& report) {
  for (std::size_t i = 0; i < report.media.size(); ++i) {
    const PortReport& first = report.media[i];
    const auto is_like = [&](const PortReport& port) {
      return port.way == first.way && port.server.ip == first.server.ip;
    };
    if (std::ranges::any_of(std::span(report.media).first(i), is_like)) continue;
    const auto asked = std::ranges::count_if(report.media, is_like);
    const auto open = std::ranges::count_if(
        report.media, [&](const PortReport& port) { return is_like(port) && port.reached(); });
    const auto state =
        first.no_route ? first.problem : fmt::format("{} of {} ports answer", open, asked);
    out += fmt::format("  {:<12} {} to {}: {}\n", i == 0 ? "media" : "", to_string(first.way),
                       first.server.ip.to_string(), state);
  }
}

std::string_view mark(Finding::Weight weight) {
  switch (weight) {
    case Finding::Weight::kGood: return "+";
    case Finding::Weight::kNote: return "-";
    case Finding::Weight::kRestricts: return "!";
    case Finding::Weight::kBreaks: break;
  }
  return "X";
}

}  // namespace

std::string render_table(const Report& report, const Verdict& verdict) {
  std::string out;
  add_web(out, report);
  add_paths(out, report);
  if (!report.paths.empty()) add_nats(out, report);
  add_media(out, report);
  out += fmt::format("\n{}\n", verdict.summary);
  for (const Finding& finding : verdict.findings) {
    out += fmt::format("{} {}\n", mark(finding.weight), finding.sentence);
    for (const auto& remedy : finding.remedies) out += fmt::format("    {}\n", remedy);
  }
  return out;
}

}  // namespace parley::probe
