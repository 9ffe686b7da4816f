#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "crypto/certificate.h"
#include "dtls/fingerprint.h"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX.

namespace parley::dtls {

// Who we are towards DTLS peers: an ECDSA P-256 key and the certificate that it signs itself
// (RFC 8827, 6.5). It also holds what all its connections share of OpenSSL, so a process needs one,
// or one a PeerConnection where users shall not be linked to each other.
//
// Immutable once made: connections on any thread may share it. Only its connections need it alive.
class Certificate {
 public:
  // Browsers' own certificates are valid for 30 days. Nobody checks: the fingerprint is what
  // counts.
  static constexpr std::chrono::days kValidFor{30};

  // A new key, from OpenSSL's own generator; `random` gives the serial number.
  static std::shared_ptr<const Certificate> make(crypto::WallTime now, Random& random,
                                                 std::chrono::days valid_for = kValidFor);

  // What pem() gave. The error is a sentence.
  static std::expected<std::shared_ptr<const Certificate>, std::string> parse(std::string_view pem);

  ~Certificate();
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;

  // The certificate and its key, unencrypted: to be kept readable by its owner alone.
  const std::string& pem() const { return pem_; }
  Bytes der() const { return der_; }                               // Without the key.
  const Fingerprint& fingerprint() const { return fingerprint_; }  // SHA-256.
  crypto::WallTime not_after() const { return not_after_; }

 private:
  friend class Session;
  struct Native;

  Certificate();

  ssl_ctx_st* context() const;

  std::unique_ptr<Native> native_;
  std::string pem_;
  std::vector<std::uint8_t> der_;
  Fingerprint fingerprint_;
  crypto::WallTime not_after_ = {};
};

}  // namespace parley::dtls
