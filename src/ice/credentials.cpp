#include "ice/credentials.h"

#include <algorithm>

#include "stun/message.h"

namespace parley::ice {
namespace {

constexpr std::size_t kUfragLength = 8;
constexpr std::size_t kPwdLength = 24;
constexpr std::string_view kIceChars =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// RFC 8839, 5.4: ice-chars are letters, digits, + and /, unlike Random::token().
std::string ice_chars(Random& random, std::size_t length) {
  std::string text(length, '\0');
  random.fill({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  for (char& c : text) c = kIceChars[static_cast<unsigned char>(c) % kIceChars.size()];
  return text;
}

// Some peers' have - and _ in them, which no one minds.
bool is_made_of_ice_chars(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return kIceChars.find(c) != kIceChars.npos || c == '-' || c == '_'; });
}

bool is_within(std::size_t size, std::size_t min) {
  return size >= min && size <= 256;
}

}  // namespace

Credentials Credentials::make(Random& random) {
  return {.ufrag = ice_chars(random, kUfragLength), .pwd = ice_chars(random, kPwdLength)};
}

bool Credentials::is_valid() const {
  return is_within(ufrag.size(), 4) && is_within(pwd.size(), 22) && is_made_of_ice_chars(ufrag) &&
         is_made_of_ice_chars(pwd);
}

std::optional<std::string_view> addressed_ufrag(Bytes datagram) {
  const auto message = stun::MessageView::parse(datagram);
  if (!message || message->message_class() != stun::Class::kRequest ||
      message->method() != stun::Method::kBinding) {
    return std::nullopt;
  }
  const auto username = message->find(stun::Attribute::kUsername);
  if (!username) return std::nullopt;
  const std::string_view text = as_text(*username);
  const std::size_t colon = text.find(':');
  if (colon == text.npos) return std::nullopt;
  return text.substr(0, colon);
}

}  // namespace parley::ice
