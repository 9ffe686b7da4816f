#include "net/source_limiter.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace parley::net {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};

IpAddress ip(std::string_view text) {
  return IpAddress::parse(text).value();
}

struct SourceLimiterTest : testing::Test {
  SourceLimiter limiter(SourceLimiter::Config config) { return {config, random}; }

  // How many of `tries` at that moment are allowed.
  static int allowed(SourceLimiter& limiter, Time now, const IpAddress& source, int tries = 1000) {
    int count = 0;
    for (int i = 0; i < tries; ++i) count += limiter.allow(now, source) ? 1 : 0;
    return count;
  }

  SeededRandom random{1};
};

TEST_F(SourceLimiterTest, AllowsABurstAndThenTheSteadyRate) {
  SourceLimiter limit = limiter({.per_second = 10, .burst = 50});
  const IpAddress source = ip("192.0.2.1");
  EXPECT_EQ(allowed(limit, kStart, source), 50);
  EXPECT_EQ(allowed(limit, kStart + 1s, source), 10);
  EXPECT_EQ(allowed(limit, kStart + 1s, source), 0);
  EXPECT_EQ(allowed(limit, kStart + 1s + 500ms, source), 5);
  EXPECT_EQ(allowed(limit, kStart + 1h, source), 50);
}

TEST_F(SourceLimiterTest, AllowsASlowSourceForEver) {
  SourceLimiter limit = limiter({.per_second = 10, .burst = 1});
  for (int i = 0; i < 1000; ++i) {
    EXPECT_TRUE(limit.allow(kStart + i * 100ms, ip("192.0.2.1"))) << i;
  }
}

TEST_F(SourceLimiterTest, CountsEachIpv4AddressByItself) {
  SourceLimiter limit = limiter({.per_second = 0, .burst = 5});
  EXPECT_EQ(allowed(limit, kStart, ip("192.0.2.1")), 5);
  EXPECT_EQ(allowed(limit, kStart, ip("192.0.2.2")), 5);
  EXPECT_EQ(allowed(limit, kStart, ip("192.0.2.1")), 0);
}

TEST_F(SourceLimiterTest, CountsAnIpv6NetworkAsOneSource) {
  SourceLimiter limit = limiter({.per_second = 0, .burst = 5});
  EXPECT_EQ(allowed(limit, kStart, ip("2001:db8::1"), 3), 3);
  EXPECT_EQ(allowed(limit, kStart, ip("2001:db8::ffff:1")), 2);
  EXPECT_EQ(allowed(limit, kStart, ip("2001:db8:0:1::1")), 5);
}

TEST_F(SourceLimiterTest, NeverLimitsLoopback) {
  SourceLimiter limit = limiter({.per_second = 0, .burst = 0});
  EXPECT_EQ(allowed(limit, kStart, ip("127.0.0.1")), 1000);
  EXPECT_EQ(allowed(limit, kStart, ip("::1")), 1000);
  EXPECT_EQ(allowed(limit, kStart, ip("192.0.2.1")), 0);
}

TEST_F(SourceLimiterTest, DoesNotForgetTheGreedyInAFloodOfMadeUpSources) {
  SourceLimiter limit = limiter({.per_second = 0.001, .burst = 10, .sources = 64});
  const IpAddress victim = ip("192.0.2.1");
  EXPECT_EQ(allowed(limit, kStart, victim), 10);
  std::mt19937 engine{1};
  for (int i = 0; i < 100'000; ++i) {
    const auto number = engine();
    limit.allow(kStart, IpAddress::v4({10, static_cast<std::uint8_t>(number),
                                       static_cast<std::uint8_t>(number >> 8),
                                       static_cast<std::uint8_t>(number >> 16)}));
    ASSERT_FALSE(limit.allow(kStart, victim)) << i;
  }
}

TEST_F(SourceLimiterTest, RemembersAsManySourcesAsItPromisesToAlmost) {
  SourceLimiter limit = limiter({.per_second = 0, .burst = 1, .sources = 1024});
  const auto source = [](int i) {
    return IpAddress::v4({10, 0, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)});
  };
  for (int i = 0; i < 512; ++i) EXPECT_TRUE(limit.allow(kStart, source(i)));
  int remembered = 0;
  for (int i = 0; i < 512; ++i) remembered += limit.allow(kStart, source(i)) ? 0 : 1;
  EXPECT_GT(remembered, 450);
}

}  // namespace
}  // namespace parley::net
