#include "account/password.h"

#include <crypt.h>
#include <string.h>

#include <array>
#include <memory>

#include "base/assert.h"
#include "base/bytes.h"
#include "crypto/hash.h"

namespace parley::account {
namespace {

constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kChecksumLength = 31;  // In characters, at the end of a hash.

// libxcrypt's working memory: 32 KiB, too much for a stack, and it has seen the password.
struct Forget {
  void operator()(crypt_data* data) const {
    ::explicit_bzero(data, sizeof *data);
    delete data;
  }
};

}  // namespace

std::optional<std::string> problem_with_password(std::string_view password) {
  const auto size = static_cast<std::int64_t>(password.size());
  if (size < kMinPasswordBytes) return "must be at least 8 bytes long";
  if (size > kMaxPasswordBytes) return "must be at most 72 bytes long";
  if (password.contains('\0')) return "must not hold a NUL";
  return std::nullopt;
}

PasswordHasher::PasswordHasher(Random& random, int cost)
    : random_(random), cost_(cost), nobody_(setting() + std::string(kChecksumLength, '.')) {}

std::string PasswordHasher::hash(std::string_view password) const {
  return run(password, setting());
}

bool PasswordHasher::check(std::string_view password,
                           const std::optional<std::string>& hash) const {
  const std::string& wanted = hash ? *hash : nobody_;
  const std::string got = run(password, wanted);
  const bool equal = crypto::constant_time_equal(as_bytes(got), as_bytes(wanted));
  return equal && hash && !got.starts_with('*');  // "*0": libxcrypt does not know such a hash.
}

// "$2b$12$" and a fresh salt.
std::string PasswordHasher::setting() const {
  std::array<std::uint8_t, kSaltBytes> salt;
  random_.fill(salt);
  std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> text = {};
  const char* const made = ::crypt_gensalt_rn(
      "$2b$", static_cast<unsigned long>(cost_), reinterpret_cast<const char*>(salt.data()),
      static_cast<int>(salt.size()), text.data(), static_cast<int>(text.size()));
  PARLEY_ASSERT(made != nullptr);
  return made;
}

std::string PasswordHasher::run(std::string_view password, const std::string& setting) const {
  ++runs_;
  const std::unique_ptr<crypt_data, Forget> memory(new crypt_data());
  std::string phrase(password);
  const char* const hash = ::crypt_r(phrase.c_str(), setting.c_str(), memory.get());
  PARLEY_ASSERT(hash != nullptr);
  std::string copy(hash);
  ::explicit_bzero(phrase.data(), phrase.size());
  return copy;
}

}  // namespace parley::account
