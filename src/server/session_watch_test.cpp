#include "server/session_watch.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <vector>

#include "server/calendar.h"
#include "store/sqlite.h"

namespace parley::server {
namespace {

class SessionWatchTest : public testing::Test {
 protected:
  SessionWatchTest() {
    std::string path = (std::filesystem::temp_directory_path() / "parley-watch-XXXXXX").string();
    ::mkdtemp(path.data());
    folder_ = path;
    storage_.emplace(loop_, store::open_sqlite(folder_ + "/a.db").value());
    watch_.emplace(loop_, *storage_, identities_);
    other_process_ = store::open_sqlite(folder_ + "/a.db").value();
    user_ = other_process_->users().add({.name = "ada"}).value();
  }
  ~SessionWatchTest() override {
    settle();
    std::filesystem::remove_all(folder_);
  }

  store::SessionId open(std::uint8_t family) {
    store::Session session{.user = user_, .expires = unix_now() + std::chrono::hours{1}};
    session.family.fill(family);
    return other_process_->sessions().add(session).value();
  }

  SessionWatch::Guard watch(store::SessionId session) {
    return watch_->watch(session, [this, session] { ended_.push_back(session); });
  }

  bool ends_soon(std::size_t how_many) {
    for (int turns = 0; turns < 500 && ended_.size() < how_many; ++turns) {
      loop_.run_turn(std::chrono::milliseconds{10});
    }
    return ended_.size() == how_many;
  }
  void settle() {
    while (storage_->counters().queued > 0) loop_.run_turn(std::chrono::milliseconds{10});
  }

  std::string folder_;
  io::EventLoop loop_;
  const std::string secret_ = std::string(32, 's');
  Identities identities_{as_bytes(secret_)};
  std::optional<Storage> storage_;
  std::optional<SessionWatch> watch_;
  std::unique_ptr<store::Store> other_process_;
  store::UserId user_ = {};
  std::vector<store::SessionId> ended_;
};

TEST_F(SessionWatchTest, NoticesWhatAnotherProcessEnds) {
  const auto first = open(1), second = open(2);
  const auto one = watch(first), two = watch(second);
  settle();
  EXPECT_TRUE(ended_.empty());
  ASSERT_TRUE(other_process_->sessions().remove(second));
  EXPECT_TRUE(ends_soon(1));
  EXPECT_EQ(ended_, std::vector{second});
}

TEST_F(SessionWatchTest, LooksAtASessionWhenItComes) {
  const auto session = open(1);
  ASSERT_TRUE(other_process_->sessions().remove(session));
  const auto guard = watch(session);
  EXPECT_TRUE(ended_.empty());
  EXPECT_TRUE(ends_soon(1));
}

TEST_F(SessionWatchTest, ShutsEveryDoorOfASessionThatEndsHere) {
  const auto session = open(1);
  const auto one = watch(session), two = watch(session);
  settle();
  identities_.revoke(session);
  EXPECT_TRUE(ended_.empty()) << "not while somebody else's call is under way";
  EXPECT_TRUE(ends_soon(2));
  identities_.revoke(session);
  loop_.run_turn({});
  EXPECT_EQ(ended_.size(), 2u);
}

TEST_F(SessionWatchTest, TellsNobodyWhoIsGone) {
  const auto session = open(1);
  std::optional<SessionWatch::Guard> second;
  const auto first = watch_->watch(session, [&] {
    ended_.push_back(session);
    second.reset();
  });
  second = watch(session);
  { const auto third = watch(session); }
  settle();
  identities_.revoke(session);
  EXPECT_TRUE(ends_soon(1));
  loop_.run_turn({});
  EXPECT_EQ(ended_.size(), 1u);
}

TEST_F(SessionWatchTest, ForgetsASessionWithItsLastConnection) {
  const auto session = open(1);
  {
    auto one = watch(session);
    const auto two = watch(session);
    EXPECT_EQ(watch_->size(), 1u);
    one = SessionWatch::Guard();
    EXPECT_EQ(watch_->size(), 1u);
  }
  EXPECT_EQ(watch_->size(), 0u);
  settle();
}

}  // namespace
}  // namespace parley::server
