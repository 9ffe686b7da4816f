#include "meeting/ledger.h"

#include <gtest/gtest.h>

#include <fmt/core.h>

namespace parley::meeting {
namespace {

Ledger::Entry entry_of(std::string sid, StoredCommand command = ReadTodos{}) {
  return {.who = {.sid = std::move(sid)}, .command = std::move(command)};
}

std::vector<std::string> sids(const std::list<Ledger::Entry>& entries) {
  std::vector<std::string> sids;
  for (const Ledger::Entry& entry : entries) sids.push_back(entry.who.sid);
  return sids;
}

using Sids = std::vector<std::string>;

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

TEST(Ledger, IsBoundedForEach) {
  Ledger ledger;
  for (std::size_t i = 0; i < Ledger::kMaxOfOne; ++i) {
    EXPECT_TRUE(ledger.add(i % 2 == 0 ? entry_of("a") : entry_of("a", SendChat{})));
  }
  EXPECT_FALSE(ledger.add(entry_of("a")));
  EXPECT_FALSE(ledger.add(entry_of("a", SendChat{})));
  EXPECT_TRUE(ledger.add(entry_of("b")));
  ledger.take();
  EXPECT_TRUE(ledger.add(entry_of("a", SendChat{})));
}

TEST(Ledger, IsBoundedInAllForReadsAndForChanges) {
  Ledger ledger;
  for (std::size_t i = 0; i < Ledger::kMaxChanges; ++i) {
    EXPECT_TRUE(ledger.add(entry_of(fmt::format("{}", i), SendChat{})));
  }
  EXPECT_FALSE(ledger.add(entry_of("a", ChangeTodos{})));
  for (std::size_t i = 0; i < Ledger::kMaxReads; ++i) {
    const std::string sid = fmt::format("{}", i);
    EXPECT_TRUE(ledger.add(i % 2 == 0 ? entry_of(sid) : entry_of(sid, ReadChat{})));
  }
  EXPECT_FALSE(ledger.add(entry_of("a", ReadQuestions{})));
  ledger.take();
  EXPECT_FALSE(ledger.add(entry_of("a")));  // A change is done, which makes no room for reads.
  EXPECT_TRUE(ledger.add(entry_of("a", DeleteChat{})));
}

TEST(Ledger, FindsThoseWhoReadTheSameUpToTheNextChange) {
  Ledger ledger;
  EXPECT_TRUE(ledger.take_alike().empty());
  ledger.add(entry_of("a", ReadChat{}));
  ledger.add(entry_of("b", ReadTodos{}));
  ledger.add(entry_of("c", ReadChat{}));
  ledger.add(entry_of("d", ReadChat{.before = 7}));
  ledger.add(entry_of("e", ReadQuestions{}));
  ledger.add(entry_of("f", ReadChat{}));
  ledger.add(entry_of("g", SendChat{}));
  ledger.add(entry_of("h", ReadChat{}));
  EXPECT_EQ(sids(ledger.take_alike()), (Sids{"c", "f"}));
  for (const char* const sid : {"a", "b", "d", "e", "g", "h"}) {
    EXPECT_TRUE(ledger.take_alike().empty());
    EXPECT_EQ(ledger.take().who.sid, sid);
  }
  EXPECT_TRUE(ledger.empty());
}

TEST(Ledger, SharesNeitherQuestionsNorChanges) {
  for (const StoredCommand& command : {StoredCommand(ReadQuestions{}), StoredCommand(SendChat{})}) {
    Ledger ledger;
    ledger.add(entry_of("a", command));
    ledger.add(entry_of("b", command));
    EXPECT_TRUE(ledger.take_alike().empty());
  }
}

TEST(Ledger, LetsWhoWasNotContentReadAloneAndNext) {
  Ledger ledger;
  for (const char* const sid : {"a", "b", "c"}) ledger.add(entry_of(sid, ReadChat{}));
  auto alike = ledger.take_alike();
  alike.front().alone = true;
  ledger.put_back(std::move(alike.front()));
  EXPECT_TRUE(ledger.take_alike().empty());
  EXPECT_EQ(ledger.take().who.sid, "a");
  ledger.add(entry_of("d", ReadChat{}));
  EXPECT_EQ(ledger.next()->who.sid, "b");
  EXPECT_TRUE(ledger.take_alike().empty());
}

TEST(Ledger, BoundsWhoIsAnsweredFromOneReadAndCountsThemNoMore) {
  Ledger ledger;
  const std::size_t more = 10;
  for (std::size_t i = 0; i < Ledger::kMaxReaders + more; ++i) {
    ledger.add(entry_of(fmt::format("{}", i / Ledger::kMaxOfOne)));
  }
  EXPECT_FALSE(ledger.add(entry_of("0")));
  EXPECT_EQ(ledger.take_alike().size(), Ledger::kMaxReaders - 1);
  EXPECT_TRUE(ledger.add(entry_of("0")));
  ledger.take();
  EXPECT_EQ(ledger.take_alike().size(), more);
}

}  // namespace
}  // namespace parley::meeting
