#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "net/path.h"

namespace parley::net {

// Datagrams that leave together, one behind the other in one piece of memory: who makes them writes
// them there, and who sends them hands the same bytes to the kernel. Those of one path that follow
// each other and have one size (the last may be shorter) can leave as one run.
//
// It is filled, sent and cleared over and over; its memory is allocated once.
class DatagramBatch {
 public:
  static constexpr std::size_t kMaxDatagrams = 64;
  static constexpr std::size_t kMaxDatagram = 1'500;

  // Datagrams of one path and size, behind each other.
  struct Run {
    Path path = {};
    std::size_t datagram_size = 0;  // Of each but the last.
    std::size_t datagrams = 0;
    Bytes bytes = {};  // All of them.
  };

  DatagramBatch();

  // Room for a datagram of exactly `size` bytes, behind those there are; it stays where it is until
  // clear(). Empty: there is none left, or `size` is above kMaxDatagram; the batch is to be sent
  // first.
  std::span<std::uint8_t> add(const Path& path, std::size_t size);

  bool empty() const { return runs_.empty(); }
  std::size_t size() const { return datagrams_; }
  std::span<const Run> runs() const { return runs_; }
  void clear();

 private:
  std::unique_ptr<std::uint8_t[]> memory_;
  std::size_t used_ = 0;  // Bytes of it.
  std::size_t datagrams_ = 0;
  std::vector<Run> runs_;
};

}  // namespace parley::net
