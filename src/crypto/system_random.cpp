#include "crypto/system_random.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>

#include "base/assert.h"

namespace parley::crypto {
namespace {

void generate(std::span<std::uint8_t> bytes) {
  const int result = RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  PARLEY_ASSERT(result == 1);  // Better no service than guessable keys.
}

// A call of OpenSSL's generator costs the same for one byte as for hundreds, and was a quarter of
// what a client's connecting cost us. So short requests share a call. What was handed out is wiped.
class Supply {
 public:
  void take(std::span<std::uint8_t> bytes) {
    if (bytes.size() > bytes_.size() - used_) {
      generate(bytes_);
      used_ = 0;
    }
    const auto taken = std::span(bytes_).subspan(used_, bytes.size());
    std::ranges::copy(taken, bytes.begin());
    OPENSSL_cleanse(taken.data(), taken.size());
    used_ += taken.size();
  }

 private:
  std::array<std::uint8_t, 512> bytes_;
  std::size_t used_ = bytes_.size();
};

constexpr std::size_t kShort = 64;

}  // namespace

void SystemRandom::fill(std::span<std::uint8_t> bytes) {
  thread_local Supply supply;
  if (bytes.size() <= kShort) {
    supply.take(bytes);
  } else {
    generate(bytes);
  }
}

}  // namespace parley::crypto
