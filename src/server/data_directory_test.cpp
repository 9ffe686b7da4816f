#include "server/data_directory.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace parley::server {
namespace {

unsigned mode_of(const std::string& path) {
  struct stat status = {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 0777;
}

class DataDirectoryTest : public testing::Test {
 protected:
  DataDirectoryTest() {
    std::string pattern = testing::TempDir() + "parley-data-XXXXXX";
    root_ = ::mkdtemp(pattern.data());
  }
  ~DataDirectoryTest() override { std::filesystem::remove_all(root_); }

  DataDirectory open() { return DataDirectory::open(path()).value(); }
  std::string path() const { return root_ + "/deep/data"; }

  std::string root_;
  SeededRandom random_{1};
};

TEST_F(DataDirectoryTest, IsMadeForItsOwnerAlone) {
  open();
  EXPECT_EQ(mode_of(path()), 0700u);
  open();  // And again, now that it is there.
}

TEST_F(DataDirectoryTest, KeepsOneKeyForAllRuns) {
  const auto key = open().secret_key(random_).value();
  EXPECT_EQ(open().secret_key(random_).value(), key);
  EXPECT_EQ(mode_of(path() + "/secret.key"), 0600u);
  std::filesystem::remove(path() + "/secret.key");
  EXPECT_NE(open().secret_key(random_).value(), key);
}

TEST_F(DataDirectoryTest, IsOfOneServerAtATime) {
  auto lock = open().lock().value();
  EXPECT_EQ(open().lock().error(),
            path() + " is in use by another Parley; give each its own by --data.");
  EXPECT_EQ(mode_of(path() + "/lock"), 0600u);
  lock.reset();
  EXPECT_TRUE(open().lock());
}

TEST_F(DataDirectoryTest, RefusesAKeyThatIsCutShort) {
  const DataDirectory data = open();
  std::ofstream(data.file("secret.key")) << "short";
  EXPECT_EQ(data.secret_key(random_).error(),
            path() + "/secret.key must hold 32 bytes, not 5; delete it for a new one.");
}

TEST_F(DataDirectoryTest, ReplacesAFileAsAWhole) {
  const DataDirectory data = open().subdirectory("tls").value();
  ASSERT_TRUE(data.write("cert.pem", "first"));
  ASSERT_TRUE(data.write("cert.pem", "second"));
  std::ifstream stream(path() + "/tls/cert.pem");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(stream), {}), "second");
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(path() + "/tls")) {
    ++files;
  }
  EXPECT_EQ(files, 1u);  // No draft is left.
}

TEST_F(DataDirectoryTest, ThatCannotBeSaysWhyAndWhichFlag) {
  std::ofstream(root_ + "/file") << "x";
  EXPECT_EQ(DataDirectory::open(root_ + "/file/data").error(),
            root_ + "/file/data cannot be made: Not a directory; see --data.");
  ::chmod((root_ + "/file").c_str(), 0700);
  EXPECT_EQ(DataDirectory::open(root_ + "/file").error(),
            root_ + "/file is no directory; see --data.");
}

}  // namespace
}  // namespace parley::server
