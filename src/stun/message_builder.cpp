#include "stun/message_builder.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "crypto/crc32.h"
#include "crypto/hash.h"
#include "stun/integrity.h"

namespace parley::stun {
namespace {

constexpr std::size_t kUsualSize = 128;  // Room for most messages, so that they allocate once.
constexpr std::size_t kAttributeHeaderSize = 4;
constexpr std::size_t kFingerprintSize = 4;

constexpr std::uint16_t message_type(Class message_class, Method method) {
  const unsigned c = std::to_underlying(message_class);
  const unsigned m = std::to_underlying(method);
  return static_cast<std::uint16_t>((m & 0xF80) << 2 | (c & 0b10) << 7 | (m & 0x070) << 1 |
                                    (c & 0b01) << 4 | (m & 0x00F));
}

static_assert(message_type(Class::kSuccess, Method::kBinding) == 0x0101);
static_assert(message_type(Class::kError, Method::kAllocate) == 0x0113);
static_assert(message_type(Class::kIndication, Method{0xFFF}) == 0x3EFF);

template <class Number>
std::uint8_t* write(std::uint8_t* out, Number number) {
  for (std::size_t shift = sizeof number * 8; shift > 0; shift -= 8) {
    *out++ = static_cast<std::uint8_t>(number >> (shift - 8));
  }
  return out;
}

std::uint8_t* write_bytes(std::uint8_t* out, Bytes bytes) {
  return std::ranges::copy(bytes, out).out;
}

}  // namespace

MessageBuilder::MessageBuilder(Class message_class, Method method, const TransactionId& id) {
  message_.reserve(kUsualSize);
  message_.resize(kHeaderSize);
  std::uint8_t* out = write(message_.data(), message_type(message_class, method));
  out = write(out, std::uint16_t{0});
  out = write(out, kMagicCookie);
  write_bytes(out, id);
}

void MessageBuilder::add(Attribute type, Bytes value) {
  write_bytes(append(type, value.size()), value);
}

void MessageBuilder::add_u32(Attribute type, std::uint32_t value) {
  write(append(type, sizeof value), value);
}

void MessageBuilder::add_u64(Attribute type, std::uint64_t value) {
  write(append(type, sizeof value), value);
}

void MessageBuilder::add_address(Attribute type, const net::SocketAddress& address) {
  const Bytes ip = address.ip.bytes();
  std::uint8_t* out = append(type, 4 + ip.size());
  out = write(out, static_cast<std::uint16_t>(address.ip.is_v4() ? 1 : 2));
  out = write(out, address.port);
  write_bytes(out, ip);
}

// The mask is the magic cookie and the transaction id as they stand in the header.
void MessageBuilder::add_xor_address(Attribute type, const net::SocketAddress& address) {
  const std::size_t value = message_.size() + kAttributeHeaderSize;
  add_address(type, address);
  const std::size_t mask = 4;
  message_[value + 2] ^= message_[mask];
  message_[value + 3] ^= message_[mask + 1];
  for (std::size_t i = 0; i < address.ip.bytes().size(); ++i) {
    message_[value + 4 + i] ^= message_[mask + i];
  }
}

void MessageBuilder::add_error(ErrorCode code, std::string_view reason) {
  const unsigned number = std::to_underlying(code);
  std::uint8_t* out = append(Attribute::kErrorCode, 4 + reason.size());
  out = write(out, std::uint16_t{0});
  out = write(out, static_cast<std::uint8_t>(number / 100));
  out = write(out, static_cast<std::uint8_t>(number % 100));
  write_bytes(out, as_bytes(reason));
}

void MessageBuilder::add_unknown_attributes(std::span<const Attribute> types) {
  std::uint8_t* out = append(Attribute::kUnknownAttributes, 2 * types.size());
  for (const Attribute type : types) out = write(out, std::to_underlying(type));
}

void MessageBuilder::add_integrity(Bytes key) {
  set_length(message_.size() + kAttributeHeaderSize + crypto::Sha1Digest{}.size());
  const crypto::Sha1Digest digest = crypto::hmac_sha1(key, message_);
  add(Attribute::kMessageIntegrity, digest);
}

void MessageBuilder::add_integrity_sha256(Bytes key) {
  set_length(message_.size() + kAttributeHeaderSize + crypto::Sha256Digest{}.size());
  const crypto::Sha256Digest digest = crypto::hmac_sha256(key, message_);
  add(Attribute::kMessageIntegritySha256, digest);
}

void MessageBuilder::add_fingerprint() {
  set_length(message_.size() + kAttributeHeaderSize + kFingerprintSize);
  add_u32(Attribute::kFingerprint, crypto::crc32(message_) ^ kFingerprintMask);
}

// Appends an attribute of `size` zero bytes and its padding; returns where its value goes.
std::uint8_t* MessageBuilder::append(Attribute type, std::size_t size) {
  const std::size_t begin = message_.size();
  message_.resize(begin + kAttributeHeaderSize + (size + 3) / 4 * 4);
  set_length(message_.size());
  std::uint8_t* const out = write(message_.data() + begin, std::to_underlying(type));
  return write(out, static_cast<std::uint16_t>(size));
}

// Sets the length field as for a message of that size in all, its header included.
void MessageBuilder::set_length(std::size_t size) {
  PARLEY_ASSERT(size - kHeaderSize <= 0xFFFF);
  write(message_.data() + 2, static_cast<std::uint16_t>(size - kHeaderSize));
}

}  // namespace parley::stun
