#include "base/sans_io.h"

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <variant>
#include <vector>

#include "base/assert.h"
#include "base/overloaded.h"

namespace parley {
namespace {

using namespace std::chrono_literals;

// The smallest engine: says each word that it was told once more, a second later.
class Echo {
 public:
  using Input = std::string;
  using Output = std::string;

  void handle_input(Time now, Input word) { words_.push_back({now + 1s, std::move(word)}); }
  void handle_timeout(Time now) { now_ = now; }
  std::optional<Output> poll_output() {
    if (words_.empty() || words_.front().first > now_) return std::nullopt;
    Output word = std::move(words_.front().second);
    words_.pop_front();
    return word;
  }
  Time next_deadline() const { return words_.empty() ? kNever : words_.front().first; }

 private:
  Time now_ = kAtOnce;
  std::deque<std::pair<Time, std::string>> words_;
};

static_assert(SansIo<Echo>);
static_assert(!SansIo<std::string>);

TEST(SansIo, DrainsAllThatIsPendingInOrder) {
  Echo echo;
  const Time start{};
  echo.handle_input(start, "one");
  echo.handle_input(start, "two");
  std::vector<std::string> said;
  const auto say = [&](std::string word) { said.push_back(std::move(word)); };
  drain(echo, say);
  EXPECT_TRUE(said.empty());
  EXPECT_EQ(echo.next_deadline(), start + 1s);
  echo.handle_timeout(start + 1s);
  drain(echo, say);
  EXPECT_EQ(said, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(echo.next_deadline(), kNever);
}

TEST(Overloaded, VisitsByType) {
  const auto name = [](const std::variant<int, std::string>& value) {
    return std::visit(
        overloaded{[](int) { return "number"; }, [](const std::string&) { return "text"; }}, value);
  };
  EXPECT_STREQ(name(1), "number");
  EXPECT_STREQ(name("x"), "text");
}

TEST(AssertDeathTest, PrintsTheBrokenInvariantAndAborts) {
  EXPECT_DEATH(PARLEY_ASSERT(1 + 1 == 3),
               "sans_io_test.cpp:[0-9]+: assertion failed: 1 \\+ 1 == 3");
  PARLEY_ASSERT(1 + 1 == 2);
}

}  // namespace
}  // namespace parley
