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
                                                               const Login* known) const {
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
  for (Login& login : candidates(calendar, request, known)) {
    Seal seal = seal_of(request, login);
    if (!is_sealed(request, seal.key)) continue;
    if (!nonces_.is_valid(now, client, as_text(*nonce))) {
      return std::unexpected(ErrorCode::kStaleNonce);
    }
    return Identity{std::move(login), std::move(seal)};
  }
  return std::unexpected(ErrorCode::kUnauthenticated);
}

void Authenticator::add_challenge(Time now, const net::SocketAddress& client,
                                  stun::MessageBuilder& answer) const {
  answer.add_text(Attribute::kRealm, realm_);
  answer.add_text(Attribute::kNonce, nonces_.make(now, client));
  answer.add(Attribute::kPasswordAlgorithms, kAlgorithms);
}

std::vector<Login> Authenticator::candidates(UnixTime calendar, const MessageView& request,
                                             const Login* known) const {
  std::string username;
  if (const auto hash = request.find(Attribute::kUserhash)) {
    if (known && std::ranges::equal(*hash, stun::userhash(known->username, realm_))) {
      return {*known};
    }
    const std::string* user = credentials_.find_userhash(*hash);
    if (!user) return {};
    username = *user;
  } else {
    username = as_text(*request.find(Attribute::kUsername));
  }
  std::vector<Login> logins;
  if (known && known->username == username) logins.push_back(*known);
  for (std::string& password : credentials_.passwords(username, calendar)) {
    logins.push_back({username, std::move(password)});
  }
  return logins;
}

Seal Authenticator::seal_of(const MessageView& request, const Login& login) const {
  Seal seal{.sha256 = names_algorithm(request)};
  if (algorithm_of(request) == kAlgorithmSha256) {
    const auto key = stun::long_term_key_sha256(login.username, realm_, login.password);
    seal.key.assign(key.begin(), key.end());
  } else {
    const auto key = stun::long_term_key_md5(login.username, realm_, login.password);
    seal.key.assign(key.begin(), key.end());
  }
  return seal;
}

}  // namespace parley::turn
