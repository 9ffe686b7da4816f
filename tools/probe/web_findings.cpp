#include <fmt/core.h>

#include <utility>

#include "net/address.h"
#include "probe/findings.h"
#include "probe/url.h"

namespace parley::probe {
namespace {

using enum Finding::Weight;

// A browser asks for a new certificate about a month before the end.
constexpr std::int64_t kFewDays = 14;

bool is_this_computer(const Web& web) {
  const auto ip = net::IpAddress::parse(web.host);
  return web.host == "localhost" || web.host.ends_with(".localhost") || (ip && ip->is_loopback());
}

Finding unreached(const Web& web) {
  if (web.addresses.empty()) {
    return {kBreaks,
            fmt::format("The name {} stands for no address: {}.", web.host, web.problem),
            {"Check the spelling, and the A and AAAA records of the name."}};
  }
  return {kBreaks,
          fmt::format("Nothing answers in HTTP at {}: {}.", host_and_port(web.host, web.port),
                      web.problem),
          {"On the server: is `parley serve` running, and does it listen there (http.listen, "
           "https.listen)?",
           fmt::format("ufw allow {}/tcp", web.port),
           fmt::format("In the firewall of this network: let TCP to {} out.",
                       host_and_port(web.host, web.port))}};
}

Finding bad_certificate(const Web& web, const Certificate& certificate) {
  const std::string why = certificate.days_left < 0 ? "it has expired"
                          : certificate.self_signed ? "it is self-signed"
                                                    : certificate.problem;
  return {kBreaks,
          fmt::format("The certificate is not valid for {}: {}.", web.host, why),
          {"https.certificate = \"/etc/letsencrypt/live/" + web.host + "/fullchain.pem\"",
           "https.key = \"/etc/letsencrypt/live/" + web.host + "/privkey.pem\"",
           "Or, if you know it, give it to --ca."}};
}

void judge_certificate(const Report& report, std::vector<Finding>& findings) {
  const Web& web = report.web;
  if (!web.secure) {
    if (is_this_computer(web)) return;
    findings.push_back({kRestricts,
                        "This is plain HTTP: browsers give their camera and microphone to HTTPS "
                        "alone.",
                        {"Use the https:// address of the server (https.listen, "
                         "https.certificate)."}});
    return;
  }
  if (!web.certificate || report.insecure) return;
  const Certificate& certificate = *web.certificate;
  if (!certificate.problem.empty()) {
    findings.push_back(bad_certificate(web, certificate));
  } else if (certificate.days_left < kFewDays) {
    findings.push_back({kNote,
                        fmt::format("The certificate ends in {} days.", certificate.days_left),
                        {"Renew it, and send SIGHUP to the server."}});
  }
}

void judge_websockets(const Web& web, std::vector<Finding>& findings) {
  if (web.websockets == WebSockets::kOnlyPolling) {
    findings.push_back(
        {kRestricts,
         "WebSockets do not get through, only long-polling: a proxy on the way stops them.",
         {"proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header "
          "Connection \"upgrade\";"}});
  } else if (web.websockets == WebSockets::kNeither) {
    findings.push_back({kBreaks,
                        "The page answers, but its signalling does not: neither WebSockets nor "
                        "long-polling.",
                        {"Is this the address of a Parley server? A proxy in front of it must "
                         "pass /ws and /socket.io/ on."}});
  }
}

}  // namespace

std::vector<Finding> web_findings(const Report& report) {
  if (!report.web.reached) return {unreached(report.web)};
  std::vector<Finding> findings;
  judge_certificate(report, findings);
  judge_websockets(report.web, findings);
  if (!report.doctor) {
    findings.push_back(
        {kNote, fmt::format("The server does not tell how calls reach it ({}), so we tried "
                            "STUN alone.",
                            report.doctor_problem)});
  }
  return findings;
}

}  // namespace parley::probe
