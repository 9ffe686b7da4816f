#include "probe/doctor.h"

#include <gtest/gtest.h>

namespace parley::probe {
namespace {

constexpr std::string_view kAnswer = R"({
  "address": "203.0.113.9", "port": 51234, "scheme": "https",
  "iceServers": [
    {"urls": ["stun:192.0.2.1:3478"]},
    {"urls": ["turn:192.0.2.1:3478?transport=udp", "turns:meet.example.org:5349?transport=tcp"],
     "username": "1:doctor", "credential": "secret"}],
  "ports": {"http": null, "https": 443, "stun": 3478, "turnTls": 5349, "media": [40000, 40001]},
  "mediaAddresses": ["192.0.2.1", "x", 7, "2001:db8::1"], "singlePort": true, "publicAddress": "192.0.2.1", "warnings": ["Something is odd."]})";

TEST(Doctor, ReadsWhatTheServerTells) {
  const auto doctor = parse_doctor(kAnswer);
  ASSERT_TRUE(doctor) << doctor.error();
  ASSERT_EQ(doctor->servers.size(), 3u);
  EXPECT_EQ(doctor->servers[0], (Doctor::Server{.host = "192.0.2.1", .port = 3478}));
  EXPECT_EQ(doctor->servers[2], (Doctor::Server{.relays = true,
                                                .way = Way::kTls,
                                                .host = "meet.example.org",
                                                .port = 5349,
                                                .username = "1:doctor",
                                                .credential = "secret"}));
  EXPECT_EQ(doctor->https, 443);
  EXPECT_EQ(doctor->stun, 3478);
  EXPECT_EQ(doctor->turn_tls, 5349);
  EXPECT_EQ(doctor->media, (std::vector<std::uint16_t>{40000, 40001}));
  EXPECT_EQ(doctor->media_addresses, (std::vector{*net::IpAddress::parse("192.0.2.1"),
                                                  *net::IpAddress::parse("2001:db8::1")}));
  EXPECT_TRUE(doctor->single_port);
  EXPECT_EQ(doctor->public_address, "192.0.2.1");
  EXPECT_EQ(doctor->warnings, std::vector<std::string>{"Something is odd."});
}

TEST(Doctor, TakesWhatIsOffAsMissing) {
  const auto doctor = parse_doctor(
      R"({"iceServers": [], "ports": {"stun": null, "https": 70000, "media": [-1]},
          "publicAddress": null})");
  ASSERT_TRUE(doctor) << doctor.error();
  EXPECT_EQ(*doctor, Doctor{});
}

TEST(Doctor, SkipsUrlsThatItCannotTry) {
  const auto doctor =
      parse_doctor(R"({"iceServers": [3, {"urls": [null, "turns:a?transport=udp", "stun:b"]}]})");
  ASSERT_TRUE(doctor) << doctor.error();
  ASSERT_EQ(doctor->servers.size(), 1u);
  EXPECT_EQ(doctor->servers[0].host, "b");
}

TEST(Doctor, SaysWhatIsWrongWithAnotherServersAnswer) {
  EXPECT_EQ(parse_doctor("<html>").error(), "the answer of /api/doctor is no JSON object");
  EXPECT_EQ(parse_doctor("[]").error(), "the answer of /api/doctor is no JSON object");
  EXPECT_EQ(parse_doctor(R"({"title": "Not found"})").error(),
            "the answer of /api/doctor has no iceServers");
}

// Whoever it is shall not have us scan a network.
TEST(Doctor, TakesNoMorePortsAndAddressesThanAServerHas) {
  std::string ports;
  std::string addresses;
  for (int i = 1; i <= 1000; ++i) {
    ports += (i == 1 ? "" : ",") + std::to_string(i);
    addresses += (i == 1 ? "" : ",") + std::string("\"192.0.2.1\"");
  }
  const auto doctor = parse_doctor(R"({"iceServers": [], "ports": {"media": [)" + ports +
                                   R"(]}, "mediaAddresses": [)" + addresses + "]}");
  ASSERT_TRUE(doctor) << doctor.error();
  EXPECT_EQ(doctor->media.size(), 128u);
  EXPECT_EQ(doctor->media_addresses.size(), 4u);
}

TEST(Doctor, SurvivesEveryTruncation) {
  for (std::size_t size = 0; size < kAnswer.size(); ++size) {
    EXPECT_FALSE(parse_doctor(kAnswer.substr(0, size))) << size;
  }
}

}  // namespace
}  // namespace parley::probe
