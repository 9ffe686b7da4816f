#include "meeting/resume_tokens.h"

#include <fmt/core.h>

#include <charconv>
#include <vector>

#include "base/base64.h"
#include "crypto/hash.h"

namespace parley::meeting {
namespace {

constexpr std::string_view kRoleLetters = "ocp";  // In the order of the enum.
constexpr char kWaits = 'w';
constexpr char kSpeaker = 's';
constexpr char kInvited = 'i';
constexpr std::size_t kParts = 6;

// In the order of the bits.
constexpr std::array kPermissions = {&Permissions::microphone, &Permissions::camera,
                                     &Permissions::screen, &Permissions::chat, &Permissions::todo};

std::optional<std::int64_t> parse_number(std::string_view digits) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  if (number < 0) return std::nullopt;
  return number;
}

std::string write_standing(const ResumeTokens::Claim& claim) {
  std::string text(1, claim.waits ? kWaits : kRoleLetters[std::to_underlying(claim.standing.role)]);
  if (claim.standing.own) {
    unsigned bits = 0;
    for (std::size_t i = 0; i < kPermissions.size(); ++i) {
      bits |= (*claim.standing.own).*kPermissions[i] ? 1u << i : 0u;
    }
    text += std::to_string(bits);
  }
  if (claim.standing.speaker) text += kSpeaker;
  if (claim.standing.invited) text += kInvited;
  return text;
}

bool take_letter(std::string_view& text, char letter) {
  const bool there = text.ends_with(letter);
  text.remove_suffix(there ? 1 : 0);
  return there;
}

bool read_standing(std::string_view text, ResumeTokens::Claim& claim) {
  if (text.empty()) return false;
  const std::size_t role = kRoleLetters.find(text.front());
  claim.waits = text.front() == kWaits;
  if (role == text.npos && !claim.waits) return false;
  if (!claim.waits) claim.standing.role = static_cast<Role>(role);
  text.remove_prefix(1);
  claim.standing.invited = take_letter(text, kInvited);
  claim.standing.speaker = take_letter(text, kSpeaker);
  if (text.empty()) return true;
  const auto bits = parse_number(text);
  if (!bits) return false;
  Permissions own;
  for (std::size_t i = 0; i < kPermissions.size(); ++i) own.*kPermissions[i] = *bits >> i & 1;
  claim.standing.own = own;
  return true;
}

std::vector<std::string_view> split(std::string_view token) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t dot = token.find('.');
    parts.push_back(token.substr(0, dot));
    if (dot == token.npos || parts.size() > kParts) return parts;
    token.remove_prefix(dot + 1);
  }
}

}  // namespace

std::string ResumeTokens::sign(std::string_view room, std::string_view claim) const {
  // Neither a room nor a claim holds a "/": no two pairs are written alike.
  return to_base64url(
      crypto::hmac_sha256(key_, as_bytes(fmt::format("resume/{}/{}", room, claim))));
}

std::string ResumeTokens::issue(std::string_view room, const Claim& claim) const {
  const std::string text =
      fmt::format("{}.{}.{}.{}.{}", claim.sid, claim.expiry.time_since_epoch().count(),
                  as_number(claim.life), claim.user.value, write_standing(claim));
  return fmt::format("{}.{}", text, sign(room, text));
}

std::optional<ResumeTokens::Claim> ResumeTokens::verify(std::string_view token,
                                                        std::string_view room) const {
  const auto parts = split(token);
  if (parts.size() != kParts || parts[0].empty()) return std::nullopt;
  const std::string_view text = token.substr(0, token.rfind('.'));
  if (!crypto::constant_time_equal(as_bytes(parts[5]), as_bytes(sign(room, text)))) {
    return std::nullopt;
  }
  const auto expiry = parse_number(parts[1]);
  const auto life = parse_number(parts[2]);
  const auto user = parse_number(parts[3]);
  Claim claim{.sid = std::string(parts[0])};
  if (!expiry || !life || !user || !read_standing(parts[4], claim)) return std::nullopt;
  claim.expiry = UnixTime(std::chrono::seconds(*expiry));
  claim.life = UnixMillis(std::chrono::milliseconds(*life));
  claim.user = UserId{static_cast<std::uint64_t>(*user)};
  return claim;
}

}  // namespace parley::meeting
