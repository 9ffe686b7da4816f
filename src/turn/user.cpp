#include "turn/user.h"

#include <algorithm>

#include "base/hex.h"
#include "stun/integrity.h"
#include "turn/protocol.h"

namespace parley::turn {
namespace {

constexpr std::string_view kSha256 = "sha256=0x";
constexpr std::string_view kMd5 = "md5=0x";

// False: it is not of that length, no hexadecimal number, or a second one.
template <class Digest>
bool read_key(std::string_view digits, std::optional<Digest>& key) {
  const auto bytes = from_hex(digits);
  if (key || !bytes || bytes->size() != Digest{}.size()) return false;
  std::ranges::copy(*bytes, key.emplace().begin());
  return true;
}

bool read_part(std::string_view part, LongTermKeys& keys) {
  if (part.starts_with(kSha256)) return read_key(part.substr(kSha256.size()), keys.sha256);
  if (part.starts_with(kMd5)) return read_key(part.substr(kMd5.size()), keys.md5);
  return false;
}

}  // namespace

std::optional<Bytes> LongTermKeys::find(std::uint16_t algorithm) const {
  if (algorithm == kAlgorithmSha256) return sha256 ? std::optional<Bytes>(*sha256) : std::nullopt;
  return md5 ? std::optional<Bytes>(*md5) : std::nullopt;
}

LongTermKeys make_keys(std::string_view realm, const Login& login) {
  return {.sha256 = stun::long_term_key_sha256(login.username, realm, login.password),
          .md5 = stun::long_term_key_md5(login.username, realm, login.password)};
}

std::string to_string(const LongTermKeys& keys) {
  std::string text;
  if (keys.sha256) text += std::string(kSha256) + to_hex(*keys.sha256);
  if (keys.sha256 && keys.md5) text += ',';
  if (keys.md5) text += std::string(kMd5) + to_hex(*keys.md5);
  return text;
}

std::optional<LongTermKeys> parse_keys(std::string_view text) {
  LongTermKeys keys;
  const std::size_t comma = text.find(',');
  if (!read_part(text.substr(0, comma), keys)) return std::nullopt;
  if (comma != text.npos && !read_part(text.substr(comma + 1), keys)) return std::nullopt;
  return keys;
}

User make_user(std::string_view realm, const Login& login) {
  return {.username = login.username, .keys = make_keys(realm, login)};
}

}  // namespace parley::turn
