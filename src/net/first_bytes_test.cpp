#include "net/first_bytes.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace parley::net {
namespace {

using namespace std::string_literals;

// What is said of each longer beginning of that stream, until it is known.
struct Course {
  std::size_t known_at = 0;  // Bytes; 0: never.
  Spoken spoken = Spoken::kNotYetKnown;

  friend bool operator==(const Course&, const Course&) = default;
};

Course course_of(std::string_view stream) {
  for (std::size_t size = 0; size <= stream.size(); ++size) {
    const Spoken spoken = spoken_in(as_bytes(stream.substr(0, size)));
    if (spoken != Spoken::kNotYetKnown) return {size, spoken};
  }
  return {};
}

const std::string kCookie = "\x21\x12\xA4\x42";
const std::string kTransaction = "0123456789ab";
const std::string kBinding = "\0\1\0\0"s + kCookie + kTransaction;
const std::string kAllocate = "\0\3\0\10"s + kCookie + kTransaction + "\0\x19\0\4\x11\0\0\0"s;

TEST(FirstBytes, KnowTls) {
  EXPECT_EQ(course_of("\x16\3\1\2\0\1\0\1\xFC\3\3"s), (Course{2, Spoken::kTls}));
  EXPECT_EQ(course_of("\x16\3\3\2\0\1"s), (Course{2, Spoken::kTls}));
  EXPECT_EQ(course_of("\x16\2\3"), (Course{2, Spoken::kUnknown}));
  EXPECT_EQ(course_of("\x15\3\3"), (Course{1, Spoken::kUnknown})) << "an alert begins nothing";
}

TEST(FirstBytes, KnowHttp) {
  for (const char* request : {"GET / HTTP/1.1\r\n", "OPTIONS * HTTP/1.1\r\n", "ZAP", "Abc"}) {
    EXPECT_EQ(course_of(request), (Course{1, Spoken::kHttp}));
  }
  EXPECT_EQ(course_of("@"), (Course{1, Spoken::kUnknown}));
  EXPECT_EQ(course_of("[]"), (Course{1, Spoken::kUnknown}));
}

TEST(FirstBytes, KnowStunAndTurn) {
  EXPECT_EQ(course_of(kBinding), (Course{8, Spoken::kStun}));
  EXPECT_EQ(course_of(kAllocate), (Course{8, Spoken::kStun}));
  EXPECT_EQ(course_of("\0\1\0\0\x21\x12\xA4\x43"s), (Course{8, Spoken::kUnknown}));
  EXPECT_EQ(course_of("\0\1\0\0\x20"s), (Course{5, Spoken::kUnknown}));
  EXPECT_EQ(course_of("\4"), (Course{1, Spoken::kUnknown}));
}

TEST(FirstBytes, KnowIceOverTcp) {
  EXPECT_EQ(course_of("\0\x14"s + kBinding), (Course{10, Spoken::kIceTcp}));
  EXPECT_EQ(course_of("\3\xFC"s + kBinding), (Course{10, Spoken::kIceTcp}));
  EXPECT_EQ(course_of("\4\0"s + kBinding), (Course{1, Spoken::kUnknown}));
  EXPECT_EQ(course_of("\0\x14\1\1"s), (Course{4, Spoken::kUnknown})) << "a success response";
  EXPECT_EQ(course_of("\0\x14\0\3"s), (Course{4, Spoken::kUnknown}));
  EXPECT_EQ(course_of("\0\x14\0\1\0\0\x22"s), (Course{7, Spoken::kUnknown}));
}

TEST(FirstBytes, KnowNothingElse) {
  EXPECT_EQ(course_of("SSH-2.0-x"), (Course{1, Spoken::kHttp})) << "which refuses it";
  EXPECT_EQ(course_of("\x40\1\0\0"s), (Course{1, Spoken::kUnknown})) << "no channel is bound yet";
  EXPECT_EQ(course_of("\x80\x2E\1\3\1"s), (Course{1, Spoken::kUnknown})) << "SSL 2.0";
  EXPECT_EQ(course_of(""), Course{});
  EXPECT_EQ(course_of("\0\1\0"s), Course{});
}

TEST(FirstBytes, AreEnough) {
  std::mt19937 random(7);
  for (int i = 0; i < 100'000; ++i) {
    std::vector<std::uint8_t> begin(kFirstBytes);
    for (std::uint8_t& byte : begin) {
      constexpr std::uint8_t kLikely[] = {0, 1, 3, 0x14, 0x16, 0x21, 0x12, 0xA4, 0x42, 'G'};
      byte = kLikely[random() % std::size(kLikely)];
    }
    ASSERT_NE(spoken_in(begin), Spoken::kNotYetKnown);
  }
}

}  // namespace
}  // namespace parley::net
