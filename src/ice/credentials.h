#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/random.h"

namespace parley::ice {

// The user name fragment and the password of one side (RFC 8445, 5.3). A peer's check names both
// fragments and is sealed with the password of the side that it goes to; so is its answer.
struct Credentials {
  std::string ufrag = {};
  std::string pwd = {};

  // 48 and 144 random bits: at least 24 and 128 are asked for.
  static Credentials make(Random& random);

  // 4 to 256 and 22 to 256 ice-chars (RFC 8839, 5.4). What SDP cannot say is not valid.
  bool is_valid() const;

  friend bool operator==(const Credentials&, const Credentials&) = default;
};

// The ufrag of ours that a check is addressed to, as it stands before the colon of its USERNAME;
// borrowed from `datagram`. Nothing if it is no Binding request with a USERNAME. Nothing is
// authenticated by that: it only says which of many agents behind one socket is to look at it.
std::optional<std::string_view> addressed_ufrag(Bytes datagram);

}  // namespace parley::ice
