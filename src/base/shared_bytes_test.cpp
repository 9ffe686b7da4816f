#include "base/shared_bytes.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace parley {
namespace {

static_assert(sizeof(SharedBytes) == sizeof(void*), "a thousand queues hold one each");

TEST(SharedBytes, IsEmptyAtFirst) {
  const SharedBytes nothing;
  EXPECT_TRUE(nothing.empty());
  EXPECT_EQ(nothing.size(), 0u);
  EXPECT_TRUE(nothing.bytes().empty());
  EXPECT_EQ(nothing.text(), "");
}

TEST(SharedBytes, CopiesTheBytesThatItIsMadeOf) {
  std::string text = "hello";
  const SharedBytes shared(text);
  text = "HELLO";
  EXPECT_EQ(shared.text(), "hello");
  EXPECT_EQ(shared.size(), 5u);
  EXPECT_FALSE(shared.empty());
}

TEST(SharedBytes, JoinsItsParts) {
  const std::vector<std::uint8_t> head = {0x81, 0x05};
  const std::array<Bytes, 3> parts = {Bytes(head), Bytes(), as_bytes("hello")};
  EXPECT_EQ(SharedBytes(std::span<const Bytes>(parts)).text(), "\x81\x05hello");
}

TEST(SharedBytes, SharesOneBlockAmongItsCopies) {
  const SharedBytes first("text");
  const SharedBytes second = first;
  SharedBytes third;
  third = second;
  EXPECT_EQ(second.bytes().data(), first.bytes().data());
  EXPECT_EQ(third.bytes().data(), first.bytes().data());
}

// The address sanitizer sees a block that is freed too early, twice or never.
TEST(SharedBytes, OutlivesTheOneItWasCopiedFrom) {
  std::vector<SharedBytes> queues;
  {
    const SharedBytes broadcast("to all");
    for (int i = 0; i < 1000; ++i) queues.push_back(broadcast);
  }
  while (queues.size() > 1) queues.erase(queues.begin());
  EXPECT_EQ(queues.front().text(), "to all");
}

TEST(SharedBytes, LeavesNothingBehindWhenMoved) {
  SharedBytes from("text");
  const SharedBytes to = std::move(from);
  EXPECT_EQ(to.text(), "text");
  EXPECT_TRUE(from.empty());  // NOLINT: what a moved-from one holds is promised here.
  from = SharedBytes("again");
  EXPECT_EQ(from.text(), "again");
}

TEST(SharedBytes, MayBeAssignedToItself) {
  SharedBytes bytes("text");
  const SharedBytes& same = bytes;
  bytes = same;
  EXPECT_EQ(bytes.text(), "text");
}

TEST(SharedBytes, ComparesContents) {
  EXPECT_EQ(SharedBytes("a"), SharedBytes("a"));
  EXPECT_NE(SharedBytes("a"), SharedBytes("b"));
  EXPECT_EQ(SharedBytes(""), SharedBytes());
}

}  // namespace
}  // namespace parley
