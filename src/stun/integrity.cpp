#include "stun/integrity.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "crypto/crc32.h"

namespace parley::stun {
namespace {

constexpr std::size_t kAttributeHeaderSize = 4;
constexpr std::size_t kMinSha256Size = 16;

constexpr std::size_t kLengthOffset = 2;

// The length field of a message that ends with `attribute`: so its sender hashed it.
std::array<std::uint8_t, 2> sealed_length(const AttributeView& attribute) {
  const std::size_t length =
      attribute.offset - kHeaderSize + kAttributeHeaderSize + attribute.value.size();
  return {static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length)};
}

// The message up to `attribute`, with that length.
std::vector<std::uint8_t> sealed_part(const MessageView& message, const AttributeView& attribute) {
  const Bytes before = message.bytes().first(attribute.offset);
  std::vector<std::uint8_t> part(before.begin(), before.end());
  std::ranges::copy(sealed_length(attribute), part.begin() + kLengthOffset);
  return part;
}

Check checked(bool valid) {
  return valid ? Check::kValid : Check::kInvalid;
}

}  // namespace

Check check_integrity(const MessageView& message, Bytes key) {
  const auto attribute = message.find_attribute(Attribute::kMessageIntegrity);
  if (!attribute) return Check::kAbsent;
  const auto length = sealed_length(*attribute);
  const Bytes before = message.bytes().first(attribute->offset);
  const auto expected = crypto::hmac_sha1(
      key, {before.first(kLengthOffset), length, before.subspan(kLengthOffset + length.size())});
  return checked(crypto::constant_time_equal(attribute->value, expected));
}

Check check_integrity_sha256(const MessageView& message, Bytes key) {
  const auto attribute = message.find_attribute(Attribute::kMessageIntegritySha256);
  if (!attribute) return Check::kAbsent;
  const std::size_t size = attribute->value.size();
  if (size < kMinSha256Size || size > crypto::Sha256Digest{}.size() || size % 4 != 0) {
    return Check::kInvalid;
  }
  const auto expected = crypto::hmac_sha256(key, sealed_part(message, *attribute));
  return checked(crypto::constant_time_equal(attribute->value, Bytes(expected).first(size)));
}

Check check_fingerprint(const MessageView& message) {
  const auto attribute = message.find_attribute(Attribute::kFingerprint);
  if (!attribute) return Check::kAbsent;
  const bool is_last =
      attribute->offset + kAttributeHeaderSize + attribute->value.size() == message.bytes().size();
  if (!is_last || attribute->value.size() != sizeof kFingerprintMask) return Check::kInvalid;
  const std::uint32_t crc = crypto::crc32(message.bytes().first(attribute->offset));
  return checked(ByteReader(attribute->value).u32() == (crc ^ kFingerprintMask));
}

crypto::Md5Digest long_term_key_md5(std::string_view username, std::string_view realm,
                                    std::string_view password) {
  return crypto::md5(as_bytes(fmt::format("{}:{}:{}", username, realm, password)));
}

crypto::Sha256Digest long_term_key_sha256(std::string_view username, std::string_view realm,
                                          std::string_view password) {
  return crypto::sha256(as_bytes(fmt::format("{}:{}:{}", username, realm, password)));
}

crypto::Sha256Digest userhash(std::string_view username, std::string_view realm) {
  return crypto::sha256(as_bytes(fmt::format("{}:{}", username, realm)));
}

}  // namespace parley::stun
