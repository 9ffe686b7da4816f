#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "stun/message.h"
#include "stun/message_builder.h"
#include "turn/login.h"

namespace parley::turn {

// The long-term credential mechanism, the client's half (RFC 8489, 9.2.3 and 9.2.5).
class ClientCredentials {
 public:
  explicit ClientCredentials(Login login) : login_(std::move(login)) {}

  // Takes realm, nonce and algorithms of a 401 or 438 answer. False: it cannot be answered: it
  // lacks something, or somebody has tampered with it. Later ones are of the same realm, and ask
  // for no less: they have no seal that would tell whose they are.
  bool take_challenge(const stun::MessageView& answer);
  bool has_challenge() const { return !nonce_.empty(); }
  // Whether the server is of RFC 8489; older ones leave some errors unsealed.
  bool seals_all_errors() const { return algorithm_ != 0; }

  // Who we are, and the seal; nothing before there was a challenge.
  void add_to(stun::MessageBuilder& request) const;
  // Whether an answer is from who knows our password. False before there was a challenge.
  bool is_from_server(const stun::MessageView& answer) const;

 private:
  Login login_;
  std::string realm_;
  std::string nonce_;
  std::vector<std::uint8_t> algorithms_;  // PASSWORD-ALGORITHMS, to be sent back.
  std::uint16_t algorithm_ = 0;           // None: a server older than RFC 8489.
  bool hides_name_ = false;
  std::vector<std::uint8_t> key_;
};

}  // namespace parley::turn
