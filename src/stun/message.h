#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <iterator>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"

namespace parley::stun {

enum class ParseError : std::uint8_t { kTruncated, kNotStun, kBadLength };

std::string_view to_string(ParseError error);

// RFC 8489, 5: the class and the method are interleaved in the first two bytes.
enum class Class : std::uint8_t { kRequest, kIndication, kSuccess, kError };

// A value without a name here may stand in a message as well.
enum class Method : std::uint16_t {
  kBinding = 0x001,
  kAllocate = 0x003,  // From here on RFC 8656 (TURN) and, from 0x00A, RFC 6062 (TURN over TCP).
  kRefresh = 0x004,
  kSend = 0x006,
  kData = 0x007,
  kCreatePermission = 0x008,
  kChannelBind = 0x009,
  kConnect = 0x00A,
  kConnectionBind = 0x00B,
  kConnectionAttempt = 0x00C,
};

// Types below 0x8000 must be understood by whom they reach; the rest may be ignored. A value
// without a name here may stand in a message as well.
enum class Attribute : std::uint16_t {
  kMappedAddress = 0x0001,
  kChangeRequest = 0x0003,  // RFC 5780.
  kUsername = 0x0006,
  kMessageIntegrity = 0x0008,
  kErrorCode = 0x0009,
  kUnknownAttributes = 0x000A,
  kChannelNumber = 0x000C,   // RFC 8656.
  kLifetime = 0x000D,        // RFC 8656.
  kXorPeerAddress = 0x0012,  // RFC 8656.
  kData = 0x0013,            // RFC 8656.
  kRealm = 0x0014,
  kNonce = 0x0015,
  kXorRelayedAddress = 0x0016,       // RFC 8656.
  kRequestedAddressFamily = 0x0017,  // RFC 8656.
  kEvenPort = 0x0018,                // RFC 8656.
  kRequestedTransport = 0x0019,      // RFC 8656.
  kDontFragment = 0x001A,            // RFC 8656.
  kMessageIntegritySha256 = 0x001C,
  kPasswordAlgorithm = 0x001D,
  kUserhash = 0x001E,
  kXorMappedAddress = 0x0020,
  kReservationToken = 0x0022,         // RFC 8656.
  kPriority = 0x0024,                 // RFC 8445.
  kUseCandidate = 0x0025,             // RFC 8445.
  kPadding = 0x0026,                  // RFC 5780.
  kResponsePort = 0x0027,             // RFC 5780.
  kConnectionId = 0x002A,             // RFC 6062.
  kAdditionalAddressFamily = 0x8000,  // RFC 8656.
  kAddressErrorCode = 0x8001,         // RFC 8656.
  kPasswordAlgorithms = 0x8002,
  kAlternateDomain = 0x8003,
  kIcmp = 0x8004,  // RFC 8656.
  kSoftware = 0x8022,
  kAlternateServer = 0x8023,
  kFingerprint = 0x8028,
  kIceControlled = 0x8029,    // RFC 8445.
  kIceControlling = 0x802A,   // RFC 8445.
  kResponseOrigin = 0x802B,   // RFC 5780.
  kOtherAddress = 0x802C,     // RFC 5780.
  kMobilityTicket = 0x8030,   // RFC 8016.
  kGoogNetworkInfo = 0xC057,  // Chromium's, private.
};

constexpr bool must_be_understood(Attribute type) {
  return static_cast<std::uint16_t>(type) < 0x8000;
}

inline constexpr std::size_t kHeaderSize = 20;
inline constexpr std::uint32_t kMagicCookie = 0x2112A442;

using TransactionId = std::array<std::uint8_t, 12>;

TransactionId make_transaction_id(Random& random);

struct AttributeView {
  Attribute type = {};
  Bytes value = {};        // Without its padding.
  std::size_t offset = 0;  // Of its header, from the start of the message.
};

// A well-formed STUN message, seen in place: it borrows the datagram it was parsed from.
//
// parse() checks the shape of the whole message, so the getters cannot fail. It does not check
// MESSAGE-INTEGRITY (integrity.h), for which the key is known only after the username was read.
class MessageView {
 public:
  // Its attributes, in their order, to be walked with a range-for. What stands behind
  // MESSAGE-INTEGRITY is covered by nothing and left out, save MESSAGE-INTEGRITY-SHA256 and
  // FINGERPRINT (RFC 8489, 14.5 and 14.6).
  class Attributes;

  static std::expected<MessageView, ParseError> parse(Bytes datagram);

  Class message_class() const { return class_; }
  Method method() const { return method_; }
  const TransactionId& transaction_id() const { return transaction_id_; }

  Attributes attributes() const;

  // The first attribute of that type; the others must be ignored (RFC 8489, 14).
  std::optional<AttributeView> find_attribute(Attribute type) const;
  // Its value.
  std::optional<Bytes> find(Attribute type) const;
  bool has(Attribute type) const { return find(type).has_value(); }
  // Nothing if the attribute is missing or has another size.
  std::optional<std::uint32_t> find_u32(Attribute type) const;
  std::optional<std::uint64_t> find_u64(Attribute type) const;

  // The types that must be understood and are not in `understood`: to be told in a 420 answer.
  std::vector<Attribute> unknown_attributes(std::span<const Attribute> understood) const;

  Bytes bytes() const { return bytes_; }  // The whole message.

 private:
  MessageView() = default;

  Class class_ = Class::kRequest;
  Method method_ = Method::kBinding;
  TransactionId transaction_id_ = {};
  Bytes bytes_;
};

class MessageView::Attributes {
 public:
  class Iterator {
   public:
    using value_type = AttributeView;
    using difference_type = std::ptrdiff_t;

    const AttributeView& operator*() const { return current_; }
    const AttributeView* operator->() const { return &current_; }
    Iterator& operator++() {
      advance();
      return *this;
    }
    void operator++(int) { advance(); }
    bool operator==(std::default_sentinel_t) const { return at_end_; }

   private:
    friend class Attributes;
    explicit Iterator(Bytes message);

    void advance();
    bool counts(Attribute type) const;

    Bytes message_;
    std::size_t next_ = kHeaderSize;  // The offset of the attribute after this one.
    AttributeView current_;
    std::optional<Attribute> sealed_by_;  // The integrity attribute that was passed.
    bool at_end_ = false;
  };

  Iterator begin() const { return Iterator(message_); }
  std::default_sentinel_t end() const { return {}; }

 private:
  friend class MessageView;
  explicit Attributes(Bytes message) : message_(message) {}

  Bytes message_;
};

}  // namespace parley::stun
