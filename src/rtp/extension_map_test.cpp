#include "rtp/extension_map.h"

#include <gtest/gtest.h>

#include <set>

namespace parley::rtp {
namespace {

TEST(ExtensionMap, KnowsEachExtensionByItsUriAndBack) {
  std::set<std::string_view> uris;
  for (std::size_t i = 0; i < kExtensions; ++i) {
    const auto extension = static_cast<Extension>(i);
    EXPECT_EQ(extension_of(uri_of(extension)), extension);
    uris.insert(uri_of(extension));
  }
  EXPECT_EQ(uris.size(), kExtensions);
  EXPECT_EQ(uri_of(Extension::kAbsoluteCaptureTime),
            "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time");
  EXPECT_FALSE(extension_of("urn:ietf:params:rtp-hdrext:toffset").has_value());
}

TEST(ExtensionMap, FindsBothWays) {
  ExtensionMap map;
  map.set(Extension::kMid, 4);
  map.set(Extension::kAudioLevel, 1);
  EXPECT_EQ(map.id_of(Extension::kMid), 4);
  EXPECT_EQ(map.find(1), Extension::kAudioLevel);
  EXPECT_FALSE(map.id_of(Extension::kRid).has_value());
  EXPECT_FALSE(map.find(0).has_value());
  EXPECT_FALSE(map.find(9).has_value());
}

TEST(ExtensionMap, LetsTheLaterWin) {
  ExtensionMap map;
  map.set(Extension::kMid, 4);
  map.set(Extension::kRid, 4);
  EXPECT_EQ(map.find(4), Extension::kRid);
  EXPECT_FALSE(map.id_of(Extension::kMid).has_value());
  map.set(Extension::kRid, 5);
  EXPECT_FALSE(map.find(4).has_value());
  EXPECT_EQ(map.find(5), Extension::kRid);
}

}  // namespace
}  // namespace parley::rtp
