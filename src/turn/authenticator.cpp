#include "turn/authenticator.h"

#include <algorithm>
#include <array>

#include "crypto/hash.h"
#include "stun/integrity.h"
#include "turn/protocol.h"

namespace parley::turn {
namespace {

using stun::Attribute;
using stun::Check;
using stun::ErrorCode;
using stun::MessageView;

// Two algorithms without parameters, the better one first (RFC 8489, 14.11).
constexpr std::array<std::uint8_t, 8> kAlgorithms = {0, kAlgorithmSha256, 0, 0,
                                                     0, kAlgorithmMd5,    0, 0};

std::uint16_t algorithm_of(const MessageView& request) {
  const auto algorithm = request.find_u32(Attribute::kPasswordAlgorithm);
  return algorithm ? static_cast<std::uint16_t>(*algorithm >> 16) : kAlgorithmMd5;
}

bool names_algorithm(const MessageView& request) {
  return request.has(Attribute::kPasswordAlgorithms) || request.has(Attribute::kPasswordAlgorithm);
}

// RFC 8489, 9.2.4: who says which algorithm shows that what we offered has not been tampered with.
bool is_algorithm_agreed(const MessageView& request) {
  const auto offered = request.find(Attribute::kPasswordAlgorithms);
  if (!names_algorithm(request)) return true;
  if (!offered || !std::ranges::equal(*offered, kAlgorithms)) return false;
  const auto chosen = request.find_u32(Attribute::kPasswordAlgorithm);
  return chosen == std::uint32_t{kAlgorithmMd5} << 16 || chosen == std::uint32_t{kAlgorithmSha256}
                                                                       << 16;
}

// By the better of the seals that it has.
bool is_sealed(const MessageView& request, Bytes key) {
  const Check check = request.has(Attribute::kMessageIntegritySha256)
                          ? stun::check_integrity_sha256(request, key)
                          : stun::check_integrity(request, key);
  return check == Check::kValid;
}

// Of the answer; nothing if the request is not sealed with the key of its algorithm.
std::optional<Seal> seal_by(const MessageView& request, const LongTermKeys& keys) {
  const auto key = keys.find(algorithm_of(request));
  if (!key || !is_sealed(request, *key)) return std::nullopt;
  return Seal{.key = {key->begin(), key->end()}, .sha256 = names_algorithm(request)};
}

}  // namespace

void Seal::add_to(stun::MessageBuilder& message) const {
  if (key.empty()) return;
  if (sha256) {
    message.add_integrity_sha256(key);
  } else {
    message.add_integrity(key);
  }
}

Authenticator::Authenticator(std::string realm, Duration nonce_lifetime, Credentials credentials,
                             Random& random)
    : realm_(std::move(realm)),
      credentials_(std::move(credentials)),
      nonces_(
          nonce_lifetime,
          {.password_algorithms = true, .username_anonymity = credentials_.knows_all_userhashes()},
          random) {}

std::expected<Identity, ErrorCode> Authenticator::authenticate(Time now, UnixTime calendar,
                                                               const MessageView& request,
                                                               const net::IpAddress& client,
                                                               const User* known) const {
  if (!request.has(Attribute::kMessageIntegrity) &&
      !request.has(Attribute::kMessageIntegritySha256)) {
    return std::unexpected(ErrorCode::kUnauthenticated);
  }
  const auto nonce = request.find(Attribute::kNonce);
  const bool has_name = request.has(Attribute::kUsername) || request.has(Attribute::kUserhash);
  if (!has_name || !request.has(Attribute::kRealm) || !nonce) {
    return std::unexpected(ErrorCode::kBadRequest);
  }
  const auto features = security_features_of(as_text(*nonce));
  if (features && features->password_algorithms && !is_algorithm_agreed(request)) {
    return std::unexpected(ErrorCode::kBadRequest);
  }
  auto identity = identify(calendar, request, known);
  if (!identity) return std::unexpected(ErrorCode::kUnauthenticated);
  if (!nonces_.is_valid(now, client, as_text(*nonce))) {
    return std::unexpected(ErrorCode::kStaleNonce);
  }
  return *std::move(identity);
}

void Authenticator::add_challenge(Time now, const net::SocketAddress& client,
                                  stun::MessageBuilder& answer) const {
  answer.add_text(Attribute::kRealm, realm_);
  answer.add_text(Attribute::kNonce, nonces_.make(now, client));
  answer.add(Attribute::kPasswordAlgorithms, kAlgorithms);
}

std::optional<std::string> Authenticator::username_of(const MessageView& request,
                                                      const User* known) const {
  const auto hash = request.find(Attribute::kUserhash);
  if (!hash) return std::string(as_text(*request.find(Attribute::kUsername)));
  if (known && std::ranges::equal(*hash, stun::userhash(known->username, realm_))) {
    return known->username;
  }
  const std::string* const user = credentials_.find_userhash(*hash);
  return user ? std::optional(*user) : std::nullopt;
}

// The keys of the allocation first: then none have to be made.
std::optional<Identity> Authenticator::identify(UnixTime calendar, const MessageView& request,
                                                const User* known) const {
  const auto username = username_of(request, known);
  if (!username) return std::nullopt;
  if (known && known->username == *username) {
    if (auto seal = seal_by(request, known->keys)) return Identity{*known, *std::move(seal)};
  }
  for (const LongTermKeys& keys : credentials_.keys(*username, calendar)) {
    if (auto seal = seal_by(request, keys)) return Identity{{*username, keys}, *std::move(seal)};
  }
  return std::nullopt;
}

}  // namespace parley::turn
