#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace parley::server {

// What a trickle of ICE says (RFC 8840, 9; RFC 9725, 4.3): the credentials that it is of, and that
// there are candidates. Which these are a server at a public address learns from their checks, so
// a fragment of candidates alone, as some programs send it, is empty.
struct SdpFragment {
  static constexpr std::size_t kMaxSize = 16 << 10;

  std::string ufrag = {};
  std::string pwd = {};

  // The error is a sentence.
  static std::expected<SdpFragment, std::string> parse(std::string_view text);

  friend bool operator==(const SdpFragment&, const SdpFragment&) = default;
};

// The credentials of a description: of its first section that has some.
std::optional<SdpFragment> credentials_of(std::string_view sdp);

// The same description under other credentials.
std::string with_credentials(std::string_view sdp, const SdpFragment& credentials);

// What an answer says of its side of the path, as the answer to a restart.
std::string fragment_of(std::string_view answer);

}  // namespace parley::server
