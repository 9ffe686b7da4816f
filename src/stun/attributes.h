#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "net/address.h"
#include "stun/message.h"

// The values of single attributes: bytes to values. message_builder.h writes them.
namespace parley::stun {

// MAPPED-ADDRESS and ALTERNATE-SERVER (RFC 8489, 14.1).
std::optional<net::SocketAddress> read_address(Bytes value);

// XOR-MAPPED-ADDRESS (RFC 8489, 14.2), XOR-PEER-ADDRESS, XOR-RELAYED-ADDRESS: obscured, so that no
// NAT on the way "corrects" what looks like an address.
std::optional<net::SocketAddress> read_xor_address(Bytes value, const TransactionId& id);

// The codes that we send or act on (RFC 8489, 14.8; RFC 8656, 19; RFC 8445, 7.2.5.1).
enum class ErrorCode : std::uint16_t {
  kTryAlternate = 300,
  kBadRequest = 400,
  kUnauthenticated = 401,
  kForbidden = 403,
  kMobilityForbidden = 405,  // RFC 8016.
  kUnknownAttribute = 420,
  kAllocationMismatch = 437,
  kStaleNonce = 438,
  kAddressFamilyNotSupported = 440,
  kWrongCredentials = 441,
  kUnsupportedTransport = 442,
  kPeerAddressFamilyMismatch = 443,
  kConnectionAlreadyExists = 446,     // RFC 6062.
  kConnectionTimeoutOrFailure = 447,  // RFC 6062.
  kAllocationQuotaReached = 486,
  kRoleConflict = 487,
  kServerError = 500,
  kInsufficientCapacity = 508,
};

struct ErrorValue {
  ErrorCode code = {};
  std::string_view reason = {};  // Borrowed; for people, in UTF-8, unchecked.
};

// ERROR-CODE (RFC 8489, 14.8).
std::optional<ErrorValue> read_error(Bytes value);

// ALTERNATE-DOMAIN (RFC 8489, 14.16); nothing if it is not the name of a host (RFC 1123). Borrowed.
std::optional<std::string_view> read_domain(Bytes value);
// Whether ALTERNATE-DOMAIN may say so.
bool is_domain(std::string_view text);

}  // namespace parley::stun
