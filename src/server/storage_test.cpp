#include "server/storage.h"

#include <gtest/gtest.h>

#include <latch>
#include <string>

#include "server/test_storage.h"
#include "store/test_store.h"

namespace parley::server {
namespace {

using store::Error;
using store::Result;
using store::Store;

Result<store::UserId> add_user(Store& store, std::string name) {
  return store.users().add({.name = std::move(name)});
}

std::string names(Store& store) {
  std::string names;
  const auto users = store.users().list("", 1'000);
  for (const store::User& user : *users) names += user.name + " ";
  return names;
}

class StorageTest : public testing::Test {
 protected:
  void add(std::string name) {
    storage_->run(
        [name](Store& store) { return add_user(store, name); },
        [this, name](Result<store::UserId> id) { told_ += name + (id ? "" : "!") + " "; });
  }
  // Keeps the thread busy until the latch is counted down.
  void block(std::latch& latch) {
    storage_->run(
        [&latch](Store&) -> Result<void> {
          latch.wait();
          return {};
        },
        [](Result<void>) {});
  }
  std::string kept() {
    return storage_.await([](Store& store) -> Result<std::string> { return names(store); }).value();
  }

  io::EventLoop loop_;
  TestStorage storage_{loop_};
  std::string told_;
};

TEST_F(StorageTest, TellsWhatCameOfAJobLaterAndOnTheLoop) {
  const auto thread = std::this_thread::get_id();
  bool told = false;
  storage_->run([&](Store& store) { return add_user(store, "ada"); },
                [&](Result<store::UserId> id) {
                  EXPECT_TRUE(id);
                  EXPECT_EQ(std::this_thread::get_id(), thread);
                  told = true;
                });
  EXPECT_FALSE(told);
  storage_.settle();
  EXPECT_TRUE(told);
}

TEST_F(StorageTest, CarriesOutJobsInOrder) {
  for (const char* const name : {"c", "a", "b"}) add(name);
  storage_.settle();
  EXPECT_EQ(told_, "c a b ");
  EXPECT_EQ(storage_->counters().jobs, 3u);
}

TEST_F(StorageTest, WhatWaitsSharesACommit) {
  std::latch latch(1);
  block(latch);
  while (storage_->counters().queued == 0) loop_.run_turn({});
  for (int i = 0; i < 10; ++i) add("user" + std::to_string(i));
  latch.count_down();
  storage_.settle();
  EXPECT_LE(storage_->counters().commits, 2u);
  EXPECT_EQ(storage_->counters().jobs, 11u);
  EXPECT_GT(storage_->counters().busy.count(), 0);
}

TEST_F(StorageTest, AJobThatFailsUndoesItselfAndNoOther) {
  std::latch latch(1);
  block(latch);
  add("ada");
  storage_->run(
      [](Store& store) -> Result<void> {
        EXPECT_TRUE(add_user(store, "half"));
        return std::unexpected(Error::kFull);
      },
      [this](Result<void> result) {
        EXPECT_EQ(result.error(), Error::kFull);
        told_ += "half! ";
      });
  add("ada");
  add("bob");
  latch.count_down();
  storage_.settle();
  EXPECT_EQ(told_, "ada half! ada! bob ");
  EXPECT_EQ(kept(), "ada bob ");
  EXPECT_EQ(storage_->counters().unavailable, 0u);
}

TEST_F(StorageTest, AJobMayBeGivenWhileAnotherIsTold) {
  storage_->run([](Store& store) { return add_user(store, "ada"); },
                [this](Result<store::UserId>) { add("bob"); });
  storage_.settle();
  EXPECT_EQ(kept(), "ada bob ");
}

TEST(Storage, RefusesWhatFindsTheQueueFull) {
  io::EventLoop loop;
  Storage storage(loop, store::open_in_memory(), {.max_queued = 2});
  std::latch latch(1);
  std::string told;
  for (const char* const name : {"one ", "two ", "three "}) {
    storage.run(
        [&](Store&) -> Result<void> {
          latch.wait();
          return {};
        },
        [&told, name](Result<void> result) {
          told += result ? name : to_string(result.error());
          told += result ? "" : " ";
        });
  }
  EXPECT_EQ(told, "");
  loop.run_turn({});
  EXPECT_EQ(told, "unavailable ");
  EXPECT_EQ(storage.counters().refused, 1u);
  latch.count_down();
  while (storage.counters().queued > 0) loop.run_turn(std::chrono::seconds{1});
  EXPECT_EQ(told, "unavailable one two ");
}

// A store whose disk takes nothing.
class FullStore final : public Store {
 public:
  store::Users& users() override { return inner_->users(); }
  store::Sessions& sessions() override { return inner_->sessions(); }
  store::ApiTokens& api_tokens() override { return inner_->api_tokens(); }
  store::Rooms& rooms() override { return inner_->rooms(); }
  store::Memberships& memberships() override { return inner_->memberships(); }
  store::Chat& chat() override { return inner_->chat(); }
  store::Todos& todos() override { return inner_->todos(); }
  store::Questions& questions() override { return inner_->questions(); }
  Result<std::int64_t> version() override { return inner_->version(); }

 protected:
  Result<void> begin() override {
    ++depth_;
    return {};
  }
  Result<void> commit() override {
    if (--depth_ == 0) return std::unexpected(Error::kUnavailable);
    return {};
  }
  void roll_back() override { --depth_; }

 private:
  std::unique_ptr<Store> inner_ = store::open_in_memory();
  int depth_ = 0;
};

TEST(Storage, NothingIsToldAsKeptThatTheDiskDidNotTake) {
  io::EventLoop loop;
  Storage storage(loop, std::make_unique<FullStore>());
  for (const char* const name : {"ada", "bob"}) {
    storage.run([name](Store& store) { return add_user(store, name); },
                [](Result<store::UserId> id) { EXPECT_EQ(id.error(), Error::kUnavailable); });
  }
  while (storage.counters().queued > 0) loop.run_turn(std::chrono::seconds{1});
  EXPECT_EQ(storage.counters().unavailable, 2u);
}

TEST(Storage, CarriesOutWhatWasGivenBeforeItEndsAndTellsNobody) {
  const store::TemporaryFolder folder;
  io::EventLoop loop;
  {
    Storage storage(loop, store::open_sqlite(folder.file("parley.db")).value());
    for (int i = 0; i < 100; ++i) {
      storage.run([i](Store& store) { return add_user(store, std::to_string(i)); },
                  [](Result<store::UserId>) { ADD_FAILURE(); });
    }
  }
  loop.run_turn({});
  const auto store = store::open_sqlite(folder.file("parley.db")).value();
  EXPECT_EQ(store->users().list("", 1'000)->size(), 100u);
}

TEST(Storage, MayEndWhileItTells) {
  io::EventLoop loop;
  auto storage = std::make_unique<Storage>(loop, store::open_in_memory());
  bool told = false;
  storage->run([](Store& store) { return add_user(store, "ada"); },
               [&](Result<store::UserId>) {
                 told = true;
                 storage.reset();
               });
  while (!told) loop.run_turn(std::chrono::seconds{1});
}

}  // namespace
}  // namespace parley::server
