#pragma once

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

}  // namespace parley::meeting
