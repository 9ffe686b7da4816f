#include "store/test_store.h"

namespace parley::store {
namespace {

class ApiTokensTest : public StoreTest {
 protected:
  ApiToken token(std::uint8_t seed) const {
    return {.user = ada_, .name = "calendar", .digest = digest_of(seed), .created = at(1)};
  }

  UserId ada_ = add_user(*store_, "ada");
};
PARLEY_TEST_EVERY_STORE(ApiTokensTest);

TEST_P(ApiTokensTest, FindsATokenByItsDigest) {
  ApiToken forever = token(1);
  forever.id = store_->api_tokens().add(forever).value();
  ApiToken limited = token(2);
  limited.expires = at(100);
  limited.id = store_->api_tokens().add(limited).value();
  EXPECT_EQ(store_->api_tokens().find_by_digest(digest_of(1)).value(), forever);
  EXPECT_EQ(store_->api_tokens().find_by_digest(digest_of(2)).value(), limited);
  EXPECT_EQ(store_->api_tokens().find_by_digest(digest_of(3)).value(), std::nullopt);
  EXPECT_EQ(store_->api_tokens().list(ada_).value(), (std::vector{forever, limited}));
  EXPECT_EQ(store_->api_tokens().add(token(1)).error(), Error::kConflict);
}

TEST_P(ApiTokensTest, RemembersWhenItWasLastUsed) {
  const ApiTokenId id = store_->api_tokens().add(token(1)).value();
  ASSERT_TRUE(store_->api_tokens().set_last_used(id, at(9)));
  EXPECT_EQ(store_->api_tokens().list(ada_)->front().last_used, at(9));
  EXPECT_EQ(store_->api_tokens().set_last_used({id.value + 1}, at(9)).error(), Error::kNotFound);
}

TEST_P(ApiTokensTest, OnlyItsUserRemovesIt) {
  const ApiTokenId id = store_->api_tokens().add(token(1)).value();
  const UserId bob = add_user(*store_, "bob");
  EXPECT_EQ(store_->api_tokens().remove(bob, id).error(), Error::kNotFound);
  EXPECT_TRUE(store_->api_tokens().remove(ada_, id));
  EXPECT_TRUE(store_->api_tokens().list(ada_)->empty());
}

TEST_P(ApiTokensTest, RefusesMoreThanTheLimit) {
  store_ = make({.api_tokens_per_user = 1});
  ada_ = add_user(*store_, "ada");
  ASSERT_TRUE(store_->api_tokens().add(token(1)));
  EXPECT_EQ(store_->api_tokens().add(token(2)).error(), Error::kFull);
}

}  // namespace
}  // namespace parley::store
