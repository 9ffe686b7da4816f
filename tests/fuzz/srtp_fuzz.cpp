// Whatever arrives where SRTP is expected: it is dropped for a reason that is counted. And whatever
// we are told to send: it comes out as it went in, from either provider, and nothing else does.
#include <algorithm>
#include <cstdint>
#include <iterator>
#include <vector>

#include "base/assert.h"
#include "base/bytes.h"
#include "srtp/receiver.h"
#include "srtp/sender.h"

namespace parley::srtp {
namespace {

using Packet = std::vector<std::uint8_t>;

constexpr Profile kProfiles[] = {Profile::kAes128CmHmacSha1_80, Profile::kAes128CmHmacSha1_32,
                                 Profile::kAeadAes128Gcm, Profile::kAeadAes256Gcm};
constexpr StreamLimits kFew{.max_windows = 2, .max_streams = 4};

MasterKey key_of(Profile profile) {
  const ProfileSizes sizes = sizes_of(profile);
  return MasterKey::make(profile, Packet(sizes.key + sizes.salt, 7)).value();
}

// Both ends of a path.
struct Path {
  explicit Path(Provider& provider, Profile profile)
      : sender(provider, key_of(profile), kFew), receiver(provider, key_of(profile), kFew) {}

  Sender sender;
  Receiver receiver;
};

std::uint64_t drops(const Counters& counters) {
  std::uint64_t sum = 0;
  for (const std::uint64_t count : counters.dropped) sum += count;
  return sum;
}

// All that arrives here was made without the key, so none of it may come through.
void check_arrival(Path& path, Bytes input) {
  Packet packet(input.begin(), input.end());
  PARLEY_ASSERT(!path.receiver.unprotect_rtp(packet));
  packet.assign(input.begin(), input.end());
  PARLEY_ASSERT(!path.receiver.unprotect_rtcp(packet));
  PARLEY_ASSERT(drops(path.receiver.counters()) == 2);
}

void check_crossing(Path& path, Bytes input, std::uint8_t damage) {
  Packet sealed(input.size() + kMaxRtpOverhead);
  if (const auto size = path.sender.protect_rtp(input, sealed)) {
    sealed.resize(*size);
    Packet damaged = sealed;
    damaged[damage % damaged.size()] ^= 0x10;
    PARLEY_ASSERT(!path.receiver.unprotect_rtp(damaged));
    const auto opened = path.receiver.unprotect_rtp(sealed);
    PARLEY_ASSERT(opened && std::ranges::equal(*opened, input));
  }
  sealed.assign(input.size() + kMaxRtcpOverhead, 0);
  if (const auto size = path.sender.protect_rtcp(input, sealed)) {
    sealed.resize(*size);
    Packet damaged = sealed;
    damaged[damage % damaged.size()] ^= 0x10;
    PARLEY_ASSERT(!path.receiver.unprotect_rtcp(damaged));
    const auto opened = path.receiver.unprotect_rtcp(sealed);
    PARLEY_ASSERT(opened && std::ranges::equal(*opened, input));
  }
}

void check_providers_agree(Path& one, Path& other, Bytes input) {
  Packet a(input.size() + kMaxRtpOverhead);
  Packet b = a;
  PARLEY_ASSERT(one.sender.protect_rtp(input, a) == other.sender.protect_rtp(input, b));
  PARLEY_ASSERT(a == b);
}

}  // namespace
}  // namespace parley::srtp

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley;
  using namespace parley::srtp;
  static const auto fastest = Provider::make();
  static const auto openssl = Provider::make(Provider::Kind::kOpenssl);
  if (size < 2) return 0;
  const Profile profile = kProfiles[data[0] % std::size(kProfiles)];
  const Bytes input(data + 2, size - 2);
  Path path(*fastest, profile);
  check_arrival(path, input);
  check_crossing(path, input, data[1]);
  Path here(*fastest, profile);
  Path there(*openssl, profile);
  check_providers_agree(here, there, input);
  return 0;
}
