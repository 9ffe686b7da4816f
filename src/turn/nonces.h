#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/time.h"
#include "net/address.h"

namespace parley::turn {

// What a server says of itself in the front of its nonces, so that nobody in between can take it
// away (RFC 8489, 9.2 and 18.1).
struct SecurityFeatures {
  bool password_algorithms = false;  // Bit 0: PASSWORD-ALGORITHMS is understood.
  bool username_anonymity = false;   // Bit 1: USERHASH is understood.

  friend bool operator==(const SecurityFeatures&, const SecurityFeatures&) = default;
};

// Nothing if the nonce has no such front: the server is older than RFC 8489.
std::optional<SecurityFeatures> security_features_of(std::string_view nonce);

// Makes nonces that can be recognised without being remembered: the time they were made at and the
// port they were made for, sealed together with the IP address. No two sources get the same (RFC
// 8489, 9.2.4); but a nonce is good from any port of its address, for a NAT may give another.
class Nonces {
 public:
  Nonces(Duration lifetime, SecurityFeatures features, Random& random);

  std::string make(Time now, const net::SocketAddress& client) const;
  // Ours, for this client, and neither expired nor with other features.
  bool is_valid(Time now, const net::IpAddress& client, std::string_view nonce) const;
  const SecurityFeatures& features() const { return features_; }

 private:
  // What a nonce says of itself.
  struct Origin {
    std::uint32_t seconds = 0;
    std::uint16_t port = 0;
  };
  std::string write(Origin origin, const net::IpAddress& client) const;

  Duration lifetime_;
  SecurityFeatures features_;
  std::array<std::uint8_t, 32> key_ = {};
};

}  // namespace parley::turn
