#include "sdp/parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "sdp/attributes.h"
#include "sdp/text.h"

namespace parley::sdp {
namespace {

using Reason = ParseError::Reason;

constexpr std::size_t kShownOfALine = 120;
constexpr char kCarriageReturn = '\r';

MediaKind kind_of(std::string_view name) {
  for (const MediaKind kind : {MediaKind::kAudio, MediaKind::kVideo, MediaKind::kApplication}) {
    if (name == to_string(kind)) return kind;
  }
  return MediaKind::kOther;
}

std::size_t longest_list(const MediaSection& section) {
  return std::max({section.msids.size(), section.extensions.size(), section.rids.size(),
                   section.sources.size(), section.source_groups.size(), section.candidates.size(),
                   section.others.size()});
}

// What RFC 3551, 6 says of a payload type that no a=rtpmap describes.
void describe_static(Codec& codec) {
  switch (codec.payload_type) {
    case 0: codec.name = "PCMU"; break;
    case 8: codec.name = "PCMA"; break;
    case 9: codec.name = "G722"; break;
    case 13: codec.name = "CN"; break;
    default: return;
  }
  codec.clock_rate = 8'000;
}

// Reads the lines one after the other; each goes to the session or to the newest section.
class Parser {
 public:
  explicit Parser(const ParseLimits& limits) : limits_(limits) {}

  std::optional<Reason> read_line(std::string_view line);
  SessionDescription finish();

 private:
  std::optional<Reason> read_origin(std::string_view value);
  std::optional<Reason> read_connection(std::string_view value);
  std::optional<Reason> read_media(std::string_view value);
  std::optional<Reason> read_attribute_line(std::string_view value);
  std::optional<Reason> read_session_attribute(std::string_view name, std::string_view value);
  void inherit(MediaSection& section, bool has_direction) const;

  ParseLimits limits_;
  SessionDescription session_;
  MediaSection defaults_;            // What the session says for all sections.
  std::vector<bool> has_direction_;  // By section: whether it says so itself.
};

std::optional<Reason> Parser::read_line(std::string_view line) {
  if (line.size() < 2 || line[1] != '=' || line.find('\0') != std::string_view::npos ||
      line.find(kCarriageReturn) != std::string_view::npos) {
    return Reason::kBadLine;
  }
  const std::string_view value = line.substr(2);
  switch (line[0]) {
    case 'o': return read_origin(value);
    case 's':
      if (!value.empty()) session_.name = value;
      return {};
    case 'm': return read_media(value);
    case 'c': return read_connection(trim(value));
    case 'a': return read_attribute_line(value);
    default: return {};
  }
}

std::optional<Reason> Parser::read_origin(std::string_view value) {
  Origin& origin = session_.origin;
  origin.username = take_word(value);
  origin.session_id = take_word(value);
  const auto version = parse_number<std::uint64_t>(take_word(value));
  origin.address = trim(value);
  if (!version || origin.address.empty()) return Reason::kBadOrigin;
  origin.version = *version;
  return {};
}

std::optional<Reason> Parser::read_connection(std::string_view value) {
  if (value.empty()) return Reason::kBadLine;
  if (!session_.sections.empty()) session_.sections.back().connection = value;
  return {};
}

std::optional<Reason> Parser::read_media(std::string_view value) {
  if (session_.sections.size() == limits_.max_sections) return Reason::kTooMany;
  MediaSection section;
  const std::string_view kind = take_word(value);
  section.kind = kind_of(kind);
  if (section.kind == MediaKind::kOther) section.kind_name = kind;
  std::string_view ports = take_word(value);
  const auto port = parse_number<std::uint16_t>(take_until(ports, '/'));
  section.protocol = take_word(value);
  if (!port || section.protocol.empty()) return Reason::kBadMediaLine;
  section.port = *port;
  for (auto format = take_word(value); !format.empty(); format = take_word(value)) {
    if (section.formats.size() == limits_.max_entries) return Reason::kTooMany;
    if (!section.is_rtp()) {
      section.formats.emplace_back(format);
      continue;
    }
    const auto payload_type = parse_number<std::uint8_t>(format);
    if (!payload_type || *payload_type > 127) return Reason::kBadMediaLine;
    if (find_codec(section.codecs, *payload_type) != nullptr) continue;
    section.codecs.push_back({.payload_type = *payload_type});
  }
  if (section.formats.empty() && section.codecs.empty()) return Reason::kBadMediaLine;
  session_.sections.push_back(std::move(section));
  has_direction_.push_back(false);
  return {};
}

std::optional<Reason> Parser::read_attribute_line(std::string_view value) {
  const std::string_view name = take_until(value, ':');
  if (session_.sections.empty()) return read_session_attribute(name, value);
  MediaSection& section = session_.sections.back();
  const bool had_mid = !section.mid.empty();
  switch (read_attribute(section, name, value)) {
    case Read::kBad: return Reason::kBadAttribute;
    case Read::kUnknown: section.others.push_back({std::string(name), std::string(value)}); break;
    case Read::kDone:
      if (name == to_string(section.direction)) has_direction_.back() = true;
      break;
  }
  if (longest_list(section) > limits_.max_entries) return Reason::kTooMany;
  if (name == "mid" && (had_mid || session_.find(section.mid) != &section)) {
    return Reason::kDuplicateMid;
  }
  return {};
}

std::optional<Reason> Parser::read_session_attribute(std::string_view name,
                                                     std::string_view value) {
  if (name == "ice-lite") {
    session_.ice_lite = true;
    return {};
  }
  std::string_view rest = value;
  if (name == "group" && take_word(rest) == "BUNDLE") {
    std::vector<std::string>& bundle = session_.bundles.emplace_back();
    for (auto mid = take_word(rest); !mid.empty(); mid = take_word(rest)) bundle.emplace_back(mid);
    const bool fits =
        bundle.size() <= limits_.max_entries && session_.bundles.size() <= limits_.max_entries;
    return fits ? std::optional<Reason>{} : Reason::kTooMany;
  }
  if (is_inherited(name)) {
    const Read read = read_attribute(defaults_, name, value);
    return read == Read::kBad ? std::optional(Reason::kBadAttribute) : std::nullopt;
  }
  if (session_.others.size() == limits_.max_entries) return Reason::kTooMany;
  session_.others.push_back({std::string(name), std::string(value)});
  return {};
}

void Parser::inherit(MediaSection& section, bool has_direction) const {
  if (section.ice_ufrag.empty() && section.ice_pwd.empty()) {
    section.ice_ufrag = defaults_.ice_ufrag;
    section.ice_pwd = defaults_.ice_pwd;
  }
  if (section.ice_options.empty()) section.ice_options = defaults_.ice_options;
  if (section.fingerprints.empty()) section.fingerprints = defaults_.fingerprints;
  if (!section.setup) section.setup = defaults_.setup;
  if (!has_direction) section.direction = defaults_.direction;
  section.extmap_allow_mixed |= defaults_.extmap_allow_mixed;
}

SessionDescription Parser::finish() {
  for (std::size_t i = 0; i < session_.sections.size(); ++i) {
    MediaSection& section = session_.sections[i];
    inherit(section, has_direction_[i]);
    for (Codec& codec : section.codecs) {
      if (codec.name.empty()) describe_static(codec);
    }
  }
  return std::move(session_);
}

ParseError make_error(Reason reason, std::size_t number, std::string_view line) {
  return {reason, number, std::string(line.substr(0, kShownOfALine))};
}

}  // namespace

std::expected<SessionDescription, ParseError> parse(std::string_view text,
                                                    const ParseLimits& limits) {
  if (text.size() > limits.max_size) return std::unexpected(make_error(Reason::kTooLong, 0, {}));
  Parser parser(limits);
  for (std::size_t number = 1; !text.empty() || number == 1; ++number) {
    std::string_view line = take_until(text, '\n');
    if (line.ends_with(kCarriageReturn)) line.remove_suffix(1);
    if (number == 1) {
      if (line != "v=0") return std::unexpected(make_error(Reason::kNoVersion, 1, line));
      continue;
    }
    if (line.empty()) continue;
    if (const auto reason = parser.read_line(line)) {
      return std::unexpected(make_error(*reason, number, line));
    }
  }
  return parser.finish();
}

std::string_view to_string(ParseError::Reason reason) {
  switch (reason) {
    case Reason::kTooLong: return "the description is too long";
    case Reason::kTooMany: return "there are too many of these";
    case Reason::kNoVersion: return "a description begins with v=0";
    case Reason::kBadLine: return "this is no line of SDP";
    case Reason::kBadOrigin: return "o= needs a name, an id, a version and an address";
    case Reason::kBadMediaLine: return "m= needs a kind, a port, a protocol and formats";
    case Reason::kBadAttribute: return "the attribute cannot have this value";
    case Reason::kDuplicateMid: return "a section has one mid, and no other section has it";
  }
  return {};
}

std::string to_string(const ParseError& error) {
  return error.line == 0
             ? std::string(to_string(error.reason))
             : fmt::format("line {}: {}: {}", error.line, to_string(error.reason), error.text);
}

}  // namespace parley::sdp
