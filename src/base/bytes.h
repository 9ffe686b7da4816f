#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace parley {

using Bytes = std::span<const std::uint8_t>;

inline Bytes as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

inline std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Reads big-endian fields off the front of a datagram.
//
// Running off the end is sticky: the read yields zero or nothing, and ok() is false from then on.
// So a parser reads all its fields in a row and asks once.
class ByteReader {
 public:
  explicit ByteReader(Bytes data) : rest_(data) {}

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }
  std::size_t remaining() const { return rest_.size(); }

  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  std::uint64_t u64() { return number(8); }

  Bytes bytes(std::size_t count) {
    if (count > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const Bytes front = rest_.first(count);
    rest_ = rest_.subspan(count);
    return front;
  }

 private:
  std::uint64_t number(std::size_t width) {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : bytes(width)) value = value << 8 | byte;
    return value;
  }

  Bytes rest_;
  bool ok_ = true;
};

// Appends big-endian fields to a buffer it owns.
class ByteWriter {
 public:
  std::size_t size() const { return data_.size(); }
  Bytes view() const { return data_; }
  std::vector<std::uint8_t> take() { return std::move(data_); }

  void u8(std::uint8_t value) { data_.push_back(value); }
  void u16(std::uint16_t value) { number(value, 2); }
  void u32(std::uint32_t value) { number(value, 4); }
  void u64(std::uint64_t value) { number(value, 8); }
  void bytes(Bytes value) { data_.insert(data_.end(), value.begin(), value.end()); }
  void text(std::string_view value) { bytes(as_bytes(value)); }
  void zeros(std::size_t count) { data_.resize(data_.size() + count); }

  // Overwrites two bytes written before: a length that is known only afterwards.
  void patch_u16(std::size_t offset, std::uint16_t value) {
    data_.at(offset) = static_cast<std::uint8_t>(value >> 8);
    data_.at(offset + 1) = static_cast<std::uint8_t>(value);
  }

 private:
  void number(std::uint64_t value, std::size_t width) {
    for (std::size_t shift = width * 8; shift > 0; shift -= 8) {
      data_.push_back(static_cast<std::uint8_t>(value >> (shift - 8)));
    }
  }

  std::vector<std::uint8_t> data_;
};

}  // namespace parley
