#include "load/http_call.h"

#include <gtest/gtest.h>

namespace parley::load {
namespace {

constexpr std::string_view kAnswer =
    "HTTP/1.1 201 Created\r\nContent-Type: application/sdp\r\nlocation:  /whip/daily/x \r\n"
    "Content-Length: 5\r\n\r\nv=0\r\n";

TEST(HttpCall, ReadsAnAnswerOnceAllOfItIsThere) {
  for (std::size_t size = 0; size < kAnswer.size(); ++size) {
    const auto read = HttpCall::read(kAnswer.substr(0, size));
    ASSERT_TRUE(read) << size;
    EXPECT_FALSE(*read) << size;
  }
  const auto read = HttpCall::read(kAnswer);
  ASSERT_TRUE(read && *read);
  EXPECT_EQ((*read)->status, 201);
  EXPECT_EQ((*read)->location, "/whip/daily/x");
  EXPECT_EQ((*read)->body, "v=0\r\n");
}

TEST(HttpCall, NeedsNoBody) {
  const auto read = HttpCall::read("HTTP/1.1 204 No Content\r\nDate: today\r\n\r\n");
  ASSERT_TRUE(read && *read);
  EXPECT_EQ((*read)->status, 204);
  EXPECT_EQ((*read)->body, "");
}

TEST(HttpCall, KnowsWhatIsNoHttp) {
  for (const char* text : {"SSH-2.0-x\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "\r\n\r\n"}) {
    EXPECT_FALSE(HttpCall::read(text)) << text;
  }
}

}  // namespace
}  // namespace parley::load
