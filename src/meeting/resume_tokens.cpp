#include "meeting/resume_tokens.h"

#include <fmt/core.h>

#include <charconv>

#include "base/base64.h"
#include "crypto/hash.h"

namespace parley::meeting {
namespace {

std::optional<UnixTime> parse_seconds(std::string_view digits) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), seconds);
  if (error != std::errc() || end != digits.end() || seconds < 0) return std::nullopt;
  return UnixTime(std::chrono::seconds(seconds));
}

}  // namespace

std::string ResumeTokens::issue(std::string_view room, std::string_view sid,
                                UnixTime expiry) const {
  const std::string claim = fmt::format("{}.{}", sid, expiry.time_since_epoch().count());
  // Neither a room nor a sid holds a "/": no two pairs are written alike.
  const auto mac = crypto::hmac_sha256(key_, as_bytes(fmt::format("resume/{}/{}", room, claim)));
  return fmt::format("{}.{}", claim, to_base64url(mac));
}

std::optional<ResumeTokens::Claim> ResumeTokens::verify(std::string_view token,
                                                        std::string_view room) const {
  const std::size_t first = token.find('.');
  const std::size_t second = token.find('.', first + 1);
  if (first == 0 || first == token.npos || second == token.npos) return std::nullopt;
  const std::string_view sid = token.substr(0, first);
  const auto expiry = parse_seconds(token.substr(first + 1, second - first - 1));
  if (!expiry) return std::nullopt;
  if (!crypto::constant_time_equal(as_bytes(token), as_bytes(issue(room, sid, *expiry)))) {
    return std::nullopt;
  }
  return Claim{.sid = std::string(sid), .expiry = *expiry};
}

}  // namespace parley::meeting
