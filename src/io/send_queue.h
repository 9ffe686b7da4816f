#pragma once

#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/shared_bytes.h"

namespace parley::io {

// Where one write is laid out: pieces for sendmsg(), and a buffer in which small pieces are put
// side by side, because copying 64 bytes costs the kernel less than one more piece does.
struct Gather {
  static constexpr std::size_t kMaxPieces = 64;
  static constexpr std::size_t kSmall = 1024;  // Bytes, and fewer: copied.

  std::array<iovec, kMaxPieces> pieces;
  std::array<std::uint8_t, 16 << 10> buffer;
};

// The bytes that wait to be written to one stream: short headers, held in place, and references to
// payloads that many queues may share. An empty queue holds no memory.
class SendQueue {
 public:
  static constexpr std::size_t kMaxHeader = 14;

  void push(Bytes header, SharedBytes payload);

  bool empty() const { return bytes_ == 0; }
  std::size_t bytes() const { return bytes_; }
  // What the queue costs us, in bytes: many tiny payloads weigh more than their bytes.
  std::size_t footprint() const { return bytes_ + entries_.size() * kEntryCost; }

  // Lays out as much as fits from the front. Valid until the queue changes.
  std::span<iovec> lay_out(Gather& gather) const;

  // The first `count` bytes have left.
  void consume(std::size_t count);
  void clear() { *this = {}; }

 private:
  struct Entry {
    std::uint8_t header_size = 0;
    std::array<std::uint8_t, kMaxHeader> header;
    SharedBytes payload = {};

    std::size_t size() const { return header_size + payload.size(); }
  };
  static_assert(sizeof(Entry) == 24);
  static constexpr std::size_t kEntryCost = 64;  // The entry, and its payload's block header.

  std::vector<Entry> entries_;
  std::size_t first_ = 0;       // Entries before it have left.
  std::size_t front_sent_ = 0;  // Bytes of the first entry that have left.
  std::size_t bytes_ = 0;
};

}  // namespace parley::io
