#include "server/whip/sdp_fragment.h"

#include <gtest/gtest.h>

namespace parley::server {
namespace {

constexpr std::string_view kFragment =
    "a=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=ice-ufrag:EsAw\r\n"
    "a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\na=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 "
    "typ host\r\na=end-of-candidates\r\n";

TEST(SdpFragment, HasTheCredentials) {
  const auto fragment = SdpFragment::parse(kFragment);
  ASSERT_TRUE(fragment);
  EXPECT_EQ(fragment->ufrag, "EsAw");
  EXPECT_EQ(fragment->pwd, "P2uYro0UCOQ4zxjKXaWCBui1");
}

TEST(SdpFragment, RefusesWhatIsNone) {
  EXPECT_FALSE(SdpFragment::parse(""));
  EXPECT_FALSE(SdpFragment::parse("hello"));
  EXPECT_FALSE(SdpFragment::parse("a=ice-ufrag:x\r\n"));
  EXPECT_FALSE(SdpFragment::parse("a=ice-pwd:x\r\n"));
  EXPECT_FALSE(SdpFragment::parse(std::string(SdpFragment::kMaxSize + 1, 'a')));
  EXPECT_FALSE(SdpFragment::parse("{\"candidate\": 1}"));
}

TEST(SdpFragment, MayBeOfCandidatesAlone) {
  EXPECT_EQ(SdpFragment::parse("a=mid:0\r\na=candidate:1 1 udp 1 192.0.2.1 4 typ host\r\n"),
            SdpFragment());
  EXPECT_EQ(SdpFragment::parse("a=end-of-candidates\r\n"), SdpFragment());
  EXPECT_FALSE(SdpFragment::parse("a=mid:0\r\n"));
  EXPECT_FALSE(SdpFragment::parse("a=ice-ufrag:x\r\na=end-of-candidates\r\n"));
}

TEST(SdpFragment, IsReadWhateverItsLinesEndWith) {
  EXPECT_TRUE(SdpFragment::parse("a=ice-ufrag:x\na=ice-pwd:y\n"));
  EXPECT_TRUE(SdpFragment::parse("a=ice-ufrag:x\r\na=ice-pwd:y"));
}

TEST(SdpFragment, PutsOtherCredentialsIntoADescription) {
  const std::string offer =
      "v=0\r\nm=audio 9 X 0\r\na=ice-ufrag:old\r\na=ice-pwd:older\r\nm=video 9 X 1\r\n"
      "a=ice-ufrag:old\r\na=ice-pwd:older\r\n";
  EXPECT_EQ(credentials_of(offer), (SdpFragment{.ufrag = "old", .pwd = "older"}));
  EXPECT_EQ(with_credentials(offer, {.ufrag = "new", .pwd = "newer"}),
            "v=0\r\nm=audio 9 X 0\r\na=ice-ufrag:new\r\na=ice-pwd:newer\r\nm=video 9 X 1\r\n"
            "a=ice-ufrag:new\r\na=ice-pwd:newer\r\n");
  EXPECT_FALSE(credentials_of("v=0\r\n"));
}

TEST(SdpFragment, TellsOfAnAnswerWhatBelongsToThePath) {
  EXPECT_EQ(
      fragment_of("v=0\r\na=ice-lite\r\na=group:BUNDLE 0 1\r\na=msid-semantic: WMS *\r\n"
                  "m=audio 9 X 0\r\na=mid:0\r\na=ice-options:ice2\r\n"
                  "a=rtcp-mux\r\na=ice-ufrag:u\r\na=ice-pwd:p\r\na=candidate:1 1 udp 1 192.0.2.1 "
                  "4 typ host\r\nm=video 9 X 1\r\na=mid:1\r\na=ice-ufrag:u\r\n"),
      "a=ice-lite\r\na=group:BUNDLE 0 1\r\nm=audio 9 X 0\r\na=mid:0\r\na=ice-options:ice2\r\n"
      "a=ice-ufrag:u\r\na=ice-pwd:p\r\na=candidate:1 1 udp 1 192.0.2.1 4 typ host\r\n");
}

}  // namespace
}  // namespace parley::server
