#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "crypto/hash.h"
#include "sctp/packet/init.h"

namespace parley::sctp {

// What an end that was asked to connect would have to remember, handed to who asked instead:
// sealed, so that it comes back as it was (RFC 9260, 5.1.3). So a stray INIT costs nothing.
struct StateCookie {
  std::uint32_t local_tag = 0;
  std::uint32_t peer_tag = 0;
  std::uint32_t local_initial_tsn = 0;
  std::uint32_t peer_initial_tsn = 0;
  std::uint32_t peer_window = 0;
  std::uint16_t outgoing_streams = 0;
  std::uint16_t incoming_streams = 0;
  // The tags of an association that there was when INIT came, or zero (5.2.2).
  std::uint32_t local_tie_tag = 0;
  std::uint32_t peer_tie_tag = 0;
  Capabilities peer = {};  // What the peer can do.
  Time made = {};

  std::vector<std::uint8_t> seal(const crypto::Sha256Digest& key) const;
  // Nothing where this was not sealed with the key. Its age is for the caller to judge.
  static std::optional<StateCookie> open(Bytes sealed, const crypto::Sha256Digest& key);

  friend bool operator==(const StateCookie&, const StateCookie&) = default;
};

}  // namespace parley::sctp
