#include "srtp/master_key.h"

#include <openssl/crypto.h>

#include <algorithm>

namespace parley::srtp {

std::optional<MasterKey> MasterKey::make(Profile profile, Bytes key_and_salt) {
  const std::size_t key_size = sizes_of(profile).key;
  if (key_and_salt.size() < key_size) return std::nullopt;
  return make(profile, key_and_salt.first(key_size), key_and_salt.subspan(key_size));
}

std::optional<MasterKey> MasterKey::make(Profile profile, Bytes key, Bytes salt) {
  const ProfileSizes sizes = sizes_of(profile);
  if (key.size() != sizes.key || salt.size() != sizes.salt) return std::nullopt;
  MasterKey master(profile);
  std::ranges::copy(key, master.key_.begin());
  std::ranges::copy(salt, master.salt_.begin());
  return master;
}

MasterKey::~MasterKey() {
  OPENSSL_cleanse(key_.data(), key_.size());
  OPENSSL_cleanse(salt_.data(), salt_.size());
}

}  // namespace parley::srtp
