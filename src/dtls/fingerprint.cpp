#include "dtls/fingerprint.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "base/assert.h"
#include "crypto/hash.h"

namespace parley::dtls {
namespace {

struct Hash {
  std::string_view name;
  std::size_t size;  // In bytes.
  const EVP_MD* (*function)();
};

// By HashAlgorithm.
constexpr std::array kHashes{Hash{"sha-1", 20, EVP_sha1}, Hash{"sha-256", 32, EVP_sha256},
                             Hash{"sha-384", 48, EVP_sha384}, Hash{"sha-512", 64, EVP_sha512}};

const Hash& hash_of(HashAlgorithm algorithm) {
  return kHashes.at(std::to_underlying(algorithm));
}

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

std::optional<HashAlgorithm> algorithm_named(std::string_view name) {
  for (std::size_t i = 0; i < kHashes.size(); ++i) {
    if (std::ranges::equal(kHashes[i].name, name, {}, {}, lower)) {
      return static_cast<HashAlgorithm>(i);
    }
  }
  return std::nullopt;
}

std::optional<std::uint8_t> digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
  if (lower(c) >= 'a' && lower(c) <= 'f') return static_cast<std::uint8_t>(lower(c) - 'a' + 10);
  return std::nullopt;
}

// `count` pairs of hexadecimal digits with colons between them, and nothing else.
std::optional<std::vector<std::uint8_t>> parse_pairs(std::string_view text, std::size_t count) {
  if (text.size() != count * 3 - 1) return std::nullopt;
  std::vector<std::uint8_t> bytes;
  bytes.reserve(count);
  for (std::size_t i = 0; i < text.size(); i += 3) {
    const auto high = digit(text[i]);
    const auto low = digit(text[i + 1]);
    if (!high || !low || (i + 2 < text.size() && text[i + 2] != ':')) return std::nullopt;
    bytes.push_back(static_cast<std::uint8_t>(*high << 4 | *low));
  }
  return bytes;
}

}  // namespace

std::string_view to_string(HashAlgorithm algorithm) {
  return hash_of(algorithm).name;
}

Fingerprint Fingerprint::of(Bytes certificate_der, HashAlgorithm algorithm) {
  Fingerprint fingerprint{.algorithm = algorithm};
  fingerprint.bytes.resize(hash_of(algorithm).size);
  PARLEY_ASSERT(EVP_Digest(certificate_der.data(), certificate_der.size(), fingerprint.bytes.data(),
                           nullptr, hash_of(algorithm).function(), nullptr) == 1);
  return fingerprint;
}

std::optional<Fingerprint> Fingerprint::parse(std::string_view text) {
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const auto algorithm = algorithm_named(text.substr(0, space));
  if (!algorithm) return std::nullopt;
  auto bytes = parse_pairs(text.substr(space + 1), hash_of(*algorithm).size);
  if (!bytes) return std::nullopt;
  return Fingerprint{.algorithm = *algorithm, .bytes = *std::move(bytes)};
}

std::string Fingerprint::value() const {
  return fmt::format("{:02X}", fmt::join(bytes, ":"));
}

std::string to_string(const Fingerprint& fingerprint) {
  return fmt::format("{} {}", to_string(fingerprint.algorithm), fingerprint.value());
}

bool matches(Bytes certificate_der, std::span<const Fingerprint> fingerprints) {
  if (fingerprints.empty()) return false;
  const HashAlgorithm strongest =
      std::ranges::max(fingerprints, {}, &Fingerprint::algorithm).algorithm;
  const Fingerprint actual = Fingerprint::of(certificate_der, strongest);
  bool found = false;
  for (const Fingerprint& expected : fingerprints) {
    if (expected.algorithm != strongest) continue;
    found |= crypto::constant_time_equal(expected.bytes, actual.bytes);
  }
  return found;
}

}  // namespace parley::dtls
