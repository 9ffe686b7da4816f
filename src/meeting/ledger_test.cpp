#include "meeting/ledger.h"

#include <gtest/gtest.h>

#include <fmt/core.h>

namespace parley::meeting {
namespace {

Ledger::Entry entry_of(std::string sid) {
  return {.who = {.sid = std::move(sid)}, .command = ReadTodos{}};
}

TEST(Ledger, GivesOutOneAtATimeInOrder) {
  Ledger ledger;
  EXPECT_EQ(ledger.next(), nullptr);
  ledger.add(entry_of("a"));
  ledger.add(entry_of("b"));
  ASSERT_NE(ledger.next(), nullptr);
  EXPECT_EQ(ledger.next()->who.sid, "a");
  ledger.wait_for(5);
  EXPECT_EQ(ledger.next(), nullptr);  // It is under way.
  EXPECT_EQ(ledger.resume(4), nullptr);
  ASSERT_NE(ledger.resume(5), nullptr);
  EXPECT_EQ(ledger.resume(5), nullptr);  // A reply comes once.
  EXPECT_EQ(ledger.take().who.sid, "a");
  EXPECT_EQ(ledger.next()->who.sid, "b");
}

TEST(Ledger, IsBoundedInAllAndForEach) {
  Ledger ledger;
  for (std::size_t i = 0; i < Ledger::kMaxOfOne; ++i) EXPECT_TRUE(ledger.add(entry_of("a")));
  EXPECT_FALSE(ledger.add(entry_of("a")));
  for (std::size_t i = Ledger::kMaxOfOne; i < Ledger::kMax; ++i) {
    EXPECT_TRUE(ledger.add(entry_of(fmt::format("{}", i))));
  }
  EXPECT_FALSE(ledger.add(entry_of("b")));
  ledger.take();
  EXPECT_TRUE(ledger.add(entry_of("b")));
}

}  // namespace
}  // namespace parley::meeting
