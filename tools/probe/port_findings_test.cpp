#include <gtest/gtest.h>

#include "probe/findings.h"
#include "probe/render.h"

namespace parley::probe {
namespace {

using namespace std::chrono_literals;
using Weight = Finding::Weight;
using Lines = std::vector<std::string>;

constexpr const char* kServer4 = "45.10.10.10";
constexpr const char* kServer6 = "2001:db8::1";

PortReport port(Way way, const char* ip, int number, bool is_open = true) {
  PortReport report{
      .way = way,
      .server = {net::IpAddress::parse(ip).value(), static_cast<std::uint16_t>(number)}};
  if (is_open) {
    report.round_trip = 20ms;
  } else {
    report.problem = "STUN is not answered there.";
  }
  return report;
}

// Ports 40000 to 40003, all of them open, and a relay that works.
Report healthy(std::initializer_list<const char*> addresses = {kServer4}) {
  Report report;
  for (const char* ip : addresses) {
    for (int number = 40000; number < 40004; ++number) {
      report.media.push_back(port(Way::kUdp, ip, number));
      report.media.push_back(port(Way::kTcp, ip, number));
    }
  }
  report.paths = {{.quality = Quality{.sent = 1, .received = 1}}};
  return report;
}

void shut(Report& report, Way way, const char* ip, std::initializer_list<int> numbers) {
  for (PortReport& each : report.media) {
    const bool is_meant = each.way == way && each.server.ip.to_string() == ip &&
                          std::ranges::find(numbers, each.server.port) != numbers.end();
    if (is_meant) each = port(way, ip, each.server.port, false);
  }
}

constexpr std::initializer_list<int> kAll = {40000, 40001, 40002, 40003};

TEST(PortFindings, SayThatEveryPortAnswers) {
  const auto findings = port_findings(healthy({kServer4, kServer6}));
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].weight, Weight::kGood);
  EXPECT_EQ(findings[0].sentence, "Every media port answers, by UDP and by TCP: 40000 to 40003.");
  EXPECT_TRUE(port_findings({}).empty()) << "nothing was asked";
}

TEST(PortFindings, NameThePortThatIsShutAndTheLineToChange) {
  Report report = healthy();
  shut(report, Way::kUdp, kServer4, {40002});
  const auto findings = port_findings(report);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].weight, Weight::kRestricts);
  EXPECT_EQ(findings[0].sentence,
            "A media port of 45.10.10.10 does not answer by UDP: 40002. Meetings there go by TCP, "
            "where each lost packet delays those behind it.");
  EXPECT_EQ(findings[0].remedies,
            (Lines{"ufw allow 40002/udp",
                   "In the firewall of this network: let UDP to 45.10.10.10, port 40002, out."}));
}

TEST(PortFindings, NamePortsInARowByTheFirstAndTheLast) {
  Report report = healthy();
  shut(report, Way::kUdp, kServer4, {40000, 40001, 40003});
  shut(report, Way::kTcp, kServer4, kAll);
  const auto findings = port_findings(report);
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].sentence,
            "Some media ports of 45.10.10.10 do not answer by UDP: 40000 to 40001, 40003. Meetings "
            "there go by the relay, which costs the server twice.");
  EXPECT_EQ(findings[0].remedies.at(0), "ufw allow 40000:40001/udp");
  EXPECT_EQ(findings[0].remedies.at(1), "ufw allow 40003/udp");
  EXPECT_EQ(findings[1].weight, Weight::kNote);
  EXPECT_EQ(findings[1].sentence,
            "No media port of 45.10.10.10 answers by TCP: 40000 to 40003. Who has no UDP gets "
            "there by the relay.");
  EXPECT_EQ(findings[1].remedies.at(0), "ufw allow 40000:40003/tcp");
}

TEST(PortFindings, SayThatMeetingsFindNoWayWhereNothingIsLeft) {
  Report report = healthy();
  report.paths.clear();
  shut(report, Way::kUdp, kServer4, kAll);
  shut(report, Way::kTcp, kServer4, kAll);
  const auto findings = port_findings(report);
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].weight, Weight::kBreaks);
  EXPECT_NE(findings[0].sentence.find("Meetings there find no way."), std::string::npos);
}

TEST(PortFindings, OnlyNoteAFamilyThatTheOtherStandsInFor) {
  Report report = healthy({kServer4, kServer6});
  shut(report, Way::kUdp, kServer6, kAll);
  const auto findings = port_findings(report);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].weight, Weight::kNote);
  EXPECT_EQ(findings[0].sentence,
            "No media port of 2001:db8::1 answers by UDP: 40000 to 40003. They do over IPv4, which "
            "meetings take then.");
}

TEST(PortFindings, HoldAPortForOpenThatAnotherAddressOfTheFamilyHas) {
  Report report = healthy({kServer4, "192.168.1.5"});
  shut(report, Way::kUdp, "192.168.1.5", kAll);
  shut(report, Way::kTcp, "192.168.1.5", kAll);
  ASSERT_EQ(port_findings(report).size(), 1u);
  EXPECT_EQ(port_findings(report)[0].weight, Weight::kGood);
}

TEST(PortFindings, BlameNoPortThatThisComputerHasNoRouteTo) {
  Report report = healthy();
  PortReport far = port(Way::kUdp, kServer6, 40000, false);
  far.no_route = true;
  report.media.push_back(far);
  ASSERT_EQ(port_findings(report).size(), 1u);
  EXPECT_EQ(port_findings(report)[0].weight, Weight::kGood);
}

TEST(PortFindings, StandInBothReports) {
  Report report = healthy();
  report.web.reached = true;
  shut(report, Way::kTcp, kServer4, {40001});
  const std::string table = render_table(report, judge(report));
  EXPECT_NE(table.find("  media        UDP to 45.10.10.10: 4 of 4 ports answer\n"
                       "               TCP to 45.10.10.10: 3 of 4 ports answer\n"),
            std::string::npos)
      << table;
  const Json json = render_json(report, judge(report));
  const Json::Array& media = *json.find("media")->as_array();
  ASSERT_EQ(media.size(), 8u);
  EXPECT_EQ(*media[0].find("way"), Json("udp"));
  EXPECT_EQ(*media[0].find("server"), Json("45.10.10.10:40000"));
  EXPECT_EQ(*media[0].find("reached"), Json(true));
  EXPECT_EQ(*media[0].find("roundTrip"), Json(20.0));
  EXPECT_EQ(*media[3].find("reached"), Json(false));
  EXPECT_TRUE(media[3].find("roundTrip")->is_null());
  EXPECT_EQ(*media[3].find("problem"), Json("STUN is not answered there."));
}

}  // namespace
}  // namespace parley::probe
