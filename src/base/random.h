#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>

namespace parley {

// Where an engine gets its random bytes from. Its owner passes crypto::SystemRandom; a test passes
// a SeededRandom, and the run repeats to the byte.
class Random {
 public:
  virtual ~Random() = default;

  virtual void fill(std::span<std::uint8_t> bytes) = 0;

  std::uint32_t u32() { return static_cast<std::uint32_t>(u64()); }

  std::uint64_t u64() {
    std::uint8_t bytes[8];
    fill(bytes);
    std::uint64_t value = 0;
    for (const std::uint8_t byte : bytes) value = value << 8 | byte;
    return value;
  }

  // `length` characters of A-Z a-z 0-9 - _, six random bits each: safe in URLs and in ice-ufrags.
  std::string token(std::size_t length) {
    static constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string text(length, '\0');
    fill({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
    for (char& c : text) c = kAlphabet[static_cast<unsigned char>(c) % kAlphabet.size()];
    return text;
  }
};

// For tests and simulations only: predictable by design.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}

  void fill(std::span<std::uint8_t> bytes) override {
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(engine_());
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace parley
