#include "account/throttle.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

namespace parley::account {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};

net::IpAddress ip(std::string_view text) {
  return net::IpAddress::parse(text).value();
}

// The n-th of many.
net::IpAddress address(int n) {
  return ip(fmt::format("192.0.{}.{}", n / 256, n % 256));
}

struct ThrottleTest : testing::Test {
  SeededRandom random{1};
  Throttle throttle{{}, random};
};

TEST_F(ThrottleTest, LetsOneAddressTryOneAccountTenTimes) {
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(throttle.log_in(kStart, ip("192.0.2.1"), "ada")) << i;
  EXPECT_EQ(throttle.log_in(kStart, ip("192.0.2.1"), "ada"), 30s);
  EXPECT_FALSE(throttle.log_in(kStart, ip("192.0.2.2"), "ada"));
  EXPECT_FALSE(throttle.log_in(kStart, ip("192.0.2.1"), "bob"));
  EXPECT_FALSE(throttle.log_in(kStart + 30s, ip("192.0.2.1"), "ada"));
  EXPECT_TRUE(throttle.log_in(kStart + 30s, ip("192.0.2.1"), "ada"));
}

TEST_F(ThrottleTest, StopsManyAddressesThatTryOneAccount) {
  int tried = 0;
  for (int i = 0; i < 1'000; ++i) tried += throttle.log_in(kStart, address(i), "ada") ? 0 : 1;
  EXPECT_EQ(tried, 40);
  EXPECT_FALSE(throttle.log_in(kStart, address(2'000), "bob"));
}

TEST_F(ThrottleTest, StopsOneAddressThatTriesManyAccounts) {
  int tried = 0;
  for (int i = 0; i < 1'000; ++i) {
    tried += throttle.log_in(kStart, ip("192.0.2.1"), "user" + std::to_string(i)) ? 0 : 1;
  }
  EXPECT_EQ(tried, 50);
}

// Else one who is refused would still use up what others may do.
TEST_F(ThrottleTest, CountsNoAttemptThatItRefuses) {
  for (int i = 0; i < 1'000; ++i) throttle.log_in(kStart, ip("192.0.2.1"), "ada");
  int tried = 0;
  for (int i = 0; i < 1'000; ++i) tried += throttle.log_in(kStart, address(i), "ada") ? 0 : 1;
  EXPECT_EQ(tried, 30);
}

TEST_F(ThrottleTest, NeverStopsWhoGetsItRight) {
  for (int i = 0; i < 1'000; ++i) {
    EXPECT_FALSE(throttle.log_in(kStart, ip("192.0.2.1"), "ada"));
    throttle.logged_in(kStart, ip("192.0.2.1"), "ada");
  }
}

TEST_F(ThrottleTest, LimitsLoopbackToo) {
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(throttle.log_in(kStart, ip("127.0.0.1"), "ada"));
  EXPECT_TRUE(throttle.log_in(kStart, ip("127.0.0.1"), "ada"));
}

TEST_F(ThrottleTest, TakesAnIpv6NetworkForOneAddress) {
  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(throttle.log_in(kStart, ip(fmt::format("2001:db8::{}", i)), "ada"));
  }
  EXPECT_TRUE(throttle.log_in(kStart, ip("2001:db8::ffff"), "ada"));
  EXPECT_FALSE(throttle.log_in(kStart, ip("2001:db8:1::1"), "ada"));
}

TEST_F(ThrottleTest, LimitsTheRestByItself) {
  for (int i = 0; i < 30; ++i) EXPECT_FALSE(throttle.enrol(kStart, ip("192.0.2.1")));
  EXPECT_EQ(throttle.enrol(kStart, ip("192.0.2.1")), 20s);
  EXPECT_FALSE(throttle.enrol(kStart, ip("192.0.2.2")));
  for (int i = 0; i < 200; ++i) EXPECT_FALSE(throttle.refresh(kStart, ip("192.0.2.1")));
  EXPECT_EQ(throttle.refresh(kStart, ip("192.0.2.1")), 1s);
  for (int i = 0; i < 1'000; ++i) EXPECT_FALSE(throttle.ask(kStart, ip("192.0.2.1")));
  EXPECT_EQ(throttle.ask(kStart, ip("192.0.2.1")), 1s);
  for (int i = 0; i < 200; ++i) EXPECT_FALSE(throttle.change(kStart, "ada"));
  EXPECT_EQ(throttle.change(kStart, "ada"), 1s);
}

TEST_F(ThrottleTest, NeverAsksToWaitForEver) {
  Throttle once({.registrations = {.per_second = 0, .burst = 1}}, random);
  EXPECT_FALSE(once.enrol(kStart, ip("192.0.2.1")));
  EXPECT_EQ(once.enrol(kStart, ip("192.0.2.1")), 3600s);
}

}  // namespace
}  // namespace parley::account
