#include "stun/binding_server.h"

#include <algorithm>
#include <array>
#include <span>

#include "stun/integrity.h"
#include "stun/message_builder.h"

namespace parley::stun {
namespace {

// Those of discovery, and then all that RFC 8489 defines. Credentials are understood but not looked
// at: a Binding server has none to compare them with.
constexpr std::array kAll = {
    Attribute::kChangeRequest,
    Attribute::kPadding,
    Attribute::kResponsePort,
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
constexpr std::span<const Attribute> kWithDiscovery = kAll;
constexpr std::span<const Attribute> kWithoutDiscovery = kWithDiscovery.subspan(3);

constexpr std::size_t kAttributeHeaderSize = 4;
constexpr std::size_t kFingerprintSize = 8;

std::size_t padded_size(std::size_t size) {
  return (size + 3) / 4 * 4;
}

}  // namespace

std::optional<BindingAnswer> BindingServer::handle(Time now, const net::Path& path, Bytes message) {
  const auto request = MessageView::parse(message);
  if (!request) {
    ++counters_.dropped_malformed;
    return std::nullopt;
  }
  if (!is_answered(*request)) return std::nullopt;
  if (!limiter_.allow(now, path.remote.ip)) {
    ++counters_.dropped_rate;
    return std::nullopt;
  }
  return answer(*request, path);
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

BindingAnswer BindingServer::answer(const MessageView& request, const net::Path& path) {
  const bool discovers = config_.discovery && config_.discovery->has(path);
  const auto unknown = request.unknown_attributes(discovers ? kWithDiscovery : kWithoutDiscovery);
  if (!unknown.empty()) {
    ++counters_.answered_unknown_attribute;
    MessageBuilder error(Class::kError, request);
    error.add_error(ErrorCode::kUnknownAttribute, "");
    error.add_unknown_attributes(unknown);
    return {path, finish(request, error, false)};
  }
  if (discovers) return answer_discovery(request, path);
  ++counters_.answered;
  MessageBuilder answer(Class::kSuccess, request);
  answer.add_xor_address(Attribute::kXorMappedAddress, path.remote);
  return {path, finish(request, answer, false)};
}

// RFC 5780, 6.1. MAPPED-ADDRESS tells of a NAT that "corrects" addresses within packets.
BindingAnswer BindingServer::answer_discovery(const MessageView& request, const net::Path& path) {
  const auto asked = DiscoveryRequest::parse(request);
  if (!asked) {
    ++counters_.answered_bad_request;
    MessageBuilder error(Class::kError, request);
    error.add_error(ErrorCode::kBadRequest, "");
    return {path, finish(request, error, false)};
  }
  ++counters_.answered;
  if (asked->asks_for_something()) ++counters_.answered_discovery;
  const DiscoveryAddresses& addresses = *config_.discovery;
  net::Path back = path;
  back.local = addresses.changed(path.local, asked->change);
  back.remote.port = asked->response_port.value_or(path.remote.port);
  MessageBuilder answer(Class::kSuccess, request);
  answer.add_xor_address(Attribute::kXorMappedAddress, path.remote);
  answer.add_address(Attribute::kMappedAddress, path.remote);
  answer.add_address(Attribute::kResponseOrigin, addresses.announced_of(back.local));
  answer.add_address(Attribute::kOtherAddress, addresses.announced_of(addresses.changed(
                                                   path.local, kChangeIp | kChangePort)));
  return {back, finish(request, answer, asked->padded)};
}

// A client that knows FINGERPRINT gets one. What PADDING holds, or else SOFTWARE, only fills room
// that the request has paid for.
std::vector<std::uint8_t> BindingServer::finish(const MessageView& request, MessageBuilder& answer,
                                                bool padded) {
  const bool with_fingerprint = request.has(Attribute::kFingerprint);
  const std::size_t most = request.bytes().size();
  const std::size_t needed =
      answer.size() + kAttributeHeaderSize + (with_fingerprint ? kFingerprintSize : 0);
  const std::size_t room = most - std::min(needed, most);
  const std::string& software = config_.software;
  if (padded) {
    answer.add(Attribute::kPadding, std::vector<std::uint8_t>(room));
  } else if (!software.empty() && padded_size(software.size()) <= room) {
    answer.add_text(Attribute::kSoftware, software);
  }
  if (with_fingerprint) answer.add_fingerprint();
  return answer.take();
}

}  // namespace parley::stun
