#include "stun/binding_server.h"

#include <array>

#include "stun/integrity.h"
#include "stun/message_builder.h"

namespace parley::stun {
namespace {

// All that RFC 8489 defines. Credentials are understood but not looked at: a Binding server has
// none to compare them with.
constexpr std::array kUnderstood = {
    Attribute::kMappedAddress,
    Attribute::kUsername,
    Attribute::kMessageIntegrity,
    Attribute::kErrorCode,
    Attribute::kUnknownAttributes,
    Attribute::kRealm,
    Attribute::kNonce,
    Attribute::kMessageIntegritySha256,
    Attribute::kPasswordAlgorithm,
    Attribute::kUserhash,
    Attribute::kXorMappedAddress,
};

constexpr std::size_t kFingerprintSize = 8;

std::size_t padded(std::size_t size) {
  return (size + 3) / 4 * 4;
}

}  // namespace

std::optional<std::vector<std::uint8_t>> BindingServer::handle(Time now,
                                                               const net::SocketAddress& from,
                                                               Bytes message) {
  const auto request = MessageView::parse(message);
  if (!request) {
    ++counters_.dropped_malformed;
    return std::nullopt;
  }
  if (!is_answered(*request)) return std::nullopt;
  if (!limiter_.allow(now, from.ip)) {
    ++counters_.dropped_rate;
    return std::nullopt;
  }
  return answer(*request, from);
}

bool BindingServer::is_answered(const MessageView& message) {
  if (message.method() != Method::kBinding || message.message_class() == Class::kSuccess ||
      message.message_class() == Class::kError) {
    ++counters_.dropped_unsupported;
    return false;
  }
  if (check_fingerprint(message) == Check::kInvalid) {
    ++counters_.dropped_fingerprint;
    return false;
  }
  if (message.message_class() == Class::kIndication) {
    ++counters_.indications;
    return false;
  }
  return true;
}

// A client that knows FINGERPRINT gets one. SOFTWARE only fills room that the request has paid for.
std::vector<std::uint8_t> BindingServer::answer(const MessageView& request,
                                                const net::SocketAddress& from) {
  const auto unknown = request.unknown_attributes(kUnderstood);
  MessageBuilder answer(unknown.empty() ? Class::kSuccess : Class::kError, request);
  if (unknown.empty()) {
    ++counters_.answered;
    answer.add_xor_address(Attribute::kXorMappedAddress, from);
  } else {
    ++counters_.answered_unknown_attribute;
    answer.add_error(ErrorCode::kUnknownAttribute, "");
    answer.add_unknown_attributes(unknown);
  }
  const bool with_fingerprint = request.has(Attribute::kFingerprint);
  const std::size_t rest =
      4 + padded(config_.software.size()) + (with_fingerprint ? kFingerprintSize : 0);
  if (!config_.software.empty() && answer.size() + rest <= request.bytes().size()) {
    answer.add_text(Attribute::kSoftware, config_.software);
  }
  if (with_fingerprint) answer.add_fingerprint();
  return answer.take();
}

}  // namespace parley::stun
