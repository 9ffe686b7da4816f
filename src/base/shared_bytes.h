#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/bytes.h"

namespace parley {

// Immutable bytes with many holders: one broadcast, encoded once, waiting in a thousand queues.
//
// One allocation, one pointer wide; copying counts a holder, without atomics. So a SharedBytes and
// its copies belong to one thread; to hand the bytes to another thread, copy the bytes.
class SharedBytes {
 public:
  SharedBytes() = default;
  explicit SharedBytes(Bytes bytes) : SharedBytes(std::span<const Bytes>(&bytes, 1)) {}
  explicit SharedBytes(std::string_view text) : SharedBytes(as_bytes(text)) {}
  explicit SharedBytes(std::span<const Bytes> parts);  // The parts, joined.

  SharedBytes(const SharedBytes& other) : block_(other.block_) {
    if (block_ != nullptr) ++block_->holders;
  }
  SharedBytes(SharedBytes&& other) noexcept : block_(other.block_) { other.block_ = nullptr; }
  SharedBytes& operator=(SharedBytes other) noexcept {
    Block* const mine = block_;
    block_ = other.block_;
    other.block_ = mine;
    return *this;
  }
  ~SharedBytes() { release(); }

  bool empty() const { return size() == 0; }
  std::size_t size() const { return block_ == nullptr ? 0 : block_->size; }
  Bytes bytes() const {
    if (block_ == nullptr) return {};
    return {reinterpret_cast<const std::uint8_t*>(block_ + 1), block_->size};
  }
  std::string_view text() const { return as_text(bytes()); }

  friend bool operator==(const SharedBytes& a, const SharedBytes& b) {
    return a.block_ == b.block_ || a.text() == b.text();
  }

 private:
  struct Block {  // The bytes follow it.
    std::size_t size;
    std::uint32_t holders;
  };

  void release();

  Block* block_ = nullptr;
};

}  // namespace parley
