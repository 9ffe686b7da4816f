#include "store/test_store.h"

namespace parley::store {
namespace {

class TransactionsTest : public StoreTest {
 protected:
  Result<void> add(std::string name) {
    const auto added = store_->users().add({.name = std::move(name)});
    if (!added) return std::unexpected(added.error());
    return {};
  }
  std::string names() {
    std::string names;
    const auto all = store_->users().list("", 100);
    for (const User& user : *all) names += user.name + " ";
    return names;
  }
};
PARLEY_TEST_EVERY_STORE(TransactionsTest);

TEST_P(TransactionsTest, KeepsAllThatItDid) {
  const Result<int> result = store_->transaction([&]() -> Result<int> {
    EXPECT_TRUE(add("ada"));
    EXPECT_TRUE(add("bob"));
    return 7;
  });
  EXPECT_EQ(result, 7);
  EXPECT_EQ(names(), "ada bob ");
}

TEST_P(TransactionsTest, AnErrorUndoesAll) {
  const auto result = store_->transaction([&] {
    EXPECT_TRUE(add("ada"));
    return add("ada");
  });
  EXPECT_EQ(result.error(), Error::kConflict);
  EXPECT_EQ(names(), "");
  EXPECT_TRUE(add("ada"));
}

TEST_P(TransactionsTest, AnErrorInsideUndoesOnlyTheInside) {
  const auto result = store_->transaction([&]() -> Result<void> {
    EXPECT_TRUE(add("ada"));
    const auto inner = store_->transaction([&]() -> Result<void> {
      EXPECT_TRUE(add("bob"));
      EXPECT_TRUE(store_->transaction([&] { return add("carl"); }));
      return std::unexpected(Error::kFull);
    });
    EXPECT_EQ(inner.error(), Error::kFull);
    return store_->transaction([&] { return add("dora"); });
  });
  EXPECT_TRUE(result);
  EXPECT_EQ(names(), "ada dora ");
}

TEST_P(TransactionsTest, AnErrorOutsideUndoesTheInside) {
  const auto result = store_->transaction([&]() -> Result<void> {
    EXPECT_TRUE(store_->transaction([&] { return add("ada"); }));
    return std::unexpected(Error::kFull);
  });
  EXPECT_EQ(result.error(), Error::kFull);
  EXPECT_EQ(names(), "");
}

}  // namespace
}  // namespace parley::store
