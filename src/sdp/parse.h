#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "sdp/description.h"

namespace parley::sdp {

struct ParseError {
  enum class Reason : std::uint8_t {
    kTooLong,    // The whole of it.
    kTooMany,    // Sections, or entries of one kind in a section.
    kNoVersion,  // It does not begin with v=0.
    kBadLine,    // Not a letter, "=" and text.
    kBadOrigin,
    kBadMediaLine,
    kBadAttribute,  // An attribute that we know, with a value that it cannot have.
    kDuplicateMid,
  };
  Reason reason = Reason::kBadLine;
  std::size_t line = 0;   // Counted from 1; 0: the whole of it.
  std::string text = {};  // The line, or the beginning of a long one.

  friend bool operator==(const ParseError&, const ParseError&) = default;
};

std::string_view to_string(ParseError::Reason reason);
// "line 12: an attribute has a value that it cannot have: a=rtpmap:x"
std::string to_string(const ParseError& error);

// What a stranger's description may make us hold.
struct ParseLimits {
  std::size_t max_size = 512 * 1024;  // Bytes: Chromium's m= sections take some 4 KiB each.
  std::size_t max_sections = 128;
  std::size_t max_entries = 256;  // Of each list in a section.
};

// Tolerant: lines end with LF or CRLF, lines and attributes without a type here are skipped or kept
// in `others`, and payload types of RFC 3551 need no a=rtpmap.
std::expected<SessionDescription, ParseError> parse(std::string_view text,
                                                    const ParseLimits& limits = {});

// Strict: CRLF, lines in the order of RFC 8866 and attributes in that of RFC 8829's examples.
// parse() of it gives the same description again.
std::string to_string(const SessionDescription& description);

}  // namespace parley::sdp
