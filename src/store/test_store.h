#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "store/sqlite.h"

namespace parley::store {

// A moment that many seconds after the tests' beginning.
constexpr UnixMillis at(int seconds) {
  return UnixMillis(std::chrono::seconds(1'793'000'000 + seconds));
}

constexpr Digest digest_of(std::uint8_t seed) {
  Digest digest = {};
  digest.fill(seed);
  return digest;
}

// A folder that goes with the object.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    path_ = testing::TempDir() + "parley-store-XXXXXX";
    if (::mkdtemp(path_.data()) == nullptr) ADD_FAILURE() << path_;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};

// A test of every implementation there is: it uses nothing but the interfaces.
class StoreTest : public testing::TestWithParam<std::unique_ptr<Store> (*)(const Limits&)> {
 protected:
  // An empty one.
  std::unique_ptr<Store> make(const Limits& limits = {}) const { return GetParam()(limits); }

  static UserId add_user(Store& store, std::string name) {
    return store.users().add({.name = name, .display_name = name, .created = at(0)}).value();
  }
  static RoomId add_room(Store& store, std::string name, UserId owner = {}) {
    return store.rooms()
        .add({.name = name, .owner = owner, .created = at(0), .last_used = at(0)})
        .value();
  }

  std::unique_ptr<Store> store_ = make();
};

#define PARLEY_TEST_EVERY_STORE(Suite) \
  INSTANTIATE_TEST_SUITE_P(Sqlite, Suite, testing::Values(&open_in_memory))

}  // namespace parley::store
