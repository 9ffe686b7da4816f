#include "sctp/rx/reassembly.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <random>
#include <string>

namespace parley::sctp {
namespace {

using Error = Reassembly::Error;

constexpr Tsn kFirst = Tsn::first(0xFFFF'FFFE);

struct Piece {
  std::uint64_t tsn = 0;
  std::string flags = {};  // Of "beu".
  std::string text = {};
  std::uint16_t ssn = 0;
  std::uint16_t stream = 1;
};

class ReassemblyTest : public testing::Test {
 protected:
  Error add(const Piece& piece) {
    const auto has = [&](char flag) { return piece.flags.find(flag) != std::string::npos; };
    return reassembly.add(kFirst + piece.tsn, {.first = has('b'),
                                               .last = has('e'),
                                               .unordered = has('u'),
                                               .stream = {piece.stream},
                                               .ssn = piece.ssn,
                                               .payload = as_bytes(piece.text)});
  }
  void add_all(std::initializer_list<Piece> pieces) {
    for (const Piece& piece : pieces) ASSERT_EQ(add(piece), Error::kNone);
  }
  std::vector<std::string> take() {
    std::vector<std::string> texts;
    while (auto received = reassembly.take()) {
      texts.emplace_back(as_text(received->message.payload));
    }
    return texts;
  }
  using Texts = std::vector<std::string>;

  Reassembly reassembly{1'000};
};

TEST_F(ReassemblyTest, DeliversAWholeMessageAtOnce) {
  add_all({{0, "be", "one", 0}, {1, "be", "two", 1}});
  EXPECT_EQ(take(), (Texts{"one", "two"}));
  EXPECT_EQ(reassembly.held_bytes(), 0u);
}

TEST_F(ReassemblyTest, JoinsFragmentsInWhateverOrderTheyCome) {
  std::vector<Piece> pieces = {
      {0, "b", "a"}, {1, "", "b"}, {2, "", "c"}, {3, "", "d"}, {4, "e", "e"}};
  std::ranges::sort(pieces, {}, &Piece::tsn);
  do {
    Reassembly fresh(1'000);
    reassembly = std::move(fresh);
    for (const Piece& piece : pieces) ASSERT_EQ(add(piece), Error::kNone);
    ASSERT_EQ(take(), (Texts{"abcde"}));
    ASSERT_EQ(reassembly.held_bytes(), 0u);
  } while (std::ranges::next_permutation(pieces, {}, &Piece::tsn).found);
}

TEST_F(ReassemblyTest, KeepsTheOrderOfAStreamButNotAcrossStreams) {
  add_all({{1, "be", "second", 1}, {2, "be", "other", 0, 7}});
  EXPECT_EQ(take(), (Texts{"other"}));
  EXPECT_GT(reassembly.held_bytes(), 6u);
  add_all({{0, "be", "first", 0}});
  EXPECT_EQ(take(), (Texts{"first", "second"}));
  EXPECT_EQ(reassembly.held_bytes(), 0u);
}

TEST_F(ReassemblyTest, DeliversUnorderedMessagesAsTheyAreComplete) {
  add_all({{5, "beu", "late", 0}, {2, "bu", "x"}, {3, "eu", "y"}});
  EXPECT_EQ(take(), (Texts{"late", "xy"}));
}

TEST_F(ReassemblyTest, WrapsTheStreamSequenceNumber) {
  for (std::uint32_t i = 0; i < 66'000; ++i) {
    add_all({{i, "be", "x", static_cast<std::uint16_t>(i)}});
    ASSERT_EQ(take().size(), 1u) << i;
  }
}

TEST_F(ReassemblyTest, DropsAMessageOfAPast) {
  add_all({{0, "be", "a", 0},
           {1, "be", "b", 1},
           {2, "be", "again", 0},
           {3, "be", "twice", 3},
           {4, "be", "thrice", 3}});
  EXPECT_EQ(take(), (Texts{"a", "b"}));
  add_all({{5, "be", "c", 2}});
  EXPECT_EQ(take(), (Texts{"c", "twice"}));
  EXPECT_EQ(reassembly.held_bytes(), 0u);
}

TEST_F(ReassemblyTest, RefusesMessagesThatAreTooLong) {
  EXPECT_EQ(add({0, "be", std::string(1'000, 'x'), 0}), Error::kNone);
  EXPECT_EQ(add({1, "be", std::string(1'001, 'x'), 1}), Error::kTooLong);
  EXPECT_EQ(add({2, "b", std::string(600, 'x'), 1}), Error::kNone);
  EXPECT_EQ(add({3, "", std::string(401, 'x'), 1}), Error::kTooLong);
}

TEST_F(ReassemblyTest, RefusesFragmentsThatDoNotFit) {
  add_all({{0, "b", "x", 0}});
  EXPECT_EQ(add({1, "b", "y", 0}), Error::kBrokenFragments);
  Reassembly fresh(1'000);
  reassembly = std::move(fresh);
  add_all({{0, "b", "x", 0}, {2, "e", "z", 5}});
  EXPECT_EQ(add({1, "", "y", 0}), Error::kBrokenFragments);  // The one that waited does not.
  reassembly = Reassembly(1'000);
  add_all({{0, "b", "x", 0}});
  EXPECT_EQ(add({1, "e", "y", 0, 2}), Error::kBrokenFragments);
  reassembly = Reassembly(1'000);
  add_all({{0, "b", "x", 0}});
  EXPECT_EQ(add({1, "eu", "y", 0}), Error::kBrokenFragments);
}

TEST_F(ReassemblyTest, ForgetsWhatTheSenderGaveUp) {
  add_all({{0, "b", "half", 0}, {3, "", "lost", 1}, {5, "be", "third", 2}});
  const std::vector<ForwardTsn::Skipped> skipped = {{{1}, 1}};
  reassembly.forward(kFirst + 4, skipped);
  EXPECT_EQ(take(), (Texts{"third"}));
  EXPECT_EQ(reassembly.held_bytes(), 0u);
  add_all({{6, "be", "next", 3}});
  EXPECT_EQ(take(), (Texts{"next"}));
}

TEST_F(ReassemblyTest, DeliversWhatIsThereOfTheSkipped) {
  add_all({{1, "be", "one", 1}, {3, "be", "three", 3}});
  const std::vector<ForwardTsn::Skipped> skipped = {{{1}, 2}};
  reassembly.forward(kFirst + 2, skipped);
  EXPECT_EQ(take(), (Texts{"one", "three"}));
}

TEST_F(ReassemblyTest, BeginsAStreamAnewWhenTheOldLifeIsComplete) {
  add_all({{0, "be", "old 0", 0}, {2, "be", "old 2", 2}});
  reassembly.begin_reset(kFirst + 2, {{1}});
  add_all({{3, "be", "new 0", 0}, {4, "be", "other", 0, 9}});
  EXPECT_EQ(take(), (Texts{"old 0", "other"}));
  add_all({{1, "be", "old 1", 1}});
  EXPECT_EQ(take(), (Texts{"old 1", "old 2"}));
  reassembly.finish_reset();
  EXPECT_EQ(take(), (Texts{"new 0"}));
  EXPECT_EQ(reassembly.held_bytes(), 0u);
}

TEST_F(ReassemblyTest, BeginsAllStreamsAnewWhenNoneIsNamed) {
  add_all({{0, "be", "a", 0, 1}, {1, "be", "b", 0, 2}});
  reassembly.begin_reset(kFirst + 1, {});
  reassembly.finish_reset();
  add_all({{2, "be", "c", 0, 1}, {3, "be", "d", 0, 2}});
  EXPECT_EQ(take(), (Texts{"a", "b", "c", "d"}));
}

// Sixty thousand fragments in reverse: what costs the square of it would not come back.
TEST_F(ReassemblyTest, IsNotSlowedDownByAHostileOrder) {
  Reassembly big(262'144);
  for (std::uint64_t tsn = 60'000; tsn > 0; --tsn) {
    ASSERT_EQ(big.add(kFirst + tsn, {.last = tsn == 60'000, .payload = as_bytes("x")}),
              Error::kNone);
  }
  ASSERT_EQ(big.add(kFirst, {.first = true, .payload = as_bytes("x")}), Error::kNone);
  EXPECT_EQ(big.take()->message.payload.size(), 60'001u);
}

}  // namespace
}  // namespace parley::sctp
