#include "net/source_counts.h"

#include <gtest/gtest.h>

namespace parley::net {
namespace {

IpAddress ip(std::string_view text) {
  return IpAddress::parse(text).value();
}

TEST(SourceCounts, CountsAnIpv4AddressByItself) {
  SourceCounts counts;
  counts.add(ip("192.0.2.1"));
  counts.add(ip("192.0.2.1"));
  counts.add(ip("192.0.2.2"));
  EXPECT_EQ(counts.of(ip("192.0.2.1")), 2u);
  EXPECT_EQ(counts.of(ip("192.0.2.2")), 1u);
  EXPECT_EQ(counts.of(ip("192.0.2.3")), 0u);
}

TEST(SourceCounts, TakesAnIpv6NetworkForOneSource) {
  SourceCounts counts;
  counts.add(ip("2001:db8:0:1::1"));
  counts.add(ip("2001:db8:0:1:ffff::2"));
  EXPECT_EQ(counts.of(ip("2001:db8:0:1::3")), 2u);
  EXPECT_EQ(counts.of(ip("2001:db8:0:2::1")), 0u);
}

TEST(SourceCounts, ForgetsWhatIsGone) {
  SourceCounts counts;
  counts.add(ip("192.0.2.1"));
  counts.add(ip("192.0.2.1"));
  counts.remove(ip("192.0.2.1"));
  EXPECT_EQ(counts.of(ip("192.0.2.1")), 1u);
  counts.remove(ip("192.0.2.1"));
  EXPECT_EQ(counts.of(ip("192.0.2.1")), 0u);
}

TEST(SourceCounts, LeavesLoopbackOut) {
  SourceCounts counts;
  for (const auto& here : {ip("127.0.0.2"), ip("::1")}) {
    counts.add(here);
    EXPECT_EQ(counts.of(here), 0u);
    counts.remove(here);
  }
}

TEST(SourceOf, IsTheAddressOrItsNetwork) {
  EXPECT_EQ(source_of(ip("192.0.2.1")), ip("192.0.2.1"));
  EXPECT_EQ(source_of(ip("2001:db8:1:2:3:4:5:6")), ip("2001:db8:1:2::"));
}

}  // namespace
}  // namespace parley::net
