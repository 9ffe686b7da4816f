#include "sctp/socket/state_cookie.h"

#include <gtest/gtest.h>

namespace parley::sctp {
namespace {

constexpr crypto::Sha256Digest kKey = {1, 2, 3};

StateCookie cookie() {
  return {.local_tag = 1,
          .peer_tag = 2,
          .local_initial_tsn = 3,
          .peer_initial_tsn = 4,
          .peer_window = 5,
          .outgoing_streams = 6,
          .incoming_streams = 7,
          .local_tie_tag = 8,
          .peer_tie_tag = 9,
          .peer = {.partial_reliability = true, .re_config = false, .zero_checksum = true},
          .made = Time{std::chrono::hours{1}}};
}

TEST(StateCookie, ComesBackAsItWas) {
  EXPECT_EQ(StateCookie::open(cookie().seal(kKey), kKey), cookie());
}

TEST(StateCookie, ShowsEachChangedBit) {
  auto sealed = cookie().seal(kKey);
  for (std::size_t i = 0; i < sealed.size() * 8; ++i) {
    sealed[i / 8] ^= static_cast<std::uint8_t>(1 << i % 8);
    EXPECT_FALSE(StateCookie::open(sealed, kKey).has_value()) << i;
    sealed[i / 8] ^= static_cast<std::uint8_t>(1 << i % 8);
  }
}

TEST(StateCookie, IsNotOpenedByAnotherKeyNorInParts) {
  const auto sealed = cookie().seal(kKey);
  EXPECT_FALSE(StateCookie::open(sealed, crypto::Sha256Digest{}).has_value());
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_FALSE(StateCookie::open(Bytes(sealed).first(size), kKey).has_value()) << size;
  }
}

}  // namespace
}  // namespace parley::sctp
