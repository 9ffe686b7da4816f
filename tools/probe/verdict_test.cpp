#include "probe/verdict.h"

#include <gtest/gtest.h>

#include "probe/render.h"

namespace parley::probe {
namespace {

using namespace std::chrono_literals;
using Status = Verdict::Status;
using Weight = Finding::Weight;

net::SocketAddress address(std::string_view text) {
  return net::SocketAddress::parse(text).value();
}

PathReport good_path(Way way, std::string_view server) {
  return {.way = way,
          .server = address(server),
          .relays = true,
          .local = address("192.168.1.2:5000"),
          .mapped = address("203.0.113.9:6000"),
          .round_trip = 20ms,
          .relayed = address("45.10.10.10:50000"),
          .quality = Quality{.sent = 100,
                             .received = 100,
                             .round_trip = 21ms,
                             .jitter = 1ms,
                             .bandwidth = DataRate::kbps(20'000),
                             .is_at_least = true}};
}

PathReport dead_path(Way way, std::string_view server) {
  return {.way = way,
          .server = address(server),
          .relays = true,
          .local = address("192.168.1.2:5000"),
          .problem = "Nothing answers there."};
}

Report healthy() {
  Report report;
  report.web = {.url = "https://meet.example.org",
                .host = "meet.example.org",
                .port = 443,
                .secure = true,
                .addresses = {address("45.10.10.10:0").ip},
                .reached = true,
                .remote = address("45.10.10.10:0").ip,
                .round_trip = 20ms,
                .certificate = Certificate{.subject = "meet", .issuer = "CA", .days_left = 60},
                .websockets = WebSockets::kWork};
  report.doctor = Doctor{.https = 443, .stun = 3478, .turn_tls = 5349};
  report.paths = {good_path(Way::kUdp, "45.10.10.10:3478"),
                  good_path(Way::kTcp, "45.10.10.10:3478"),
                  good_path(Way::kTls, "45.10.10.10:5349")};
  report.nat4 = Nat{.mapping = Mapping::kIndependent, .filtering = Filtering::kStrict};
  return report;
}

// What each network looks like, and what is to be said of it.
struct Case {
  const char* name = "";
  void (*change)(Report&) = nullptr;
  Status status = Status::kWorks;
  const char* says = "";    // In a finding of the weight that decides.
  const char* remedy = "";  // One of that finding's; empty: whatever.
};

const Case kCases[] = {
    {"healthy", [](Report&) {}, Status::kWorks, "UDP gets through to 45.10.10.10:3478."},
    {"UDP is blocked", [](Report& r) { r.paths[0] = dead_path(Way::kUdp, "45.10.10.10:3478"); },
     Status::kRestricted, "UDP is blocked", "ufw allow 3478/udp"},
    {"only TLS on 443 is open",
     [](Report& r) {
       r.paths = {dead_path(Way::kUdp, "45.10.10.10:443"), dead_path(Way::kTcp, "45.10.10.10:443"),
                  good_path(Way::kTls, "45.10.10.10:443")};
     },
     Status::kRestricted, "Calls go by TLS alone",
     "In the firewall of this network: let UDP to 45.10.10.10:443 out."},
    {"only the page gets through",
     [](Report& r) {
       r.paths = {dead_path(Way::kUdp, "45.10.10.10:3478"),
                  dead_path(Way::kTcp, "45.10.10.10:3478"),
                  dead_path(Way::kTls, "45.10.10.10:5349")};
     },
     Status::kBroken, "sound and picture find no way", "single_port = true"},
    {"the single port relays nothing",
     [](Report& r) {
       r.doctor->single_port = true;
       r.paths = {dead_path(Way::kUdp, "45.10.10.10:443"), dead_path(Way::kTls, "45.10.10.10:443")};
     },
     Status::kBroken, "sound and picture find no way", "ufw allow 443/tcp"},
    {"WebSockets are stopped", [](Report& r) { r.web.websockets = WebSockets::kOnlyPolling; },
     Status::kRestricted, "only long-polling",
     "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "
     "\"upgrade\";"},
    {"there is no signalling", [](Report& r) { r.web.websockets = WebSockets::kNeither; },
     Status::kBroken, "signalling"},
    {"the announced address is wrong",
     [](Report& r) {
       r.paths = {dead_path(Way::kUdp, "45.99.99.99:3478"),
                  dead_path(Way::kTcp, "45.99.99.99:3478"),
                  good_path(Way::kUdp, "45.10.10.10:3478")};
       r.paths[2].announced = false;
     },
     Status::kBroken, "the announced address is wrong", "public_address = \"45.10.10.10\""},
    {"the relay gives out a private address",
     [](Report& r) { r.paths[0].relayed = address("10.0.0.4:50000"); }, Status::kBroken,
     "which is private", "public_address = \"45.10.10.10\""},
    {"the certificate is for another name",
     [](Report& r) { r.web.certificate->problem = "no alternative name matches"; }, Status::kBroken,
     "The certificate is not valid for meet.example.org: no alternative name matches.",
     "https.certificate = \"/etc/letsencrypt/live/meet.example.org/fullchain.pem\""},
    {"the certificate has expired",
     [](Report& r) {
       r.web.certificate->problem = "expired";
       r.web.certificate->days_left = -1;
     },
     Status::kBroken, "it has expired"},
    {"the certificate is self-signed",
     [](Report& r) {
       r.web.certificate->problem = "self-signed certificate";
       r.web.certificate->self_signed = true;
     },
     Status::kBroken, "it is self-signed"},
    {"nobody judges the certificate",
     [](Report& r) {
       r.web.certificate->problem = "self-signed certificate";
       r.insecure = true;
     },
     Status::kWorks, "UDP gets through"},
    {"the page is plain HTTP",
     [](Report& r) {
       r.web.secure = false;
       r.web.certificate.reset();
     },
     Status::kRestricted, "plain HTTP"},
    {"the page is plain HTTP of this computer",
     [](Report& r) {
       r.web.secure = false;
       r.web.host = "127.0.0.1";
     },
     Status::kWorks, "UDP gets through"},
    {"the server is down",
     [](Report& r) {
       r.web.reached = false;
       r.web.problem = "Connection refused";
       r.paths.clear();
     },
     Status::kBroken, "Nothing answers in HTTP at meet.example.org:443: Connection refused.",
     "ufw allow 443/tcp"},
    {"the name is unknown",
     [](Report& r) {
       r.web.reached = false;
       r.web.addresses.clear();
       r.web.problem = "Name or service not known";
     },
     Status::kBroken, "stands for no address"},
    {"a server of another make or age",
     [](Report& r) {
       r.doctor.reset();
       r.doctor_problem = "/api/doctor answers 404";
       r.paths = {good_path(Way::kUdp, "45.10.10.10:3478")};
       r.paths[0].announced = false;
     },
     Status::kWorks, "/api/doctor answers 404"},
    {"a server that tells nothing, and no STUN",
     [](Report& r) {
       r.doctor.reset();
       r.paths = {dead_path(Way::kUdp, "45.10.10.10:3478")};
       r.paths[0].announced = false;
     },
     Status::kBroken, "STUN is not answered", "ufw allow 3478/udp"},
    {"STUN and TURN are off", [](Report& r) { r.paths.clear(); }, Status::kRestricted,
     "neither STUN nor a relay", "turn.enabled = true"},
    {"the relay is off, behind a strict NAT",
     [](Report& r) {
       r.paths = {good_path(Way::kUdp, "45.10.10.10:3478")};
       r.paths[0].relays = false;
       r.paths[0].relayed.reset();
       r.paths[0].quality.reset();
       r.nat4->mapping = Mapping::kDependent;
     },
     Status::kRestricted, "has no relay", "turn.enabled = true"},
    {"the login is refused",
     [](Report& r) {
       for (auto& path : r.paths) {
         path.relayed.reset();
         path.quality.reset();
         path.problem = "The relay does not accept the login (401).";
       }
     },
     Status::kRestricted, "does not work: The relay does not accept the login (401)."},
    {"TCP is blocked where UDP passes",
     [](Report& r) { r.paths[1] = dead_path(Way::kTcp, "45.10.10.10:3478"); }, Status::kWorks,
     "The relay by TCP at 45.10.10.10:3478 does not work", "ufw allow 3478/tcp"},
    {"IPv6 does not answer where IPv4 does",
     [](Report& r) { r.paths.push_back(dead_path(Way::kUdp, "[2001:db8::1]:3478")); },
     Status::kWorks, "The relay by UDP at [2001:db8::1]:3478 does not work"},
    {"many packets are lost", [](Report& r) { r.paths[0].quality->received = 90; },
     Status::kRestricted, "10 % of the packets by UDP are lost."},
    {"little gets through", [](Report& r) { r.paths[0].quality->bandwidth = DataRate::kbps(300); },
     Status::kRestricted, "Only 300 kbit/s"},
    {"a symmetric NAT", [](Report& r) { r.nat4->mapping = Mapping::kDependent; }, Status::kWorks,
     "symmetric NAT"},
    {"a NAT that tells addresses apart",
     [](Report& r) { r.nat4->mapping = Mapping::kAddressDependent; }, Status::kWorks,
     "symmetric NAT"},
    {"a symmetric NAT for IPv6 alone",
     [](Report& r) { r.nat6 = Nat{.mapping = Mapping::kDependent}; }, Status::kWorks,
     "\"symmetric NAT\" for IPv6, though not for IPv4"},
    {"a symmetric NAT, and no IPv4",
     [](Report& r) {
       r.nat4.reset();
       r.nat6 = Nat{.mapping = Mapping::kDependent};
     },
     Status::kWorks, "people behind such routers meet through the relay alone"},
    {"a media port is shut",
     [](Report& r) { r.media = {{.server = address("45.10.10.10:40001")}}; }, Status::kRestricted,
     "No media port of 45.10.10.10 answers by UDP: 40001.", "ufw allow 40001/udp"},
    {"the server warns", [](Report& r) { r.doctor->warnings = {"Odd."}; }, Status::kWorks,
     "The server itself warns: Odd."},
    {"the certificate ends soon", [](Report& r) { r.web.certificate->days_left = 3; },
     Status::kWorks, "The certificate ends in 3 days."},
};

bool says(const Finding& finding, const Case& given) {
  const bool has_remedy =
      std::string_view(given.remedy).empty() ||
      std::ranges::find(finding.remedies, given.remedy) != finding.remedies.end();
  return finding.sentence.find(given.says) != std::string::npos && has_remedy;
}

TEST(Verdict, SaysOfEachNetworkWhatIsTrue) {
  for (const Case& given : kCases) {
    Report report = healthy();
    given.change(report);
    const Verdict verdict = judge(report);
    EXPECT_EQ(to_string(verdict.status), to_string(given.status)) << given.name;
    const bool found = std::ranges::any_of(
        verdict.findings, [&](const Finding& finding) { return says(finding, given); });
    EXPECT_TRUE(found) << given.name << "\n" << render_table(report, verdict);
    EXPECT_TRUE(std::ranges::is_sorted(verdict.findings, std::ranges::greater{}, &Finding::weight));
  }
}

TEST(Verdict, BlamesNothingElseForABlockedPort) {
  Report report = healthy();
  report.paths[0] = dead_path(Way::kUdp, "45.10.10.10:3478");
  const Verdict verdict = judge(report);
  ASSERT_EQ(verdict.findings.size(), 1u) << render_table(report, verdict);
  EXPECT_EQ(verdict.findings[0].remedies,
            (std::vector<std::string>{
                "ufw allow 3478/udp",
                "In the firewall of this network: let UDP to 45.10.10.10:3478 out."}));
}

TEST(Verdict, IsTheExitStatus) {
  EXPECT_EQ(std::to_underlying(Status::kWorks), 0);
  EXPECT_EQ(std::to_underlying(Status::kBroken), 1);
  EXPECT_EQ(std::to_underlying(Status::kRestricted), 2);
}

TEST(CandidateTypes, AreThoseThatIceWouldGather) {
  Report report = healthy();
  EXPECT_EQ(candidate_types(report), (std::vector<std::string>{"host", "srflx", "relay by UDP",
                                                               "relay by TCP", "relay by TLS"}));
  for (auto& path : report.paths) path.mapped = path.local;
  report.paths[0].relayed.reset();
  EXPECT_EQ(candidate_types(report),
            (std::vector<std::string>{"host", "relay by TCP", "relay by TLS"}));
}

TEST(Table, ShowsEveryPath) {
  Report report = healthy();
  report.paths[1] = dead_path(Way::kTcp, "45.10.10.10:3478");
  const std::string table = render_table(report, judge(report));
  for (const auto* line : {
           "  addresses    45.10.10.10\n",
           "  page         answers after 20.0 ms\n",
           "  certificate  valid, 60 days left\n",
           "  WebSockets   work\n",
           "  UDP  45.10.10.10:3478               20.0 ms       yes   21.0 ms   1.0 ms   0.0% >= "
           "20.0 Mbit/s\n",
           "  TCP  45.10.10.10:3478             no answer        no\n       Nothing answers "
           "there.\n",
           "\nCalls connect from here.\n",
       }) {
    EXPECT_NE(table.find(line), std::string::npos) << line << "\nis not in\n" << table;
  }
}

// The line of the NAT and the two below it.
TEST(Table, SaysOfEachNatWhatItDoesInPlainWordsAndInTheRfcs) {
  const auto lines = [](Mapping mapping, Filtering filtering) {
    Report report = healthy();
    report.nat4 = Nat{mapping, filtering};
    const std::string table = render_table(report, judge(report));
    const std::size_t begin = table.find("  NAT ");
    return table.substr(begin, table.find("\n\n", begin) - begin);
  };
  EXPECT_EQ(lines(Mapping::kEndpointIndependent, Filtering::kAddressDependent),
            "  NAT          a NAT that keeps one port for a socket, whoever it talks to: direct "
            "calls connect with most\n"
            "               gets in: who was written to, from any of their ports\n"
            "               RFC 4787: endpoint-independent mapping, address-dependent filtering");
  EXPECT_EQ(lines(Mapping::kAddressDependent, Filtering::kStrict),
            "  NAT          a \"symmetric\" NAT, with another port for each address: direct calls "
            "mostly do not connect, the relay helps\n"
            "               gets in: who was written to, from that port alone\n"
            "               RFC 4787: address-dependent mapping, address and port-dependent "
            "filtering");
  EXPECT_EQ(lines(Mapping::kNone, Filtering::kEndpointIndependent),
            "  NAT          there is no NAT on the way\n"
            "               gets in: whoever knows the port\n"
            "               RFC 4787: no translation, endpoint-independent filtering");
  EXPECT_EQ(lines(Mapping::kIndependent, Filtering::kOpen),
            "  NAT          a NAT that keeps one port for a socket: direct calls mostly connect\n"
            "               RFC 4787: endpoint-independent or address-dependent mapping, "
            "endpoint-independent or address-dependent filtering");
}

TEST(Table, TellsTheNatsOfBothFamiliesApart) {
  Report report = healthy();
  const std::string one = render_table(report, judge(report));
  EXPECT_NE(one.find("  NAT          a NAT"), one.npos) << one;
  report.nat6 = Nat{.mapping = Mapping::kNone, .filtering = Filtering::kStrict};
  const std::string both = render_table(report, judge(report));
  EXPECT_NE(both.find("  NAT, IPv4    a NAT that keeps one port"), both.npos) << both;
  EXPECT_NE(both.find("  NAT, IPv6    there is no NAT on the way"), both.npos) << both;
  report.nat4.reset();
  const std::string six = render_table(report, judge(report));
  EXPECT_NE(six.find("  NAT          there is no NAT on the way"), six.npos) << six;
}

TEST(JsonReport, HasTheNatOfEachFamily) {
  Report report = healthy();
  EXPECT_TRUE(render_json(report, judge(report)).find("nat6")->is_null());
  report.nat6 = Nat{.mapping = Mapping::kNone};
  const Json both = render_json(report, judge(report));
  EXPECT_EQ(*both.find("nat")->find("filtering"), Json("address and port-dependent filtering"));
  EXPECT_EQ(*both.find("nat6")->find("mapping"), Json("no translation"));
  report.nat4.reset();
  const Json six = render_json(report, judge(report));
  EXPECT_EQ(*six.find("nat")->find("mapping"), Json("no translation"));
}

TEST(JsonReport, HasEveryFact) {
  Report report = healthy();
  const Json json = render_json(report, judge(report));
  EXPECT_EQ(*json.find("status"), Json("works"));
  EXPECT_EQ(*json.find("web")->find("signalling"), Json("websocket"));
  EXPECT_EQ(*json.find("web")->find("certificate")->find("daysLeft"), Json(60));
  const Json& udp = (*json.find("paths")->as_array())[0];
  EXPECT_EQ(*udp.find("way"), Json("udp"));
  EXPECT_EQ(*udp.find("reached"), Json(true));
  EXPECT_EQ(*udp.find("roundTrip"), Json(20.0));
  EXPECT_EQ(*udp.find("quality")->find("loss"), Json(0.0));
  EXPECT_EQ(*udp.find("quality")->find("bitrate"), Json(20'000'000));
  EXPECT_EQ(*json.find("nat")->find("mapping"),
            Json("endpoint-independent or address-dependent mapping"));
  report.paths[0] = dead_path(Way::kUdp, "45.10.10.10:3478");
  const Json other = render_json(report, judge(report));
  EXPECT_TRUE((*other.find("paths")->as_array())[0].find("quality")->is_null());
  EXPECT_EQ(*other.find("findings")->as_array()->front().find("weight"), Json("restricts"));
}

}  // namespace
}  // namespace parley::probe
