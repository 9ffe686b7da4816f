#include "server/api/doctor_routes.h"

#include "server/api/test_api.h"
#include "server/calendar.h"

namespace parley::server {
namespace {

class DoctorRoutesTest : public ApiTest {
 protected:
  explicit DoctorRoutesTest(Config::Auth settings = {}) : ApiTest(settings) {
    reach_ = {.http = 8080, .stun = 3478, .media = {40'000, 40'001}};
    ice_servers_ = IceServers({.port = 3478,
                               .tls_port = 5349,
                               .turn = true,
                               .secret = "the secret",
                               .user_key = {1, 2, 3}});
  }

  // As it comes past a proxy that we trust.
  Answer ask_from(const std::string& address, const std::string& scheme = "http") {
    return ask("GET", "/api/doctor", "",
               {{"X-Forwarded-For", address},
                {"X-Forwarded-Proto", scheme},
                {"Host", "meet.example.org:8443"}});
  }
  static const Json& relay_of(const Answer& answer) {
    return (*answer.body.find("iceServers")->as_array())[1];
  }
  static std::string user_of(const Answer& answer) {
    return *relay_of(answer).find("username")->as_string();
  }
};

TEST_F(DoctorRoutesTest, TellsTheCallerHowItIsSeenAndWhichPortsThereAre) {
  const Answer answer = ask_from("198.51.100.7", "https");
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(answer.text("address"), "198.51.100.7");
  EXPECT_EQ(answer.text("scheme"), "https");
  EXPECT_NE(answer.body.find("port"), nullptr);
  EXPECT_EQ(answer.text("ports"),
            R"({"http":8080,"https":null,"stun":3478,"turnTls":null,"media":[40000,40001]})");
  EXPECT_EQ(answer.text("mediaAddresses"), "[]");
  EXPECT_EQ(answer.text("singlePort"), "false");
  EXPECT_EQ(answer.text("publicAddress"), "null");
  EXPECT_EQ(answer.text("warnings"), "[]");
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
}

TEST_F(DoctorRoutesTest, TellsWhatBecameKnownAfterItWasAdded) {
  reach_.https = 8443;
  reach_.media_addresses = {*net::IpAddress::parse("203.0.113.9"),
                            *net::IpAddress::parse("10.0.0.5")};
  reach_.single_port = true;
  reach_.public_address = net::IpAddress::parse("203.0.113.9");
  reach_.warnings = {"Nothing is right."};
  const Answer answer = ask_from("198.51.100.7");
  EXPECT_EQ(answer.text("scheme"), "http");
  EXPECT_EQ(answer.text("mediaAddresses"), R"(["203.0.113.9","10.0.0.5"])");
  EXPECT_EQ(answer.text("singlePort"), "true");
  EXPECT_EQ(answer.text("publicAddress"), "203.0.113.9");
  EXPECT_EQ(answer.text("warnings"), R"(["Nothing is right."])");
  EXPECT_EQ(answer.body.find("ports")->find("https")->to_text(), "8443");
}

TEST_F(DoctorRoutesTest, WarnsOfAPrivateRelayWhomItCannotServe) {
  const auto home = net::IpAddress::parse("10.0.0.5");
  reach_.facts = address_facts({}, {.all = {*home}, .primary_v4 = home}, 2, {});
  const std::string outside = ask_from("8.8.8.8").text("warnings");
  EXPECT_NE(outside.find("The page is reached as meet.example.org, but"), outside.npos) << outside;
  EXPECT_EQ(ask_from("10.0.0.9").text("warnings"), "[]");
  reach_.warnings = {*check_page_name(reach_.facts, "meet.example.org")};
  EXPECT_EQ(ask_from("8.8.8.8").text("warnings"), outside);  // Once is enough.
}

TEST_F(DoctorRoutesTest, GivesALoginForTheRelayThatEndsInTenMinutes) {
  const std::int64_t before = unix_seconds().time_since_epoch().count();
  const Answer answer = ask_from("198.51.100.7", "https");
  const std::int64_t after = unix_seconds().time_since_epoch().count();
  EXPECT_EQ((*answer.body.find("iceServers")->as_array())[0].to_text(),
            R"({"urls":["stun:meet.example.org:3478"]})");
  EXPECT_EQ(relay_of(answer).find("urls")->to_text(),
            R"(["turn:meet.example.org:3478?transport=udp",)"
            R"("turn:meet.example.org:3478?transport=tcp",)"
            R"("turns:meet.example.org:5349?transport=tcp"])");
  const std::int64_t expiry = std::stoll(user_of(answer));
  EXPECT_GE(expiry, before + 600);
  EXPECT_LE(expiry, after + 600);
  EXPECT_FALSE(relay_of(answer).find("credential")->as_string()->empty());
  EXPECT_EQ(answer.body.to_text().find("the secret"), std::string::npos);
}

// Else what one of them uses up, all the others lack.
TEST_F(DoctorRoutesTest, GivesEachAddressALoginOfItsOwn) {
  const auto name = [&](const char* from) {
    const std::string user = user_of(ask_from(from));
    return user.substr(user.find(':'));
  };
  EXPECT_EQ(name("198.51.100.7"), name("198.51.100.7"));
  EXPECT_NE(name("198.51.100.7"), name("198.51.100.8"));
}

class DoctorWithoutGuestsTest : public DoctorRoutesTest {
 protected:
  DoctorWithoutGuestsTest() : DoctorRoutesTest({.guests = false}) {}
};

TEST_F(DoctorWithoutGuestsTest, GivesNoLoginToAGuest) {
  const Answer refused = ask_from("198.51.100.7");
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.header("Content-Type"), "application/problem+json");
  EXPECT_EQ(refused.body.find("iceServers"), nullptr);
  EXPECT_EQ(registered("ada").ask("GET", "/api/doctor").status, 200);
}

}  // namespace
}  // namespace parley::server
