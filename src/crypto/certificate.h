#pragma once

#include <chrono>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"

// X.509 certificates as PEM text. Files are the business of whoever has them.
namespace parley::crypto {

using WallTime = std::chrono::system_clock::time_point;

struct CertificateRequest {
  // Host names and IP addresses that it shall be valid for; the first is its subject.
  std::vector<std::string> names = {};
  WallTime now = {};
  // Apple's platforms refuse certificates that are valid for longer than 825 days.
  std::chrono::days valid_for = std::chrono::days{825};
};

struct KeyAndCertificate {
  std::string certificate_pem = {};
  std::string key_pem = {};  // Unencrypted: to be kept readable by its owner alone.
};

// A new ECDSA P-256 key, and a certificate for TLS servers that it signs itself. Its validity
// starts a day early, for clients whose clocks are slow. `random` gives the serial number; the key
// comes from OpenSSL's own generator. The error names the bad name.
std::expected<KeyAndCertificate, std::string> make_self_signed(const CertificateRequest& request,
                                                               Random& random);

// What we want to know of a certificate that we have. Only the first of a chain is looked at.
struct CertificateFacts {
  WallTime not_before = {};
  WallTime not_after = {};
  std::string sha256_fingerprint = {};  // "AB:CD:...", as browsers and SDP show it (RFC 8122).
  std::vector<std::string> names = {};  // Host names and IP addresses that it is valid for.

  bool covers(std::string_view name) const;  // Exactly; wildcards are not expanded.
};

std::expected<CertificateFacts, std::string> read_certificate(std::string_view pem);

}  // namespace parley::crypto
