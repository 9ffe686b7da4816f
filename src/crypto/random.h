#pragma once

#include "base/random.h"

namespace parley::crypto {

// Random bytes that nobody can guess, from the system by way of OpenSSL.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> bytes) override;
};

}  // namespace parley::crypto
