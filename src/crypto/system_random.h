#pragma once

#include "base/random.h"

namespace parley::crypto {

// Unpredictable bytes from OpenSSL's generator, which the kernel seeds. For keys, tokens, ids: all
// that an owner hands to an engine. Thread-safe. Not for both sides of a fork().
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> bytes) override;
};

}  // namespace parley::crypto
