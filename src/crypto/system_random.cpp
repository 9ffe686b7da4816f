#include "crypto/system_random.h"

#include <openssl/rand.h>

#include "base/assert.h"

namespace parley::crypto {

void SystemRandom::fill(std::span<std::uint8_t> bytes) {
  const int result = RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  PARLEY_ASSERT(result == 1);  // Better no service than guessable keys.
}

}  // namespace parley::crypto
