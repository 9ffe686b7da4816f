#include "turn/nonces.h"

#include <algorithm>

#include "base/base64.h"
#include "base/bytes.h"
#include "crypto/hash.h"

namespace parley::turn {
namespace {

constexpr std::string_view kCookie = "obMatJos2";  // RFC 8489, 9.2.
constexpr std::size_t kFeaturesSize = 4;           // 24 bits in Base64.
constexpr std::size_t kOriginSize = 6;             // Time and port.
constexpr std::size_t kSealSize = 9;
constexpr std::size_t kSealedSize = 20;  // Origin and seal in Base64.

// Bit 0 is the leftmost of the first byte.
constexpr std::uint8_t kPasswordAlgorithms = 0x80;
constexpr std::uint8_t kUsernameAnonymity = 0x40;

std::string front(const SecurityFeatures& features) {
  const auto bits =
      static_cast<std::uint8_t>((features.password_algorithms ? kPasswordAlgorithms : 0) |
                                (features.username_anonymity ? kUsernameAnonymity : 0));
  return std::string(kCookie) + to_base64(std::array<std::uint8_t, 3>{bits, 0, 0});
}

std::uint32_t seconds_of(Time now) {
  return static_cast<std::uint32_t>(now.time_since_epoch() / std::chrono::seconds{1});
}

}  // namespace

std::optional<SecurityFeatures> security_features_of(std::string_view nonce) {
  if (!nonce.starts_with(kCookie)) return std::nullopt;
  const auto bits = from_base64(nonce.substr(kCookie.size(), kFeaturesSize));
  if (!bits || bits->size() != 3) return std::nullopt;
  return SecurityFeatures{.password_algorithms = (bits->front() & kPasswordAlgorithms) != 0,
                          .username_anonymity = (bits->front() & kUsernameAnonymity) != 0};
}

Nonces::Nonces(Duration lifetime, SecurityFeatures features, Random& random)
    : lifetime_(lifetime), features_(features) {
  random.fill(key_);
}

std::string Nonces::make(Time now, const net::SocketAddress& client) const {
  return write({.seconds = seconds_of(now), .port = client.port}, client.ip);
}

bool Nonces::is_valid(Time now, const net::IpAddress& client, std::string_view nonce) const {
  const std::size_t sealed = kCookie.size() + kFeaturesSize;
  if (nonce.size() != sealed + kSealedSize) return false;
  const auto bytes = from_base64(nonce.substr(sealed));
  if (!bytes || bytes->size() != kOriginSize + kSealSize) return false;
  ByteReader reader(*bytes);
  const std::uint32_t seconds = reader.u32();
  const Origin origin{.seconds = seconds, .port = reader.u16()};
  if (!crypto::constant_time_equal(as_bytes(write(origin, client)), as_bytes(nonce))) {
    return false;
  }
  return std::chrono::seconds{seconds_of(now) - seconds} < lifetime_;
}

std::string Nonces::write(Origin origin, const net::IpAddress& client) const {
  ByteWriter value;
  value.u32(origin.seconds);
  value.u16(origin.port);
  const std::string features = front(features_);
  std::string sealed = features;
  sealed += as_text(value.view());
  sealed += as_text(client.bytes());
  const crypto::Sha256Digest seal = crypto::hmac_sha256(key_, as_bytes(sealed));
  value.bytes(Bytes(seal).first(kSealSize));
  return features + to_base64(value.view());
}

}  // namespace parley::turn
