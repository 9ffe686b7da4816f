#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "crypto/hash.h"
#include "stun/message.h"

namespace parley::stun {

enum class Check : std::uint8_t { kAbsent, kValid, kInvalid };

// RFC 8489, 14.5. HMAC-SHA1 over what stands before the attribute.
Check check_integrity(const MessageView& message, Bytes key);

// RFC 8489, 14.6. HMAC-SHA256, which the sender may have truncated to no less than 16 bytes.
Check check_integrity_sha256(const MessageView& message, Bytes key);

// RFC 8489, 14.7. Tells STUN from what only looks like it. Invalid also where it is not the last.
Check check_fingerprint(const MessageView& message);

inline constexpr std::uint32_t kFingerprintMask = 0x5354554E;  // "STUN"

// The keys of the long-term credentials (RFC 8489, 18.5.1). The short-term key is the password
// itself (9.1.1). Username, realm and password are taken as OpaqueString (RFC 8265) left them.
crypto::Md5Digest long_term_key_md5(std::string_view username, std::string_view realm,
                                    std::string_view password);
crypto::Sha256Digest long_term_key_sha256(std::string_view username, std::string_view realm,
                                          std::string_view password);

// The value of USERHASH (RFC 8489, 14.4).
crypto::Sha256Digest userhash(std::string_view username, std::string_view realm);

}  // namespace parley::stun
