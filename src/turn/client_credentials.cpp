#include "turn/client_credentials.h"

#include "stun/integrity.h"
#include "turn/nonces.h"
#include "turn/protocol.h"

namespace parley::turn {
namespace {

using stun::Attribute;
using stun::Check;

constexpr std::size_t kMaxText = 763;  // Of REALM and NONCE, in bytes (RFC 8489, 14.9 and 14.10).

// The best that we know of those offered; zero for none (RFC 8489, 14.11).
std::uint16_t best_algorithm(Bytes offered) {
  ByteReader reader(offered);
  std::uint16_t best = 0;
  while (!reader.at_end()) {
    const std::uint16_t algorithm = reader.u16();
    const std::size_t size = reader.u16();
    reader.bytes((size + 3) / 4 * 4);
    if (!reader.ok()) return 0;
    const bool is_known = algorithm == kAlgorithmMd5 || algorithm == kAlgorithmSha256;
    if (is_known && size == 0 && algorithm > best) best = algorithm;
  }
  return best;
}

}  // namespace

bool ClientCredentials::take_challenge(const stun::MessageView& answer) {
  const auto realm = answer.find(Attribute::kRealm);
  const auto nonce = answer.find(Attribute::kNonce);
  if (!realm || !nonce || nonce->empty() || realm->size() > kMaxText || nonce->size() > kMaxText) {
    return false;
  }
  const auto features = security_features_of(as_text(*nonce)).value_or(SecurityFeatures{});
  const auto offered = answer.find(Attribute::kPasswordAlgorithms);
  // Somebody took the offer away, to have us use MD5 (RFC 8489, 9.2.5).
  if (features.password_algorithms && !offered) return false;
  if (has_challenge() && as_text(*realm) != realm_) return false;
  if (seals_all_errors() && !features.password_algorithms) return false;
  algorithm_ = features.password_algorithms ? best_algorithm(*offered) : 0;
  if (features.password_algorithms && algorithm_ == 0) return false;
  algorithms_.clear();
  if (features.password_algorithms) algorithms_.assign(offered->begin(), offered->end());
  realm_ = as_text(*realm);
  nonce_ = as_text(*nonce);
  hides_name_ = features.username_anonymity;
  if (algorithm_ == kAlgorithmSha256) {
    const auto key = stun::long_term_key_sha256(login_.username, realm_, login_.password);
    key_.assign(key.begin(), key.end());
  } else {
    const auto key = stun::long_term_key_md5(login_.username, realm_, login_.password);
    key_.assign(key.begin(), key.end());
  }
  return true;
}

void ClientCredentials::add_to(stun::MessageBuilder& request) const {
  if (!has_challenge()) return;
  if (hides_name_) {
    request.add(Attribute::kUserhash, stun::userhash(login_.username, realm_));
  } else {
    request.add_text(Attribute::kUsername, login_.username);
  }
  request.add_text(Attribute::kRealm, realm_);
  request.add_text(Attribute::kNonce, nonce_);
  if (algorithm_ == 0) return request.add_integrity(key_);
  request.add(Attribute::kPasswordAlgorithms, algorithms_);
  request.add_u32(Attribute::kPasswordAlgorithm, std::uint32_t{algorithm_} << 16);
  request.add_integrity_sha256(key_);
}

bool ClientCredentials::is_from_server(const stun::MessageView& answer) const {
  if (!has_challenge()) return false;
  const Check check = algorithm_ == 0 ? stun::check_integrity(answer, key_)
                                      : stun::check_integrity_sha256(answer, key_);
  return check == Check::kValid;
}

}  // namespace parley::turn
