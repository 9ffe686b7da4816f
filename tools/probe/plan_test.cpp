#include "probe/plan.h"

#include <gtest/gtest.h>

namespace parley::probe {
namespace {

net::IpAddress ip(std::string_view text) {
  return net::IpAddress::parse(text).value();
}

std::expected<std::vector<net::IpAddress>, std::string> resolve(const std::string& host) {
  if (const auto address = net::IpAddress::parse(host)) return std::vector{*address};
  if (host == "meet.example.org") {
    return std::vector{ip("192.0.2.1"), ip("2001:db8::1"), ip("192.0.2.2")};
  }
  return std::unexpected("no such name");
}

Doctor doctor_of(std::vector<Doctor::Server> servers) {
  return {.servers = std::move(servers), .stun = 3478, .media = {40000, 40001, 40002}};
}

Doctor::Server server(Way way, std::string host, std::uint16_t port, bool relays = true) {
  return {.relays = relays,
          .way = way,
          .host = std::move(host),
          .port = port,
          .username = relays ? "1:doctor" : "",
          .credential = relays ? "secret" : ""};
}

TEST(Plan, TriesStunAndTurnAtOnePlaceOnce) {
  const auto attempts =
      plan({.remote = ip("192.0.2.1")},
           doctor_of({server(Way::kUdp, "192.0.2.1", 3478, false),
                      server(Way::kUdp, "192.0.2.1", 3478), server(Way::kTcp, "192.0.2.1", 3478)}),
           resolve);
  ASSERT_EQ(attempts.size(), 2u);
  EXPECT_EQ(attempts[0].way, Way::kUdp);
  ASSERT_TRUE(attempts[0].login);
  EXPECT_EQ(attempts[0].login->username, "1:doctor");
  EXPECT_EQ(attempts[0].other_ports.size(), 2u);
  EXPECT_EQ(attempts[0].other_ports[1].to_string(), "192.0.2.1:40001");
  EXPECT_EQ(attempts[1].way, Way::kTcp);
  EXPECT_TRUE(attempts[1].other_ports.empty());
}

TEST(Plan, TriesOneAddressOfEachFamily) {
  const auto attempts = plan({}, doctor_of({server(Way::kTls, "meet.example.org", 5349)}), resolve);
  ASSERT_EQ(attempts.size(), 2u);
  EXPECT_EQ(attempts[0].server.to_string(), "192.0.2.1:5349");
  EXPECT_EQ(attempts[1].server.to_string(), "[2001:db8::1]:5349");
  EXPECT_EQ(attempts[1].name, "meet.example.org");
}

TEST(Plan, TriesStunWhereThePageCameFromIfThatIsElsewhere) {
  const auto attempts =
      plan({.remote = ip("192.0.2.9")}, doctor_of({server(Way::kUdp, "192.0.2.1", 3478)}), resolve);
  ASSERT_EQ(attempts.size(), 2u);
  EXPECT_TRUE(attempts[0].announced);
  EXPECT_FALSE(attempts[1].announced);
  EXPECT_FALSE(attempts[1].login);
  EXPECT_EQ(attempts[1].server.to_string(), "192.0.2.9:3478");
}

TEST(Plan, TriesTheUsualPortOfAServerThatTellsNothing) {
  const auto attempts = plan({.remote = ip("192.0.2.9")}, std::nullopt, resolve);
  ASSERT_EQ(attempts.size(), 1u);
  EXPECT_EQ(attempts[0].server.port, 3478);
}

TEST(Plan, SaysWhatNameStandsForNothing) {
  const auto attempts = plan({}, doctor_of({server(Way::kTcp, "gone.example.org", 3478)}), resolve);
  ASSERT_EQ(attempts.size(), 1u);
  EXPECT_EQ(attempts[0].problem, "The name gone.example.org stands for no address: no such name.");
}

TEST(Plan, TriesNothingWhereStunIsOff) {
  EXPECT_TRUE(plan({.remote = ip("192.0.2.9")}, Doctor{}, resolve).empty());
}

TEST(MediaPorts, AreThoseOfEachAddress) {
  Doctor doctor{.https = 443, .media = {40000, 40001}};
  EXPECT_TRUE(media_ports(doctor).empty()) << "no meeting goes by the server";
  doctor.media_addresses = {ip("192.0.2.1"), ip("2001:db8::1")};
  const auto ports = media_ports(doctor);
  ASSERT_EQ(ports.size(), 2u);
  ASSERT_EQ(ports[0].size(), 2u);
  EXPECT_EQ(ports[0][1].to_string(), "192.0.2.1:40001");
  EXPECT_EQ(ports[1][0].to_string(), "[2001:db8::1]:40000");
}

TEST(MediaPorts, AreTheOnePortWhereThereIsOne) {
  Doctor doctor{.https = 443, .media_addresses = {ip("192.0.2.1")}, .single_port = true};
  const auto ports = media_ports(doctor);
  ASSERT_EQ(ports.size(), 1u);
  ASSERT_EQ(ports[0].size(), 1u);
  EXPECT_EQ(ports[0][0].to_string(), "192.0.2.1:443");
  doctor.https.reset();
  EXPECT_TRUE(media_ports(doctor).empty());
}

}  // namespace
}  // namespace parley::probe
