#include "server/server_certificate.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace parley::server {
namespace {

using Days = std::chrono::days;
using Names = std::vector<std::string>;

const crypto::WallTime kNow{std::chrono::sys_days{std::chrono::year{2030} / 6 / 1}};

std::string content_of(const std::string& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

class ServerCertificateTest : public testing::Test {
 protected:
  ServerCertificateTest() {
    std::string pattern = testing::TempDir() + "parley-cert-XXXXXX";
    root_ = ::mkdtemp(pattern.data());
  }
  ~ServerCertificateTest() override { std::filesystem::remove_all(root_); }

  // The certificate that is served then, as PEM.
  std::string at(crypto::WallTime now, const Names& names = {"localhost", "127.0.0.1"}) {
    const ServerCertificate certificate({}, DataDirectory::open(root_).value(), names);
    return content_of(certificate.files(now, random_).value().chain);
  }

  std::string root_;
  SeededRandom random_{1};
};

TEST_F(ServerCertificateTest, IsMadeOnceForAllNames) {
  const std::string pem = at(kNow);
  EXPECT_EQ(at(kNow + Days(1)), pem);
  const auto facts = crypto::read_certificate(pem).value();
  EXPECT_TRUE(facts.covers("localhost") && facts.covers("127.0.0.1"));
}

TEST_F(ServerCertificateTest, HasAKeyThatOnlyItsOwnerReads) {
  at(kNow);
  struct stat status = {};
  ASSERT_EQ(::stat((root_ + "/key.pem").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(ServerCertificateTest, IsRenewedAMonthBeforeItExpires) {
  const std::string pem = at(kNow);
  const auto expiry = crypto::read_certificate(pem).value().not_after;
  EXPECT_EQ(at(expiry - Days(31)), pem);
  EXPECT_NE(at(expiry - Days(29)), pem);
}

TEST_F(ServerCertificateTest, IsRenewedWhenTheClockWasWrong) {
  const std::string pem = at(kNow);
  EXPECT_NE(at(kNow - Days(100)), pem);
}

TEST_F(ServerCertificateTest, IsRenewedForANewNameButNotForALostOne) {
  const std::string pem = at(kNow);
  EXPECT_EQ(at(kNow, {"localhost"}), pem);
  EXPECT_NE(at(kNow, {"localhost", "192.0.2.1"}), pem);
}

TEST_F(ServerCertificateTest, IsMadeAnewWhereItIsDamagedOrItsKeyGone) {
  const std::string pem = at(kNow);
  std::ofstream(root_ + "/cert.pem") << "damaged";
  const std::string second = at(kNow);
  EXPECT_NE(second, pem);
  std::filesystem::remove(root_ + "/key.pem");
  EXPECT_NE(at(kNow), second);
}

TEST_F(ServerCertificateTest, IsTheOperatorsWhereThereIsOne) {
  Config::Https config;
  config.certificate = "/c.pem";
  config.key = "/k.pem";
  const ServerCertificate certificate(config, DataDirectory::open(root_).value(), {"localhost"});
  EXPECT_FALSE(certificate.is_self_made());
  EXPECT_EQ(certificate.files(kNow, random_).value(),
            (ServerCertificate::Files{"/c.pem", "/k.pem"}));
  EXPECT_TRUE(std::filesystem::is_empty(root_));
}

TEST(NamesOfThisHost, HoldEveryNameInALink) {
  Config config;
  config.public_address = net::IpAddress::parse("203.0.113.7");
  const Names names = names_of_this_host(config);
  for (const char* name : {"localhost", "127.0.0.1", "203.0.113.7"}) {
    EXPECT_EQ(std::ranges::count(names, name), 1) << name;
  }
}

}  // namespace
}  // namespace parley::server
