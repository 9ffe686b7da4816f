#include "crypto/certificate.h"

#include <gtest/gtest.h>

#include <cctype>

namespace parley::crypto {
namespace {

using namespace std::chrono_literals;

// A whole second: certificates know no finer time.
constexpr WallTime kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + 6h};

KeyAndCertificate make(std::vector<std::string> names) {
  SeededRandom random(1);
  auto made = make_self_signed({.names = std::move(names), .now = kNow}, random);
  EXPECT_TRUE(made.has_value()) << made.error();
  return *std::move(made);
}

CertificateFacts facts(const KeyAndCertificate& made) {
  return read_certificate(made.certificate_pem).value();
}

TEST(Certificate, CoversTheNamesThatWereAskedFor) {
  const auto read = facts(make({"meet.example.org", "localhost", "192.0.2.1", "2001:db8::1"}));
  EXPECT_EQ(read.names, (std::vector<std::string>{"meet.example.org", "localhost", "192.0.2.1",
                                                  "2001:db8::1"}));
  EXPECT_TRUE(read.covers("localhost"));
  EXPECT_TRUE(read.covers("192.0.2.1"));
  EXPECT_FALSE(read.covers("example.org"));
}

TEST(Certificate, IsValidFromYesterdayAndFor825DaysAtMost) {
  const auto read = facts(make({"localhost"}));
  EXPECT_EQ(read.not_before, kNow - std::chrono::days{1});
  EXPECT_EQ(read.not_after - read.not_before, std::chrono::days{825});
}

TEST(Certificate, ShowsItsFingerprintAsBrowsersDo) {
  const std::string fingerprint = facts(make({"localhost"})).sha256_fingerprint;
  ASSERT_EQ(fingerprint.size(), 32 * 3 - 1);
  for (std::size_t i = 0; i < fingerprint.size(); ++i) {
    const char c = fingerprint[i];
    EXPECT_TRUE(i % 3 == 2 ? c == ':' : std::isdigit(c) || (c >= 'A' && c <= 'F')) << fingerprint;
  }
}

TEST(Certificate, HasANewKeyEveryTime) {
  const auto a = make({"localhost"});
  const auto b = make({"localhost"});
  EXPECT_NE(a.key_pem, b.key_pem);
  EXPECT_NE(facts(a).sha256_fingerprint, facts(b).sha256_fingerprint);
  EXPECT_TRUE(a.key_pem.starts_with("-----BEGIN PRIVATE KEY-----\n"));
}

TEST(Certificate, TakesAHostNameLongerThanASubject) {
  const std::string name = std::string(60, 'a') + "." + std::string(60, 'b') + ".example.org";
  EXPECT_TRUE(facts(make({name})).covers(name));
}

TEST(Certificate, RefusesWhatIsNoName) {
  SeededRandom random(1);
  for (const char* name : {"", "two words", "host:80", "a/b", "[::1]", "x\n"}) {
    const auto made = make_self_signed({.names = {"localhost", name}, .now = kNow}, random);
    EXPECT_FALSE(made.has_value()) << name;
  }
  EXPECT_FALSE(make_self_signed({.now = kNow}, random).has_value());
}

TEST(Certificate, IsNotReadFromAnythingElse) {
  const auto made = make({"localhost"});
  EXPECT_FALSE(read_certificate("").has_value());
  EXPECT_FALSE(read_certificate("-----BEGIN CERTIFICATE-----\nAAAA\n").has_value());
  EXPECT_FALSE(read_certificate(made.key_pem).has_value());
  for (std::size_t size = 0; size + 2 < made.certificate_pem.size(); size += 7) {
    EXPECT_FALSE(read_certificate(made.certificate_pem.substr(0, size)).has_value()) << size;
  }
}

}  // namespace
}  // namespace parley::crypto
