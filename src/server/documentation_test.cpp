#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "server/config_file.h"
#include "server/settings.h"

// docs/operating.md against the code.
namespace parley::server {
namespace {

std::string operating() {
  std::ifstream stream(PARLEY_SOURCE_DIR "/docs/operating.md");
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(Documentation, NamesEveryKeyAndFlag) {
  const std::string page = operating();
  for (const Setting& setting : all_settings()) {
    EXPECT_NE(page.find("`" + std::string(setting.key) + "`"), page.npos) << setting.key;
    EXPECT_NE(page.find(std::string(setting.flag)), page.npos) << setting.flag;
  }
}

TEST(Documentation, ShowsAFileThatIsAccepted) {
  const std::string page = operating();
  std::size_t files = 0;
  for (std::size_t at = page.find("```toml\n"); at != page.npos; at = page.find("```toml\n", at)) {
    at += 8;
    Config config;
    const auto applied = apply_text(page.substr(at, page.find("```", at) - at), "it", config);
    EXPECT_TRUE(applied.has_value()) << applied.error();
    ++files;
  }
  EXPECT_EQ(files, 7u);
}

}  // namespace
}  // namespace parley::server
