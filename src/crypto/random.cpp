#include "crypto/random.h"

#include <openssl/rand.h>

#include "base/assert.h"

namespace parley::crypto {

void SystemRandom::fill(std::span<std::uint8_t> bytes) {
  PARLEY_ASSERT(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1);
}

}  // namespace parley::crypto
