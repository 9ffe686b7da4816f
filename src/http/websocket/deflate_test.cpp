#include "http/websocket/deflate.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace parley::http::websocket {
namespace {

constexpr std::size_t kMax = 1 << 20;

std::string text(Bytes bytes) {
  return std::string(as_text(bytes));
}

// What an inflater makes of one message.
std::string inflate(Inflater& inflater, Bytes payload) {
  std::vector<std::uint8_t> message;
  EXPECT_EQ(inflater.inflate(payload, message, kMax), Inflater::Status::kOk);
  EXPECT_EQ(inflater.finish_message(message, kMax), Inflater::Status::kOk);
  return text(message);
}

TEST(WebSocketDeflate, RefersBackToEarlierMessagesOnlyWhereItMay) {
  const std::string message = "a message that is sent again and again";
  Deflater keeps({});
  const std::size_t first = keeps.deflate(as_bytes(message)).size();
  EXPECT_LT(keeps.deflate(as_bytes(message)).size(), first / 2);
  EXPECT_TRUE(keeps.holds_context());

  Deflater drops({.server_no_context_takeover = true});
  EXPECT_EQ(drops.deflate(as_bytes(message)).size(), first);
  EXPECT_EQ(drops.deflate(as_bytes(message)).size(), first);
  EXPECT_FALSE(drops.holds_context());
}

TEST(WebSocketDeflate, HoldsNoContextBeforeTheFirstMessage) {
  EXPECT_FALSE(Deflater({}).holds_context());
  Inflater inflater({});
  EXPECT_FALSE(inflater.holds_context());
  Deflater deflater({});
  EXPECT_EQ(inflate(inflater, deflater.deflate(as_bytes("x")).bytes()), "x");
  EXPECT_TRUE(inflater.holds_context());
  Inflater drops({.client_no_context_takeover = true});
  EXPECT_EQ(inflate(drops, Deflater({}).deflate(as_bytes("x")).bytes()), "x");
  EXPECT_FALSE(drops.holds_context());
}

// A window of 256 bytes at the reader must do, though zlib cannot write for one.
TEST(WebSocketDeflate, KeepsToTheWindowThatWasAgreed) {
  std::mt19937 random{5};
  for (int bits = 8; bits <= 15; ++bits) {
    Deflater deflater({.server_max_window_bits = bits});
    Inflater inflater({.client_max_window_bits = bits});
    for (int round = 0; round < 50; ++round) {
      std::string message;
      while (message.size() < 3000) message += std::to_string(random() % 300) + ",";
      ASSERT_EQ(inflate(inflater, deflater.deflate(as_bytes(message)).bytes()), message) << bits;
    }
  }
}

TEST(WebSocketDeflate, CarriesWhatDoesNotCompress) {
  std::mt19937 random{6};
  Deflater deflater({});
  Inflater inflater({});
  for (const std::size_t size : {0u, 1u, 1000u, 16384u, 100'000u}) {
    std::string message(size, '\0');
    for (char& c : message) c = static_cast<char>(random());
    EXPECT_EQ(inflate(inflater, deflater.deflate(as_bytes(message)).bytes()), message);
  }
}

TEST(WebSocketDeflate, StopsAtTheLimitExactly) {
  const SharedBytes payload = Deflater({}).deflate(as_bytes(std::string(1000, 'x')));
  std::vector<std::uint8_t> message;
  EXPECT_EQ(Inflater({}).inflate(payload.bytes(), message, 1000), Inflater::Status::kOk);
  message.clear();
  EXPECT_EQ(Inflater({}).inflate(payload.bytes(), message, 999), Inflater::Status::kTooLarge);
  EXPECT_LE(message.size(), 999u);
}

TEST(WebSocketDeflate, ReportsWhatIsCorrupt) {
  std::vector<std::uint8_t> message;
  EXPECT_EQ(Inflater({}).inflate(as_bytes("\xFF\xFF"), message, kMax), Inflater::Status::kCorrupt);
}

}  // namespace
}  // namespace parley::http::websocket
