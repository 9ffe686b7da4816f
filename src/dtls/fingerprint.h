#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace parley::dtls {

// The hash functions of RFC 8122, 5 that we accept, from the weakest to the strongest. MD2, MD5 and
// SHA-224 are not among them.
enum class HashAlgorithm : std::uint8_t { kSha1, kSha256, kSha384, kSha512 };

std::string_view to_string(HashAlgorithm algorithm);  // "sha-256", as SDP names it.

// The hash of a certificate in DER: what signalling says of a peer before it shows its certificate.
struct Fingerprint {
  HashAlgorithm algorithm = HashAlgorithm::kSha256;
  std::vector<std::uint8_t> bytes = {};

  static Fingerprint of(Bytes certificate_der, HashAlgorithm algorithm = HashAlgorithm::kSha256);

  // The value of a=fingerprint, "sha-256 AB:CD:..."; letters of either case. Nothing for an
  // algorithm that we do not accept, and for a value of another length than the algorithm's.
  static std::optional<Fingerprint> parse(std::string_view text);

  std::string value() const;  // "AB:CD:..."

  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

std::string to_string(const Fingerprint& fingerprint);  // "sha-256 AB:CD:..."

// Whether the certificate has one of the fingerprints that use the strongest algorithm given; the
// weaker ones are not looked at (RFC 8122, 5). Compares in constant time. False for none given.
bool matches(Bytes certificate_der, std::span<const Fingerprint> fingerprints);

}  // namespace parley::dtls
