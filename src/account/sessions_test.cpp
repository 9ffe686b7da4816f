#include "account/sessions.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "account/secrets.h"
#include "store/sqlite.h"

namespace parley::account {
namespace {

using namespace std::chrono_literals;

constexpr UnixMillis kNow{std::chrono::hours{480'000}};

class SessionsTest : public testing::Test {
 protected:
  SessionsTest() { user_.id = store_->users().add(user_).value(); }

  OpenSession open(std::string_view user_agent = "Browser/1") {
    return open_session(*store_, random_, kNow, user_, user_agent).value();
  }
  RefreshResult refresh(std::string_view token, UnixMillis now = kNow) {
    return refresh_session(*store_, random_, now, token).value();
  }
  // The session that ended because of that; none where nothing did.
  std::optional<store::SessionId> ended_by(std::string_view token, UnixMillis now = kNow) {
    return std::get<NotRefreshed>(refresh(token, now)).ended;
  }

  std::unique_ptr<store::Store> store_ = store::open_in_memory();
  SeededRandom random_{1};
  store::User user_ = {.name = "ada", .display_name = "Ada", .password_hash = "x"};
};

TEST_F(SessionsTest, OpensOneThatLastsThirtyDays) {
  const OpenSession session = open();
  EXPECT_EQ(session.access(kNow),
            (Access{.user = user_.id, .session = session.id, .account = "ada", .issued = kNow}));
  EXPECT_EQ(user_of(*store_, session.access(kNow), kNow).value(), user_);
  EXPECT_EQ(user_of(*store_, session.access(kNow), kNow + 30 * 24h).value(), std::nullopt);
}

TEST_F(SessionsTest, StoresNoSecret) {
  const OpenSession session = open();
  const auto stored = store_->sessions().find(session.id).value().value();
  const auto token = RefreshToken::parse(session.refresh_token).value();
  EXPECT_EQ(stored.refresh, token.digest);
  EXPECT_EQ(stored.family, token.family);
}

TEST_F(SessionsTest, KeepsNoMoreThanTheBeginningOfAUserAgent) {
  const OpenSession session = open(std::string(10'000, 'x'));
  EXPECT_EQ(store_->sessions().find(session.id).value()->user_agent.size(), 256u);
}

TEST_F(SessionsTest, LastsThirtyDaysMoreWithEachRefresh) {
  OpenSession session = open();
  UnixMillis now = kNow;
  for (int i = 0; i < 5; ++i) {
    now += 29 * 24h;
    session = std::get<OpenSession>(refresh(session.refresh_token, now));
    EXPECT_EQ(session.user, user_);
  }
  EXPECT_EQ(ended_by(session.refresh_token, now + 30 * 24h), std::nullopt);
}

TEST_F(SessionsTest, EndsWhenATokenIsUsedTwice) {
  const OpenSession first = open();
  const auto second = std::get<OpenSession>(refresh(first.refresh_token));
  EXPECT_EQ(second.id, first.id);
  EXPECT_EQ(ended_by(first.refresh_token), first.id);
  EXPECT_EQ(ended_by(second.refresh_token), std::nullopt) << "it is gone already";
  EXPECT_EQ(user_of(*store_, second.access(kNow), kNow).value(), std::nullopt);
}

TEST_F(SessionsTest, KnowsATokenOfItsFamilyHoweverOldOrMadeUp) {
  const OpenSession first = open();
  std::string newest = first.refresh_token;
  for (int i = 0; i < 10; ++i) newest = std::get<OpenSession>(refresh(newest)).refresh_token;
  EXPECT_EQ(ended_by(first.refresh_token), first.id);
  const OpenSession other = open();
  EXPECT_EQ(ended_by(RefreshToken::parse(other.refresh_token)->next(random_).text), other.id);
}

TEST_F(SessionsTest, EndsNothingForATokenOfNoFamily) {
  const OpenSession session = open();
  EXPECT_EQ(ended_by(RefreshToken::first(random_).text), std::nullopt);
  EXPECT_EQ(ended_by(""), std::nullopt);
  EXPECT_EQ(ended_by(session.refresh_token + "x"), std::nullopt);
  EXPECT_TRUE(std::holds_alternative<OpenSession>(refresh(session.refresh_token)));
}

TEST_F(SessionsTest, IsNobodyElses) {
  const OpenSession session = open();
  Access access = session.access(kNow);
  access.user = {user_.id.value + 1};
  EXPECT_EQ(user_of(*store_, access, kNow).value(), std::nullopt);
}

TEST_F(SessionsTest, EndsAllButOneAndSaysWhich) {
  const auto first = open(), second = open(), third = open();
  auto ended = end_sessions(*store_, user_.id, second.id).value();
  std::ranges::sort(ended);
  EXPECT_EQ(ended, (std::vector{first.id, third.id}));
  EXPECT_TRUE(std::holds_alternative<OpenSession>(refresh(second.refresh_token)));
  EXPECT_EQ(ended_by(third.refresh_token), std::nullopt);
}

}  // namespace
}  // namespace parley::account
