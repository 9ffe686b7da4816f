#include "io/send_queue.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace parley::io {
namespace {

SharedBytes payload(std::string_view text) {
  return SharedBytes(text);
}

std::string text_of(std::span<const iovec> pieces) {
  std::string text;
  for (const iovec& piece : pieces) {
    text.append(static_cast<const char*>(piece.iov_base), piece.iov_len);
  }
  return text;
}

std::string front_of(const SendQueue& queue) {
  Gather gather;
  return text_of(queue.lay_out(gather));
}

TEST(SendQueue, LaysOutHeadersAndPayloadsInTheirOrder) {
  SendQueue queue;
  queue.push(as_bytes("1:"), payload("one "));
  queue.push({}, payload("two "));
  queue.push(as_bytes("3:"), {});
  EXPECT_EQ(front_of(queue), "1:one two 3:");
  EXPECT_EQ(queue.bytes(), 12u);
}

TEST(SendQueue, PutsSmallPiecesSideBySide) {
  SendQueue queue;
  for (int i = 0; i < 100; ++i) queue.push(as_bytes("ab"), payload("cdef"));
  Gather gather;
  EXPECT_EQ(queue.lay_out(gather).size(), 1u);
}

TEST(SendQueue, RefersToLargePayloadsWithoutCopyingThem) {
  SendQueue queue;
  const SharedBytes large(std::string(Gather::kSmall + 1, 'x'));
  queue.push(as_bytes("h"), large);
  queue.push(as_bytes("t"), payload("small"));
  Gather gather;
  const auto pieces = queue.lay_out(gather);
  ASSERT_EQ(pieces.size(), 3u);
  EXPECT_EQ(pieces[1].iov_base, large.bytes().data());
  EXPECT_EQ(text_of(pieces), "h" + std::string(large.text()) + "tsmall");
}

TEST(SendQueue, LaysOutNoMoreThanFits) {
  SendQueue queue;
  const SharedBytes large(std::string(Gather::kSmall + 1, 'x'));
  for (int i = 0; i < 100; ++i) queue.push({}, large);
  Gather gather;
  EXPECT_EQ(queue.lay_out(gather).size(), Gather::kMaxPieces);

  SendQueue many;
  const SharedBytes small(std::string(Gather::kSmall, 'y'));
  for (int i = 0; i < 100; ++i) many.push({}, small);
  EXPECT_EQ(text_of(many.lay_out(gather)).size(), gather.buffer.size());
}

TEST(SendQueue, GoesOnInTheMiddleOfAHeaderOrAPayload) {
  SendQueue queue;
  queue.push(as_bytes("head"), payload("body"));
  queue.push(as_bytes("tail"), {});
  const std::string all = "headbodytail";
  for (std::size_t sent = 1; sent < all.size(); ++sent) {
    queue.consume(1);
    EXPECT_EQ(front_of(queue), all.substr(sent));
    EXPECT_EQ(queue.bytes(), all.size() - sent);
  }
  queue.consume(1);
  EXPECT_TRUE(queue.empty());
}

TEST(SendQueue, TakesNoRoomForNothing) {
  SendQueue queue;
  queue.push({}, {});
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.footprint(), 0u);
}

TEST(SendQueue, CountsWhatTinyPayloadsReallyCost) {
  SendQueue queue;
  for (int i = 0; i < 1000; ++i) queue.push({}, payload("x"));
  EXPECT_EQ(queue.bytes(), 1000u);
  EXPECT_GT(queue.footprint(), 24'000u);
  queue.consume(1000);
  EXPECT_EQ(queue.footprint(), 0u);
}

TEST(SendQueue, ForgetsWhatHasLeftThoughItIsNeverEmpty) {
  SendQueue queue;
  queue.push({}, payload("first"));
  for (int i = 0; i < 10'000; ++i) {
    queue.push({}, payload("next!"));
    queue.consume(5);
    ASSERT_LT(queue.footprint(), 1000u);
  }
}

TEST(SendQueue, CarriesALongStreamThroughWritesOfAnySize) {
  std::mt19937 random{1};
  SendQueue queue;
  std::string pushed;
  std::string sent;
  for (int step = 0; step < 20'000; ++step) {
    const std::string header(random() % (SendQueue::kMaxHeader + 1), 'h');
    const std::string body(random() % 50 == 0 ? 3000 : random() % 40, static_cast<char>(random()));
    queue.push(as_bytes(header), payload(body));
    pushed += header + body;
    const std::string front = front_of(queue);
    const std::size_t written = random() % (front.size() + 1);
    sent += front.substr(0, written);
    queue.consume(written);
  }
  while (!queue.empty()) {
    const std::string front = front_of(queue);
    ASSERT_FALSE(front.empty());
    sent += front;
    queue.consume(front.size());
  }
  EXPECT_TRUE(sent == pushed);
}

}  // namespace
}  // namespace parley::io
