#include "turn/user.h"

#include <gtest/gtest.h>

#include "turn/protocol.h"
#include "turn/test_server.h"

namespace parley::turn {
namespace {

using test::make_config;
using test::TestClient;
using test::TestServer;
using test::udp_from;

// As md5sum and sha256sum have them of "ada:example.org:lovelace".
constexpr std::string_view kSha256 =
    "sha256=0x23ab1a1ff6733047562b5001b16d7620b6c1b3023b1229adab37e81ca75dcde3";
constexpr std::string_view kMd5 = "md5=0x76a3c3b143a322e9562ccb8235a76b95";

std::string both() {
  return std::string(kSha256) + "," + std::string(kMd5);
}

TEST(LongTermKeys, AreWrittenAndReadAsTheyWereMade) {
  const LongTermKeys keys = make_keys("example.org", {"ada", "lovelace"});
  EXPECT_EQ(to_string(keys), both());
  EXPECT_EQ(parse_keys(both()), keys);
  EXPECT_EQ(parse_keys(std::string(kMd5) + "," + std::string(kSha256)), keys);
  for (const std::string_view one : {kSha256, kMd5}) {
    const auto parsed = parse_keys(one);
    ASSERT_TRUE(parsed) << one;
    EXPECT_EQ(to_string(*parsed), one);
  }
}

TEST(LongTermKeys, AreNoneWhereTheyCouldBeAPassword) {
  const std::string md5(kMd5);
  for (const std::string& text :
       {std::string(), md5 + "0", md5.substr(0, md5.size() - 1), md5.substr(4), "sha1=" + md5,
        md5 + "," + md5, md5 + ",", "," + md5, std::string("md5=0x"), both() + "," + md5,
        md5 + " "}) {
    EXPECT_FALSE(parse_keys(text)) << text;
  }
  for (std::size_t size = 0; size < both().size(); ++size) {
    if (size == kSha256.size()) continue;
    EXPECT_FALSE(parse_keys(both().substr(0, size))) << size;
  }
}

TEST(LongTermKeys, AreFoundByTheAlgorithmOfTheRequest) {
  const auto keys = parse_keys(kMd5).value();
  EXPECT_FALSE(keys.find(kAlgorithmSha256));
  ASSERT_TRUE(keys.find(kAlgorithmMd5));
  EXPECT_EQ(keys.find(kAlgorithmMd5)->size(), 16u);
}

// What a password has let in its keys let in, and of the other algorithm nobody.
TEST(LongTermKeys, LetInWhoKnowsThePassword) {
  ServerConfig config = make_config();
  config.users = {{.username = "ada", .keys = parse_keys(kMd5).value()},
                  {.username = "eve", .keys = parse_keys(kSha256).value()}};
  TestServer world(config);
  TestClient ada(world, udp_from("198.51.100.7:1234"));
  EXPECT_EQ(ada.allocate().code(), 0);
  EXPECT_EQ(ada.refresh(600).code(), 0);
  TestClient wrong(world, udp_from("198.51.100.7:1235"), {"ada", "byron"});
  EXPECT_EQ(wrong.allocate().code(), 401);
  TestClient eve(world, udp_from("198.51.100.7:1236"), {"eve", "lovelace"});
  EXPECT_EQ(eve.allocate().code(), 401) << "there is no MD5 key of hers";
}

}  // namespace
}  // namespace parley::turn
