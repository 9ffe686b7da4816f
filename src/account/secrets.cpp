#include "account/secrets.h"

#include <algorithm>
#include <utility>

#include "crypto/hash.h"

namespace parley::account {
namespace {

constexpr std::size_t kLength = 43;  // Of 6 bits each: 258.
constexpr std::string_view kApiPrefix = "parley_";

bool is_secret(std::string_view text) {
  return text.size() == kLength && std::ranges::all_of(text, [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

}  // namespace

RefreshToken RefreshToken::first(Random& random) {
  return make(random.token(kLength), random.token(kLength));
}

RefreshToken RefreshToken::next(Random& random) const {
  return make(std::string_view(text).substr(0, kLength), random.token(kLength));
}

std::optional<RefreshToken> RefreshToken::parse(std::string_view text) {
  if (text.size() != 2 * kLength + 1 || text[kLength] != '.') return std::nullopt;
  const auto family = text.substr(0, kLength);
  const auto turn = text.substr(kLength + 1);
  if (!is_secret(family) || !is_secret(turn)) return std::nullopt;
  return make(family, turn);
}

RefreshToken RefreshToken::make(std::string_view family, std::string_view turn) {
  std::string text = std::string(family) + '.' + std::string(turn);
  const store::Digest digest = crypto::sha256(as_bytes(text));
  return {.text = std::move(text), .family = crypto::sha256(as_bytes(family)), .digest = digest};
}

ApiTokenSecret ApiTokenSecret::make(Random& random) {
  return *parse(std::string(kApiPrefix) + random.token(kLength));
}

std::optional<ApiTokenSecret> ApiTokenSecret::parse(std::string_view text) {
  if (!text.starts_with(kApiPrefix) || !is_secret(text.substr(kApiPrefix.size()))) {
    return std::nullopt;
  }
  return ApiTokenSecret{.text = std::string(text), .digest = crypto::sha256(as_bytes(text))};
}

}  // namespace parley::account
