#include "server/config_file.h"

#include <gtest/gtest.h>

namespace parley::server {
namespace {

std::string sentence(std::string_view text) {
  Config config;
  const auto applied = apply_text(text, "parley.toml", config);
  return applied ? "" : applied.error();
}

TEST(ConfigFile, SetsWhatItNamesAndLeavesTheRest) {
  Config config;
  ASSERT_TRUE(apply_text(R"(
data = "/var/lib/parley"
public_address = "203.0.113.7"

[http]
listen = "127.0.0.1:9000"
allowed_origins = ["https://example.org"]
trusted_proxies = ["127.0.0.1", "10.0.0.0/8"]

[https]
listen = "off"
certificate = "/c.pem"
key = "/k.pem"

[rooms]
max_participants = 4
grace = 10

[log]
level = "warning"
)",
                         "parley.toml", config));
  EXPECT_EQ(config.data, "/var/lib/parley");
  EXPECT_EQ(config.public_address->to_string(), "203.0.113.7");
  EXPECT_EQ(config.http.listen.address.to_string(), "127.0.0.1:9000");
  EXPECT_EQ(config.http.allowed_origins, std::vector<std::string>{"https://example.org"});
  EXPECT_EQ(config.http.trusted_proxies.size(), 2u);
  EXPECT_FALSE(config.https.listen.enabled);
  EXPECT_EQ(config.https.certificate, "/c.pem");
  EXPECT_EQ(config.https.key, "/k.pem");
  EXPECT_EQ(config.rooms.max_participants, 4);
  EXPECT_EQ(config.rooms.grace, std::chrono::seconds{10});
  EXPECT_EQ(config.rooms.max_rooms, 10'000);
  EXPECT_EQ(config.log_level, log::Level::kWarning);
}

TEST(ConfigFile, NamesTheLineAndKeyOfABadValue) {
  EXPECT_EQ(sentence("\n[rooms]\nmax_participants = \"many\"\n"),
            "parley.toml, line 3: rooms.max_participants must be a whole number from 2 to 2000, "
            "not \"many\".");
  EXPECT_EQ(sentence("data = 5"), "parley.toml, line 1: data must be a text, not 5.");
}

TEST(ConfigFile, NamesAnUnknownKeyAndTheOneThatWasMeant) {
  EXPECT_EQ(sentence("[http]\n\nlisen = \"127.0.0.1:1\""),
            "parley.toml, line 3: http.lisen is not a known key; did you mean http.listen?");
  EXPECT_EQ(sentence("colour = \"red\""), "parley.toml, line 1: colour is not a known key.");
  EXPECT_EQ(sentence("[htp]\nlisten = \"127.0.0.1:1\""),
            "parley.toml, line 1: htp is not a known key.");
  EXPECT_EQ(sentence("[http.listen]\na = 1"),
            "parley.toml, line 1: http.listen has a value of a kind that it cannot take.");
}

TEST(ConfigFile, NamesAKeyWhoseValueIsOfAnotherKind) {
  EXPECT_EQ(sentence("[rooms]\ngrace = 1.5"),
            "parley.toml, line 2: rooms.grace has a value of a kind that it cannot take.");
  EXPECT_EQ(sentence("[http]\ntrusted_proxies = [1]"),
            "parley.toml, line 2: http.trusted_proxies has a value of a kind that it cannot take.");
}

TEST(ConfigFile, NamesTheLineOfASyntaxError) {
  const std::string error = sentence("data = \"x\"\n[http\n");
  EXPECT_TRUE(error.starts_with("parley.toml, line 2: ")) << error;
  EXPECT_TRUE(error.ends_with(".")) << error;
}

TEST(ConfigFile, ThatIsNotThereIsSaidPlainly) {
  Config config;
  EXPECT_EQ(apply_file("/nowhere/parley.toml", config).error(),
            "/nowhere/parley.toml cannot be read: No such file or directory.");
}

}  // namespace
}  // namespace parley::server
