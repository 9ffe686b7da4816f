#include "sctp/packet/crc32c.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace parley::sctp {
namespace {

// RFC 3720, B.4
TEST(Crc32c, AgreesWithTheVectorsOfIscsi) {
  const std::vector<std::uint8_t> zeros(32, 0x00);
  const std::vector<std::uint8_t> ones(32, 0xFF);
  std::vector<std::uint8_t> rising(32);
  std::iota(rising.begin(), rising.end(), std::uint8_t{0});
  EXPECT_EQ(crc32c(zeros), 0x8A9136AAu);
  EXPECT_EQ(crc32c(ones), 0x62A8AB43u);
  EXPECT_EQ(crc32c(rising), 0x46DD794Eu);
  EXPECT_EQ(crc32c(as_bytes("123456789")), 0xE3069283u);
  EXPECT_EQ(crc32c({}), 0u);
}

TEST(Crc32c, IsTheSameByInstructionAndByTable) {
  std::vector<std::uint8_t> bytes(2'000);
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{17});
  for (std::size_t size = 0; size < bytes.size(); size += 3) {
    const Bytes data = Bytes(bytes).first(size);
    ASSERT_EQ(crc32c(data), crc32c_by_table(data)) << size;
  }
}

TEST(Crc32c, ContinuesWhereItStopped) {
  std::vector<std::uint8_t> bytes(1'188);
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{3});
  for (const std::size_t cut : {0u, 1u, 8u, 12u, 384u, 1'188u}) {
    const Bytes whole(bytes);
    EXPECT_EQ(crc32c(whole.subspan(cut), crc32c(whole.first(cut))), crc32c(whole)) << cut;
    EXPECT_EQ(crc32c_by_table(whole.subspan(cut), crc32c_by_table(whole.first(cut))), crc32c(whole))
        << cut;
  }
}

}  // namespace
}  // namespace parley::sctp
