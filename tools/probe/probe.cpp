#include "probe/probe.h"

#include <fmt/core.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>
#include <utility>

#include "base/log.h"
#include "base/overloaded.h"
#include "crypto/system_random.h"
#include "io/driver.h"
#include "probe/path_probe.h"
#include "probe/plan.h"
#include "probe/port_probe.h"
#include "probe/port_wire.h"
#include "probe/render.h"
#include "probe/resolve.h"
#include "probe/url.h"
#include "probe/verdict.h"
#include "probe/wire.h"

namespace parley::probe {
namespace {

// One PathProbe over real sockets, from start to end.
class PathRun {
 public:
  PathRun(const Endpoint& endpoint, const PathProbe::Config& config)
      : endpoint_(endpoint), probe_(config, random_), driver_(loop_, probe_, [this](auto output) {
          std::visit([this](const auto& event) { on(event); }, output);
        }) {}

  void run() {
    probe_.start(driver_.now());
    driver_.settle();
    loop_.run();
  }

  const PathProbe& probe() const { return probe_; }

 private:
  void on(const PathProbe::Open& open) {
    wires_[std::to_underlying(open.wire)] = std::make_unique<SocketWire>(
        loop_, endpoint_, open.wire,
        [this](PathProbe::Input input) { driver_.handle_input(std::move(input)); });
  }
  void on(const PathProbe::Send& send) {
    auto& wire = wires_[std::to_underlying(send.wire)];
    if (wire != nullptr) wire->send(send.to, send.packet);
  }
  void on(const PathProbe::Done&) { loop_.stop(); }

  crypto::SystemRandom random_;
  io::EventLoop loop_;
  Endpoint endpoint_;
  PathProbe probe_;
  io::Driver<PathProbe> driver_;
  std::array<std::unique_ptr<SocketWire>, 2> wires_;
};

// One PortProbe over real sockets, from start to end.
class PortRun {
 public:
  PortRun(std::vector<net::SocketAddress> ports, const net::IpAddress& local)
      : ports_(std::move(ports)),
        probe_({.ports = ports_}, random_),
        driver_(
            loop_, probe_,
            [this](auto output) { std::visit([this](const auto& event) { on(event); }, output); }),
        wire_(loop_, local,
              [this](PortProbe::Input input) { driver_.handle_input(std::move(input)); }) {}

  std::vector<PortReport> run() {
    probe_.start(driver_.now());
    driver_.settle();
    loop_.run();
    return probe_.result();
  }

 private:
  void on(const PortProbe::Connect& connect) { wire_.connect(connect.port, ports_[connect.port]); }
  void on(const PortProbe::SendDatagram& send) { wire_.send(send.to, send.packet); }
  void on(const PortProbe::SendData& send) { wire_.send(send.port, send.bytes); }
  void on(const PortProbe::Done&) { loop_.stop(); }

  crypto::SystemRandom random_;
  io::EventLoop loop_;
  std::vector<net::SocketAddress> ports_;
  PortProbe probe_;
  io::Driver<PortProbe> driver_;
  PortWire wire_;
};

std::expected<std::shared_ptr<const tls::Context>, std::string> trust_of(const Options& options) {
  tls::Verify verify;
  if (options.insecure) verify.by = tls::Verify::By::kNobody;
  if (!options.ca_file.empty()) {
    std::ifstream file(options.ca_file);
    std::stringstream text;
    text << file.rdbuf();
    if (!file) return std::unexpected("--ca: " + options.ca_file + " cannot be read.");
    verify = {.by = tls::Verify::By::kRoots, .pem = text.str()};
  }
  return tls::Context::for_clients(verify);
}

// The first probe of UDP over a family that finds it out decides.
void take_nat(const PathReport& path, const Nat& found, Report& report) {
  if (path.way != Way::kUdp || !path.reached()) return;
  auto& nat = path.server.ip.is_v4() ? report.nat4 : report.nat6;
  if (!nat || nat->mapping == Mapping::kUnknown) nat = found;
}

std::string no_route_to(const net::IpAddress& ip) {
  return fmt::format("This computer has no {} route there.", ip.is_v4() ? "IPv4" : "IPv6");
}

PathReport try_one(const Attempt& attempt, const Options& options, const tls::Context& trust,
                   Report& report) {
  PathReport path{.way = attempt.way,
                  .server = attempt.server,
                  .announced = attempt.announced,
                  .relays = attempt.login.has_value(),
                  .problem = attempt.problem};
  if (!path.problem.empty()) return path;
  const auto local = local_address_towards(attempt.server);
  if (!local) {
    path.problem = no_route_to(attempt.server.ip);
    return path;
  }
  PathRun run({.way = attempt.way,
               .address = attempt.server,
               .local = *local,
               .name = attempt.name,
               .tls = &trust},
              {.way = attempt.way,
               .server = attempt.server,
               .login = attempt.login,
               .other_ports = attempt.other_ports,
               .measure_for = options.seconds});
  run.run();
  path = run.probe().report();
  take_nat(path, run.probe().nat(), report);
  path.announced = attempt.announced;
  return path;
}

std::vector<PortReport> try_ports(const std::vector<net::SocketAddress>& ports) {
  const auto local = local_address_towards(ports.front());
  if (local) return PortRun(ports, *local).run();
  std::vector<PortReport> none;
  for (const net::SocketAddress& port : ports) {
    none.push_back({.server = port, .no_route = true, .problem = no_route_to(port.ip)});
  }
  return none;
}

// Rewrites one line of a terminal; nothing is told to who does not look.
class ProgressLine {
 public:
  ~ProgressLine() {
    if (shows_) std::fputs("\r\033[K", stderr);
  }
  void tell(std::string_view step) const {
    if (shows_) fmt::print(stderr, "\r\033[K{} ...", step);
  }

 private:
  bool shows_ = ::isatty(STDERR_FILENO) == 1;
};

}  // namespace

std::expected<Report, std::string> examine(const Options& options, const Progress& progress) {
  const auto url = parse_web_url(options.url);
  if (!url) return std::unexpected(options.url + " is not the address of a web page.");
  const auto trust = trust_of(options);
  if (!trust) return std::unexpected(trust.error());
  Report report;
  probe_web(*url, options, progress, report);
  if (!report.web.reached) return report;
  for (const Attempt& attempt : plan(report.web, report.doctor, resolve)) {
    progress(fmt::format("trying {} to {}", to_string(attempt.way), attempt.server.to_string()));
    report.paths.push_back(try_one(attempt, options, **trust, report));
  }
  if (!report.doctor) return report;
  for (const auto& ports : media_ports(*report.doctor)) {
    progress(fmt::format("asking the media ports of {}", ports.front().ip.to_string()));
    for (auto& port : try_ports(ports)) report.media.push_back(std::move(port));
  }
  return report;
}

int run(const Options& options) {
  // A connection that ends while we write to it is a finding.
  std::signal(SIGPIPE, SIG_IGN);
  log::set_level(log::Level::kOff);
  auto report = [&] {
    const ProgressLine line;
    return examine(options, [&](std::string_view step) { line.tell(step); });
  }();
  if (!report) {
    fmt::print(stderr, "parley: {}\n", report.error());
    return std::to_underlying(Verdict::Status::kBroken);
  }
  const Verdict verdict = judge(*report);
  const std::string text = options.json ? render_json(*report, verdict).to_text() + "\n"
                                        : render_table(*report, verdict);
  std::fputs(text.c_str(), stdout);
  return std::to_underlying(verdict.status);
}

}  // namespace parley::probe
