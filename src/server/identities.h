#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "account/access_tokens.h"
#include "account/revocations.h"
#include "http/message.h"
#include "meeting/identity.h"

namespace parley::server {

inline constexpr std::string_view kAccessCookie = "parley_access";
inline constexpr std::string_view kRefreshCookie = "parley_refresh";

// Who sends a request, by its cookie, without asking the store: for doors, which open at once.
class Identities {
 public:
  explicit Identities(Bytes secret) : tokens_(secret) {}

  // A guest, where there is no good access token.
  meeting::Identity of(const http::Request& request) const;
  meeting::Identity of(std::string_view cookies) const;  // A Cookie field.

  std::optional<account::Access> access_of(std::string_view cookies) const;

  std::string issue(const account::Access& access) const { return tokens_.issue(access); }

  // The session has ended: its access tokens are good for nothing from now on.
  void revoke(store::SessionId session);
  // Is called for each; whoever let somebody in by a session shuts the door on them.
  void on_revoked(std::function<void(store::SessionId)> call) { on_revoked_ = std::move(call); }

 private:
  account::AccessTokens tokens_;
  account::Revocations revocations_;
  std::function<void(store::SessionId)> on_revoked_;
};

}  // namespace parley::server
