#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

// The normal forms of what people type. An error is the end of a sentence that begins with the
// field's name: "room: may hold ...".
namespace parley::meeting {

// A room's name: A-Z a-z 0-9 . _ -, the first a letter or digit, folded to lower case, so that it
// may be read aloud, typed and put in a link. Length is the schema's business.
std::expected<std::string, std::string> normal_room(std::string_view text);

// A person's name: any UTF-8 text, without white space around it. What would break the line or the
// layout that it is shown in (control characters, bidirectional overrides) is refused.
std::expected<std::string, std::string> normal_name(std::string_view text);

// What is wrong with a text of one or more lines, which is kept as it came: it must not be only
// white space, nor hold control characters but line feed, carriage return and tab.
std::optional<std::string> problem_of_text(std::string_view text);

// The text by which names are searched, whatever case they are written in: Latin, Greek and
// Cyrillic letters in lower case (Unicode's simple case folding of the common ones), all else as it
// is.
std::string folded(std::string_view text);

// The longest part at the front of `text` that has at most so many bytes and ends with a character:
// of what is no UTF-8, what comes before it.
std::string_view front_of(std::string_view text, std::size_t max_bytes);

}  // namespace parley::meeting
