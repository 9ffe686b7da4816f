#include "stun/stream_framer.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "stun/test_vectors.h"

namespace parley::stun {
namespace {

using Messages = std::vector<std::vector<std::uint8_t>>;

// Takes what is complete.
void drain_into(Messages& messages, StreamFramer& framer) {
  for (;;) {
    const auto next = framer.next();
    ASSERT_TRUE(next.has_value()) << to_string(next.error());
    if (!*next) return;
    messages.emplace_back((*next)->begin(), (*next)->end());
  }
}

const Messages kMessages = {vectors::kRequest, vectors::kIpv4Response, vectors::kIpv6Response,
                            vectors::kLongTermRequest};

std::vector<std::uint8_t> stream_of(const Messages& messages) {
  std::vector<std::uint8_t> stream;
  for (const auto& message : messages) stream.insert(stream.end(), message.begin(), message.end());
  return stream;
}

TEST(StunStreamFramer, CutsAStreamHoweverItIsSplit) {
  const auto stream = stream_of(kMessages);
  for (std::size_t step = 1; step <= stream.size(); ++step) {
    StreamFramer framer(2048);
    Messages messages;
    for (std::size_t at = 0; at < stream.size(); at += step) {
      framer.append(Bytes(stream).subspan(at, std::min(step, stream.size() - at)));
      drain_into(messages, framer);
    }
    EXPECT_EQ(messages, kMessages) << "in steps of " << step;
    EXPECT_EQ(framer.held(), 0u);
  }
}

TEST(StunStreamFramer, ReturnsNothingUntilAMessageIsWhole) {
  StreamFramer framer(2048);
  framer.append(Bytes(vectors::kRequest).first(vectors::kRequest.size() - 1));
  EXPECT_EQ(framer.next().value(), std::nullopt);
  EXPECT_EQ(framer.held(), vectors::kRequest.size() - 1);
  framer.append(Bytes(vectors::kRequest).last(1));
  EXPECT_EQ(framer.next().value()->size(), vectors::kRequest.size());
}

TEST(StunStreamFramer, RefusesWhatIsNotStun) {
  StreamFramer http(2048);
  http.append(as_bytes("GET / HTTP/1.1\r\n\r\n"));
  EXPECT_EQ(http.next().error(), FrameError::kNotStun);

  StreamFramer after(2048);
  after.append(vectors::kRequest);
  after.append(as_bytes("\x01\x01nonsense"));
  EXPECT_TRUE(after.next().value().has_value());
  EXPECT_EQ(after.next().error(), FrameError::kNotStun);
}

TEST(StunStreamFramer, RefusesAMessageThatIsTooLongByItsHeaderAlone) {
  StreamFramer fits(vectors::kRequest.size());
  fits.append(Bytes(vectors::kRequest).first(8));
  EXPECT_EQ(fits.next().value(), std::nullopt);

  StreamFramer framer(vectors::kRequest.size() - 1);
  framer.append(Bytes(vectors::kRequest).first(8));
  EXPECT_EQ(framer.next().error(), FrameError::kTooLong);
}

TEST(StunStreamFramer, CutsALongStreamInRandomPieces) {
  SeededRandom random(1);
  Messages sent;
  for (int i = 0; i < 500; ++i) sent.push_back(kMessages[random.u32() % kMessages.size()]);
  const auto stream = stream_of(sent);
  StreamFramer framer(2048);
  Messages received;
  for (std::size_t at = 0; at < stream.size();) {
    const std::size_t size = std::min<std::size_t>(random.u32() % 400, stream.size() - at);
    framer.append(Bytes(stream).subspan(at, size));
    drain_into(received, framer);
    EXPECT_LT(framer.held(), 200u);
    at += size;
  }
  EXPECT_EQ(received, sent);
}

}  // namespace
}  // namespace parley::stun
