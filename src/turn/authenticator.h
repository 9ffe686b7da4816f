#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "net/address.h"
#include "stun/message.h"
#include "stun/message_builder.h"
#include "turn/credentials.h"
#include "turn/nonces.h"

namespace parley::turn {

// How an answer is sealed (RFC 8489, 9.2.4): by SHA-256 if its request named an algorithm for the
// password, whichever, else by SHA-1. Without a key it is not.
struct Seal {
  std::vector<std::uint8_t> key = {};
  bool sha256 = false;  // MESSAGE-INTEGRITY-SHA256.

  void add_to(stun::MessageBuilder& message) const;
};

struct Identity {
  User user = {};
  Seal seal = {};
};

// The long-term credential mechanism, the server's half (RFC 8489, 9.2.4). It remembers nothing of
// who asks.
class Authenticator {
 public:
  Authenticator(std::string realm, Duration nonce_lifetime, Credentials credentials,
                Random& random);

  // Who sent the request; or the code of the answer: 400, or 401 and 438 with a challenge. `known`
  // is whose allocation the request is about, if it is about one: their keys go on to hold,
  // whatever became of them since.
  std::expected<Identity, stun::ErrorCode> authenticate(Time now, UnixTime calendar,
                                                        const stun::MessageView& request,
                                                        const net::IpAddress& client,
                                                        const User* known) const;

  // REALM, NONCE and PASSWORD-ALGORITHMS.
  void add_challenge(Time now, const net::SocketAddress& client,
                     stun::MessageBuilder& answer) const;

  Credentials& credentials() { return credentials_; }
  const std::string& realm() const { return realm_; }

 private:
  // Whose name the request bears; nothing: a hash of nobody.
  std::optional<std::string> username_of(const stun::MessageView& request, const User* known) const;
  std::optional<Identity> identify(UnixTime calendar, const stun::MessageView& request,
                                   const User* known) const;

  std::string realm_;
  Credentials credentials_;
  Nonces nonces_;
};

}  // namespace parley::turn
