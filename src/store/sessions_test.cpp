#include <vector>

#include "store/test_store.h"

namespace parley::store {
namespace {

class SessionsTest : public StoreTest {
 protected:
  Session session(std::uint8_t seed, int refreshed = 0) const {
    return {.user = ada_,
            .family = digest_of(seed),
            .refresh = digest_of(static_cast<std::uint8_t>(seed + 100)),
            .created = at(0),
            .refreshed = at(refreshed),
            .expires = at(refreshed + 1'000),
            .user_agent = "Firefox on Linux"};
  }

  UserId ada_ = add_user(*store_, "ada");
};
PARLEY_TEST_EVERY_STORE(SessionsTest);

TEST_P(SessionsTest, FindsASessionByIdAndByFamily) {
  Session expected = session(1);
  expected.id = store_->sessions().add(expected).value();
  EXPECT_EQ(store_->sessions().find(expected.id).value(), expected);
  EXPECT_EQ(store_->sessions().find_by_family(digest_of(1)).value(), expected);
  EXPECT_EQ(store_->sessions().find_by_family(digest_of(2)).value(), std::nullopt);
  EXPECT_EQ(store_->sessions().add(session(1)).error(), Error::kConflict);
}

TEST_P(SessionsTest, ARefreshKeepsWhatWasGoodAsThePrevious) {
  Session expected = session(1);
  expected.id = store_->sessions().add(expected).value();
  ASSERT_TRUE(store_->sessions().refresh(expected.id, digest_of(7), at(50), at(5'000)));
  expected.previous = expected.refresh;
  expected.refresh = digest_of(7);
  expected.refreshed = at(50);
  expected.expires = at(5'000);
  EXPECT_EQ(store_->sessions().find(expected.id).value(), expected);
  EXPECT_EQ(store_->sessions().refresh({expected.id.value + 1}, {}, at(0), at(0)).error(),
            Error::kNotFound);
}

TEST_P(SessionsTest, ListsTheLastRefreshedFirst) {
  const SessionId old = store_->sessions().add(session(1, 10)).value();
  const SessionId fresh = store_->sessions().add(session(2, 30)).value();
  const SessionId middle = store_->sessions().add(session(3, 20)).value();
  std::vector<SessionId> ids;
  const auto all = store_->sessions().list(ada_);
  for (const Session& each : *all) ids.push_back(each.id);
  EXPECT_EQ(ids, (std::vector{fresh, middle, old}));
  EXPECT_TRUE(store_->sessions().list({ada_.value + 1}).value().empty());
}

TEST_P(SessionsTest, EndsOneOrAllOrAllButOne) {
  const SessionId first = store_->sessions().add(session(1)).value();
  const SessionId second = store_->sessions().add(session(2)).value();
  ASSERT_TRUE(store_->sessions().add(session(3)));
  ASSERT_TRUE(store_->sessions().remove(first));
  EXPECT_EQ(store_->sessions().remove(first).error(), Error::kNotFound);
  ASSERT_TRUE(store_->sessions().remove_all(ada_, second));
  ASSERT_EQ(store_->sessions().list(ada_)->size(), 1u);
  EXPECT_EQ(store_->sessions().list(ada_)->front().id, second);
  ASSERT_TRUE(store_->sessions().remove_all(ada_, {}));
  EXPECT_TRUE(store_->sessions().list(ada_)->empty());
}

TEST_P(SessionsTest, ForgetsThoseThatExpired) {
  ASSERT_TRUE(store_->sessions().add(session(1, 0)));
  ASSERT_TRUE(store_->sessions().add(session(2, 1)));
  EXPECT_EQ(store_->sessions().remove_expired(at(999)).value(), 0u);
  EXPECT_EQ(store_->sessions().remove_expired(at(1'000)).value(), 1u);
  EXPECT_EQ(store_->sessions().list(ada_)->size(), 1u);
}

TEST_P(SessionsTest, DropsTheLongestUnusedBeyondTheLimit) {
  store_ = make({.sessions_per_user = 2});
  ada_ = add_user(*store_, "ada");
  ASSERT_TRUE(store_->sessions().add(session(1, 30)));
  ASSERT_TRUE(store_->sessions().add(session(2, 10)));
  ASSERT_TRUE(store_->sessions().add(session(3, 20)));
  EXPECT_EQ(store_->sessions().list(ada_)->size(), 2u);
  EXPECT_EQ(store_->sessions().find_by_family(digest_of(2)).value(), std::nullopt);
}

TEST_P(SessionsTest, BelongsToAUserWhoIsThere) {
  Session stray = session(1);
  stray.user = {ada_.value + 1};
  EXPECT_EQ(store_->sessions().add(stray).error(), Error::kNotFound);
}

}  // namespace
}  // namespace parley::store
