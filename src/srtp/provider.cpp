#include "srtp/provider.h"

#include "srtp/providers.h"

namespace parley::srtp {

KeySchedule::KeySchedule(Profile profile, For what) {
  const ProfileSizes sizes = sizes_of(profile);
  aead_ = sizes.aead();
  rtcp_ = what == For::kRtcp;
  key_size_ = static_cast<std::uint8_t>(sizes.key);
  tag_size_ = static_cast<std::uint8_t>(rtcp_ ? sizes.rtcp_tag : sizes.rtp_tag);
}

std::unique_ptr<Provider> Provider::make() {
  auto fastest = make(Kind::kIpsecMb);
  return fastest ? std::move(fastest) : make(Kind::kOpenssl);
}

std::unique_ptr<Provider> Provider::make(Kind kind) {
  return kind == Kind::kIpsecMb ? make_ipsec_mb_provider() : make_openssl_provider();
}

std::string_view to_string(Provider::Kind kind) {
  switch (kind) {
    case Provider::Kind::kOpenssl: return "OpenSSL";
    case Provider::Kind::kIpsecMb: return "intel-ipsec-mb";
  }
  return "unknown";
}

}  // namespace parley::srtp
