#include "probe/web_probe.h"

#include <fmt/core.h>

#include <utility>

#include "probe/doctor.h"
#include "probe/http_client.h"
#include "probe/resolve.h"

namespace parley::probe {
namespace {

constexpr int kSwitchingProtocols = 101;
constexpr int kOk = 200;
constexpr int kUnauthorized = 401;

HttpRequest request_of(const WebUrl& url, const Options& options, std::string_view path,
                       bool verify) {
  return {.url = url.to_string() + std::string(path), .ca_file = options.ca_file, .verify = verify};
}

void take_doctor(const HttpAnswer& answer, Report& report) {
  if (answer.status != kOk) {
    report.doctor_problem = answer.status == kUnauthorized
                                ? "it tells only who is signed in"
                                : fmt::format("/api/doctor answers {}", answer.status);
    return;
  }
  auto doctor = parse_doctor(answer.body);
  if (doctor) {
    report.doctor = *std::move(doctor);
  } else {
    report.doctor_problem = doctor.error();
  }
}

WebSockets try_websockets(const WebUrl& url, const Options& options, bool verify) {
  auto upgrade = request_of(url, options, "/socket.io/?EIO=4&transport=websocket", verify);
  upgrade.upgrade = true;
  upgrade.headers = {"Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
                     "Sec-WebSocket-Key: cGFybGV5IHByb2JlIHBpbg=="};
  if (get(upgrade).status == kSwitchingProtocols) return WebSockets::kWork;
  const auto polling = get(request_of(url, options, "/socket.io/?EIO=4&transport=polling", verify));
  return polling.status == kOk && polling.body.starts_with("0{") ? WebSockets::kOnlyPolling
                                                                 : WebSockets::kNeither;
}

}  // namespace

void probe_web(const WebUrl& url, const Options& options, const Progress& progress,
               Report& report) {
  Web& web = report.web;
  web = {.url = url.to_string(), .host = url.host, .port = url.port, .secure = url.secure};
  report.insecure = options.insecure;
  progress("looking up " + url.host);
  auto addresses = resolve(url.host);
  if (!addresses) {
    web.problem = addresses.error();
    return;
  }
  web.addresses = *std::move(addresses);
  progress("asking " + web.url);
  bool verify = !options.insecure;
  auto answer = get(request_of(url, options, "/api/doctor", verify));
  std::string distrust;
  if (answer.failure == HttpAnswer::Failure::kCertificate) {
    // What is behind it may still be told.
    distrust = answer.problem;
    verify = false;
    answer = get(request_of(url, options, "/api/doctor", verify));
  }
  web.certificate = answer.certificate;
  if (web.certificate) web.certificate->problem = distrust;
  web.reached = answer.status != 0;
  web.problem = answer.problem;
  if (!web.reached) return;
  web.remote = answer.remote;
  web.round_trip = answer.round_trip;
  take_doctor(answer, report);
  progress("trying WebSockets");
  web.websockets = try_websockets(url, options, verify);
}

}  // namespace parley::probe
