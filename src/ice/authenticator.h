#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>
#include <vector>

#include "ice/credentials.h"
#include "ice/stats.h"
#include "net/address.h"
#include "stun/attributes.h"
#include "stun/message.h"

// Connectivity checks as messages (RFC 8445, 7): who may say what, and how the answers look. It
// knows neither pairs nor state, and serves the full agent and the lite one.
namespace parley::ice {

// What a valid check says.
struct CheckRequest {
  std::uint32_t priority = 0;  // That its source has as a peer-reflexive candidate.
  bool use_candidate = false;
  std::optional<std::uint64_t> controlling = {};  // The peer's tie-breaker, if it thinks it is so.
  std::optional<std::uint64_t> controlled = {};
};

// Is this Binding request for the agent with these credentials, and from one who knows them? A
// Drop::kUnknownAttribute or kBadRequest was authenticated and is due an error answer, the others
// are due none.
std::expected<CheckRequest, Drop> authenticate(const stun::MessageView& request,
                                               const Credentials& local);

// Is this an answer of somebody who knows the peer's password?
std::optional<Drop> refuse_response(const stun::MessageView& response, std::string_view remote_pwd);

std::vector<std::uint8_t> success_answer(const stun::MessageView& request,
                                         const net::SocketAddress& mapped,
                                         std::string_view local_pwd);
// For Drop::kUnknownAttribute, kBadRequest and kRoleConflict.
std::vector<std::uint8_t> error_answer(const stun::MessageView& request, Drop reason,
                                       std::string_view local_pwd);

// What a check of our own says.
struct CheckToSend {
  stun::TransactionId id = {};
  std::string_view local_ufrag = {};
  std::string_view remote_ufrag = {};
  std::string_view remote_pwd = {};
  std::uint32_t priority = 0;
  bool controlling = false;
  std::uint64_t tie_breaker = 0;
  bool use_candidate = false;
};

std::vector<std::uint8_t> write_check(const CheckToSend& check);

}  // namespace parley::ice
