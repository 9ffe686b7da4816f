#include "ice/authenticator.h"

#include <algorithm>
#include <array>
#include <utility>

#include "stun/integrity.h"
#include "stun/message_builder.h"

namespace parley::ice {
namespace {

using stun::Attribute;

// Those that must be understood.
constexpr std::array kUnderstood = {Attribute::kUsername, Attribute::kMessageIntegrity,
                                    Attribute::kMessageIntegritySha256, Attribute::kPriority,
                                    Attribute::kUseCandidate};
constexpr std::uint32_t kMaxPriority = 0x7FFFFFFF;

// The user name of a check: the receiver's fragment, a colon, the sender's (RFC 8445, 7.2.2).
bool is_for(std::string_view username, std::string_view ufrag) {
  return username.size() > ufrag.size() && username.starts_with(ufrag) &&
         username[ufrag.size()] == ':';
}

std::optional<std::uint64_t> number(Bytes value) {
  if (value.size() != 8) return std::nullopt;
  return ByteReader(value).u64();
}

bool is_unknown(Attribute type) {
  return stun::must_be_understood(type) &&
         std::ranges::find(kUnderstood, type) == kUnderstood.end();
}

// The rest of a request that was found to be the peer's.
std::expected<CheckRequest, Drop> read_request(const stun::MessageView& request) {
  CheckRequest check;
  bool has_priority = false;
  for (const stun::AttributeView& attribute : request.attributes()) {
    if (attribute.type == Attribute::kPriority && attribute.value.size() == 4 && !has_priority) {
      has_priority = true;
      check.priority = std::min(ByteReader(attribute.value).u32(), kMaxPriority);
    } else if (attribute.type == Attribute::kUseCandidate) {
      check.use_candidate = true;
    } else if (attribute.type == Attribute::kIceControlling) {
      check.controlling = number(attribute.value);
    } else if (attribute.type == Attribute::kIceControlled) {
      check.controlled = number(attribute.value);
    } else if (is_unknown(attribute.type)) {
      return std::unexpected(Drop::kUnknownAttribute);
    }
  }
  if (!has_priority) return std::unexpected(Drop::kBadRequest);
  return check;
}

}  // namespace

std::expected<CheckRequest, Drop> authenticate(const stun::MessageView& request,
                                               const Credentials& local) {
  const auto username = request.find(Attribute::kUsername);
  if (!username || !is_for(as_text(*username), local.ufrag)) {
    return std::unexpected(Drop::kUsername);
  }
  if (stun::check_fingerprint(request) == stun::Check::kInvalid) {
    return std::unexpected(Drop::kFingerprint);
  }
  switch (stun::check_integrity(request, as_bytes(local.pwd))) {
    case stun::Check::kAbsent: return std::unexpected(Drop::kNoIntegrity);
    case stun::Check::kInvalid: return std::unexpected(Drop::kIntegrity);
    case stun::Check::kValid: break;
  }
  return read_request(request);
}

std::optional<Drop> refuse_response(const stun::MessageView& response,
                                    std::string_view remote_pwd) {
  if (stun::check_fingerprint(response) == stun::Check::kInvalid) return Drop::kFingerprint;
  switch (stun::check_integrity(response, as_bytes(remote_pwd))) {
    case stun::Check::kAbsent: return Drop::kNoIntegrity;
    case stun::Check::kInvalid: return Drop::kIntegrity;
    case stun::Check::kValid: return std::nullopt;
  }
  std::unreachable();
}

std::vector<std::uint8_t> success_answer(const stun::MessageView& request,
                                         const net::SocketAddress& mapped,
                                         std::string_view local_pwd) {
  stun::MessageBuilder answer(stun::Class::kSuccess, request);
  answer.add_xor_address(Attribute::kXorMappedAddress, mapped);
  answer.add_integrity(as_bytes(local_pwd));
  answer.add_fingerprint();
  return answer.take();
}

std::vector<std::uint8_t> error_answer(const stun::MessageView& request, Drop reason,
                                       std::string_view local_pwd) {
  stun::MessageBuilder answer(stun::Class::kError, request);
  if (reason == Drop::kUnknownAttribute) {
    answer.add_error(stun::ErrorCode::kUnknownAttribute, "");
    answer.add_unknown_attributes(request.unknown_attributes(kUnderstood));
  } else if (reason == Drop::kRoleConflict) {
    answer.add_error(stun::ErrorCode::kRoleConflict, "");
  } else {
    answer.add_error(stun::ErrorCode::kBadRequest, "");
  }
  answer.add_integrity(as_bytes(local_pwd));
  answer.add_fingerprint();
  return answer.take();
}

std::vector<std::uint8_t> write_check(const CheckToSend& check) {
  stun::MessageBuilder request(stun::Class::kRequest, stun::Method::kBinding, check.id);
  std::string username;
  username.reserve(check.remote_ufrag.size() + 1 + check.local_ufrag.size());
  username.append(check.remote_ufrag).append(1, ':').append(check.local_ufrag);
  request.add_text(Attribute::kUsername, username);
  request.add_u32(Attribute::kPriority, check.priority);
  request.add_u64(check.controlling ? Attribute::kIceControlling : Attribute::kIceControlled,
                  check.tie_breaker);
  if (check.use_candidate) request.add_flag(Attribute::kUseCandidate);
  request.add_integrity(as_bytes(check.remote_pwd));
  request.add_fingerprint();
  return request.take();
}

}  // namespace parley::ice
