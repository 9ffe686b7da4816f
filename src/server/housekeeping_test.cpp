#include "server/housekeeping.h"

#include <gtest/gtest.h>

#include "io/clock.h"
#include "server/test_storage.h"

namespace parley::server {
namespace {

using namespace std::chrono_literals;
using store::Result;
using store::Store;

class HousekeepingTest : public testing::Test {
 protected:
  // What `make` puts there is kept before the house is kept.
  void given(std::move_only_function<void(Store&)> make) {
    ASSERT_TRUE(storage_.await([&](Store& store) -> Result<void> {
      make(store);
      return {};
    }));
  }
  bool has_room(std::string name) {
    return storage_.await([name](Store& store) { return store.rooms().find(name); })
        .value()
        .has_value();
  }
  static void add_room(Store& store, std::string name, UnixMillis last_used,
                       store::UserId owner = {}) {
    EXPECT_TRUE(store.rooms().add({.name = name, .owner = owner, .last_used = last_used}));
  }
  void keep_until(Housekeeping& housekeeping, std::uint64_t rooms) {
    while (housekeeping.counters().rooms < rooms) loop_.run_turn(1s);
  }

  const UnixMillis now_ = std::chrono::floor<std::chrono::milliseconds>(io::wall_now());
  io::EventLoop loop_;
  TestStorage storage_{loop_};
};

TEST_F(HousekeepingTest, ForgetsRoomsWithoutAnOwnerThatWereNotUsedForLong) {
  given([&](Store& store) {
    const auto ada = store.users().add({.name = "ada"}).value();
    add_room(store, "old", now_ - 3h);
    add_room(store, "fresh", now_ - 1h);
    add_room(store, "owned", now_ - 3h, ada);
  });
  Housekeeping housekeeping(loop_, *storage_, {.forget_rooms_after = 2h});
  storage_.settle();
  EXPECT_FALSE(has_room("old"));
  EXPECT_TRUE(has_room("fresh"));
  EXPECT_TRUE(has_room("owned"));
  EXPECT_EQ(housekeeping.counters().rooms, 1u);
}

TEST_F(HousekeepingTest, GoesOnAtOnceWhereThereIsMore) {
  given([&](Store& store) {
    for (int i = 0; i < 25; ++i) add_room(store, std::to_string(i), now_ - 3h);
  });
  Housekeeping housekeeping(loop_, *storage_, {.forget_rooms_after = 2h, .rooms_at_once = 10});
  keep_until(housekeeping, 25);
}

TEST_F(HousekeepingTest, ComesAgain) {
  Housekeeping housekeeping(loop_, *storage_, {.forget_rooms_after = 2h, .interval = 1ms});
  storage_.settle();
  given([&](Store& store) { add_room(store, "old", now_ - 3h); });
  keep_until(housekeeping, 1);
}

TEST_F(HousekeepingTest, EndsSessionsThatExpired) {
  given([&](Store& store) {
    const auto ada = store.users().add({.name = "ada"}).value();
    EXPECT_TRUE(store.sessions().add({.user = ada, .family = {1}, .expires = now_ - 1s}));
    EXPECT_TRUE(store.sessions().add({.user = ada, .family = {2}, .expires = now_ + 1h}));
  });
  Housekeeping housekeeping(loop_, *storage_, {});
  storage_.settle();
  EXPECT_EQ(housekeeping.counters().sessions, 1u);
}

}  // namespace
}  // namespace parley::server
