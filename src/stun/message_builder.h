#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "net/address.h"
#include "stun/attributes.h"
#include "stun/message.h"

namespace parley::stun {

// Writes one STUN message. Attributes stand in the order of the calls, so the integrity attributes
// come last, and FINGERPRINT after them:
//
//   MessageBuilder answer(Class::kSuccess, request);
//   answer.add_xor_address(Attribute::kXorMappedAddress, from);
//   answer.add_integrity(key);
//   answer.add_fingerprint();
//   return answer.take();
class MessageBuilder {
 public:
  MessageBuilder(Class message_class, Method method, const TransactionId& id);
  // An answer: with the method and the transaction id of `request`.
  MessageBuilder(Class message_class, const MessageView& request)
      : MessageBuilder(message_class, request.method(), request.transaction_id()) {}

  void add(Attribute type, Bytes value);
  void add_text(Attribute type, std::string_view value) { add(type, as_bytes(value)); }
  void add_flag(Attribute type) { add(type, {}); }
  void add_u32(Attribute type, std::uint32_t value);
  void add_u64(Attribute type, std::uint64_t value);
  void add_address(Attribute type, const net::SocketAddress& address);
  void add_xor_address(Attribute type, const net::SocketAddress& address);
  void add_error(ErrorCode code, std::string_view reason);
  void add_unknown_attributes(std::span<const Attribute> types);

  // HMACs over all that stands before (RFC 8489, 14.5 and 14.6). Where a message carries both,
  // SHA-1 comes first.
  void add_integrity(Bytes key);
  void add_integrity_sha256(Bytes key);
  void add_fingerprint();  // Nothing may follow.

  std::size_t size() const { return message_.size(); }
  Bytes view() const { return message_; }
  std::vector<std::uint8_t> take() { return std::move(message_); }

 private:
  std::uint8_t* append(Attribute type, std::size_t size);
  void set_length(std::size_t size);

  std::vector<std::uint8_t> message_;  // Its length field is right after every call.
};

}  // namespace parley::stun
