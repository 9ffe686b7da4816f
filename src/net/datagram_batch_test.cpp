#include "net/datagram_batch.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace parley::net {
namespace {

Path path_to(std::uint16_t port) {
  return {.local = SocketAddress{IpAddress::v4({192, 0, 2, 1}), 40'000},
          .remote = SocketAddress{IpAddress::v4({192, 0, 2, 2}), port}};
}

TEST(DatagramBatch, JoinsDatagramsOfOnePathAndSize) {
  DatagramBatch batch;
  for (int i = 0; i < 3; ++i) {
    auto room = batch.add(path_to(1), 100);
    ASSERT_EQ(room.size(), 100u);
    std::ranges::fill(room, static_cast<std::uint8_t>(i));
  }
  ASSERT_EQ(batch.runs().size(), 1u);
  EXPECT_EQ(batch.runs()[0].path, path_to(1));
  EXPECT_EQ(batch.runs()[0].datagram_size, 100u);
  EXPECT_EQ(batch.runs()[0].datagrams, 3u);
  EXPECT_EQ(batch.runs()[0].bytes.size(), 300u);
  EXPECT_EQ(batch.runs()[0].bytes[250], 2);
}

TEST(DatagramBatch, EndsARunWithAShorterDatagram) {
  DatagramBatch batch;
  batch.add(path_to(1), 100);
  batch.add(path_to(1), 60);
  batch.add(path_to(1), 60);
  ASSERT_EQ(batch.runs().size(), 2u);
  EXPECT_EQ(batch.runs()[0].bytes.size(), 160u);
  EXPECT_EQ(batch.runs()[1].datagram_size, 60u);
}

TEST(DatagramBatch, BeginsARunForALongerDatagramAndForAnotherPath) {
  DatagramBatch batch;
  batch.add(path_to(1), 60);
  batch.add(path_to(1), 100);
  batch.add(path_to(2), 100);
  EXPECT_EQ(batch.runs().size(), 3u);
  EXPECT_EQ(batch.size(), 3u);
}

TEST(DatagramBatch, IsFullAfterSoManyAndEmptyOnceCleared) {
  DatagramBatch batch;
  for (std::size_t i = 0; i < DatagramBatch::kMaxDatagrams; ++i) {
    ASSERT_FALSE(batch.add(path_to(1), DatagramBatch::kMaxDatagram).empty());
  }
  EXPECT_TRUE(batch.add(path_to(1), 1).empty());
  EXPECT_GT(batch.runs().size(), 1u);  // No run is longer than an IP packet.
  for (const DatagramBatch::Run& run : batch.runs()) EXPECT_LE(run.bytes.size(), 65'000u);
  batch.clear();
  EXPECT_TRUE(batch.empty());
  EXPECT_EQ(batch.size(), 0u);
  EXPECT_FALSE(batch.add(path_to(1), 1).empty());
}

TEST(DatagramBatch, TakesNothingThatIsTooLongOrEmpty) {
  DatagramBatch batch;
  EXPECT_TRUE(batch.add(path_to(1), DatagramBatch::kMaxDatagram + 1).empty());
  EXPECT_TRUE(batch.add(path_to(1), 0).empty());
  EXPECT_TRUE(batch.empty());
}

}  // namespace
}  // namespace parley::net
