// What strangers send to be somebody: cookies, tokens, and the bodies of the HTTP API.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "account/access_tokens.h"
#include "account/join_tokens.h"
#include "account/secrets.h"
#include "base/assert.h"
#include "base/base64.h"
#include "http/cookie.h"
#include "server/api/bodies.h"

using namespace parley;

namespace {

constexpr UnixMillis kNow{std::chrono::hours{480'000}};
const std::string kSecret(32, 's');

// Claims that really are signed, whatever they say: past the signature the parser must still hold.
std::string signed_by_us(std::string_view purpose, std::string_view claims) {
  const std::string text = to_base64url(as_bytes(R"({"alg":"HS256","typ":"JWT"})")) + '.' +
                           to_base64url(as_bytes(claims));
  const auto key = crypto::derive_key(as_bytes(kSecret), purpose);
  return text + '.' + to_base64url(crypto::hmac_sha256(key, as_bytes(text)));
}

void check_tokens(std::string_view text) {
  static const account::AccessTokens access(as_bytes(kSecret));
  static const account::JoinTokens join(as_bytes(kSecret));
  PARLEY_ASSERT(!access.verify(text, kNow));
  PARLEY_ASSERT(!join.verify(text, kNow));
  if (const auto who = access.verify(signed_by_us("parley-access", text), kNow)) {
    PARLEY_ASSERT(who->user && who->session);
  }
  if (const auto grant = join.verify(signed_by_us("parley-join", text), kNow)) {
    PARLEY_ASSERT(grant->expiry > kNow);
    PARLEY_ASSERT(join.verify(join.mint(*grant), kNow) == *grant);
  }
  if (const auto token = account::RefreshToken::parse(text)) PARLEY_ASSERT(token->text == text);
  if (const auto secret = account::ApiTokenSecret::parse(text)) PARLEY_ASSERT(secret->text == text);
}

template <class... Bodies>
void read_as(const Json& json) {
  (static_cast<void>(from_json<Bodies>(json)), ...);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  if (const auto value = http::find_cookie(text, "parley_access")) {
    PARLEY_ASSERT(!value->empty() && !value->contains(';'));
    check_tokens(*value);
  }
  check_tokens(text);
  if (const auto json = Json::parse(text)) {
    using namespace parley::server;
    read_as<RegisterBody, LogInBody, PasswordBody, ProfileBody, DeleteAccountBody, TokenBody,
            RoomBody, MemberBody, JoinTokenBody>(*json);
  }
  return 0;
}
