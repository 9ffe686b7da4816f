#include "sdp/attributes.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "sdp/text.h"

namespace parley::sdp {
namespace {

// Far above what RFC 8839 allows (256) and what a hash has (64): such text is copied into every
// section that inherits it.
constexpr std::size_t kMaxInherited = 256;
constexpr std::size_t kMaxInheritedEntries = 16;
constexpr std::size_t kMaxFeedback = 64;  // "a=rtcp-fb:*" is copied to every codec.

Codec* find_codec(MediaSection& section, std::uint8_t payload_type) {
  const auto it = std::ranges::find(section.codecs, payload_type, &Codec::payload_type);
  return it == section.codecs.end() ? nullptr : &*it;
}

bool read_mid(MediaSection& section, std::string_view value) {
  section.mid = take_word(value);
  return !section.mid.empty();
}

bool read_rtpmap(MediaSection& section, std::string_view value) {
  const auto payload_type = parse_number<std::uint8_t>(take_word(value));
  value = trim(value);
  const std::string_view name = take_until(value, '/');
  const auto clock_rate = parse_number<std::uint32_t>(take_until(value, '/'));
  const auto channels = value.empty() ? 1 : parse_number<std::uint8_t>(value);
  if (!payload_type || name.empty() || name.contains(' ') || !clock_rate || !channels) return false;
  Codec* codec = find_codec(section, *payload_type);
  if (codec == nullptr) return true;  // The m= line does not name it.
  codec->name = name;
  codec->clock_rate = *clock_rate;
  codec->channels = std::max<std::uint8_t>(*channels, 1);
  return true;
}

bool read_fmtp(MediaSection& section, std::string_view value) {
  const auto payload_type = parse_number<std::uint8_t>(take_word(value));
  if (!payload_type) return false;
  Codec* codec = find_codec(section, *payload_type);
  if (codec == nullptr) return true;
  while (!value.empty()) {
    std::string_view text = trim(take_until(value, ';'));
    const std::string_view name = trim(take_until(text, '='));
    if (!name.empty()) codec->parameters.push_back({std::string(name), std::string(trim(text))});
  }
  return true;
}

bool read_rtcp_fb(MediaSection& section, std::string_view value) {
  const std::string_view to = take_word(value);
  const std::string_view kind = trim(value);
  const auto payload_type = parse_number<std::uint8_t>(to);
  if ((!payload_type && to != "*") || kind.empty()) return false;
  for (Codec& codec : section.codecs) {
    if (payload_type && codec.payload_type != *payload_type) continue;
    if (codec.feedback.size() == kMaxFeedback) return false;
    codec.feedback.emplace_back(kind);
  }
  return true;
}

std::optional<Direction> direction_of(std::string_view name) {
  for (const Direction direction :
       {Direction::kInactive, Direction::kSendOnly, Direction::kRecvOnly, Direction::kSendRecv}) {
    if (name == to_string(direction)) return direction;
  }
  return {};
}

bool read_extmap(MediaSection& section, std::string_view value) {
  std::string_view mapping = take_word(value);
  const auto id = parse_number<std::uint16_t>(take_until(mapping, '/'));
  const auto direction = mapping.empty() ? Direction::kSendRecv : direction_of(mapping);
  const std::string_view uri = take_word(value);
  if (!id || !direction || uri.empty()) return false;
  // 15 is reserved, and ids from 4096 on mean "choose one for me" (RFC 8285, 4.2 and 6).
  if (*id == 0 || *id == 15 || *id > 255) return true;
  section.extensions.push_back({static_cast<std::uint8_t>(*id), std::string(uri), *direction});
  return true;
}

bool read_msid(MediaSection& section, std::string_view value) {
  const std::string_view stream = take_word(value);
  section.msids.push_back({std::string(stream), std::string(take_word(value))});
  return !stream.empty();
}

bool read_rid(MediaSection& section, std::string_view value) {
  const std::string_view id = take_word(value);
  const std::string_view direction = take_word(value);
  if (id.empty() || (direction != "send" && direction != "recv")) return false;
  section.rids.push_back({std::string(id), direction == "send", std::string(trim(value))});
  return true;
}

std::optional<std::vector<Simulcast::Stream>> parse_streams(std::string_view text) {
  std::vector<Simulcast::Stream> streams;
  while (!text.empty()) {
    std::string_view alternatives = take_until(text, ';');
    Simulcast::Stream stream;
    while (!alternatives.empty()) {
      std::string_view rid = take_until(alternatives, ',');
      const bool paused = rid.starts_with('~');
      if (paused) rid.remove_prefix(1);
      if (rid.empty()) return {};
      stream.push_back({std::string(rid), paused});
    }
    if (stream.empty()) return {};
    streams.push_back(std::move(stream));
  }
  return streams;
}

bool read_simulcast(MediaSection& section, std::string_view value) {
  Simulcast simulcast;
  for (auto word = take_word(value); !word.empty(); word = take_word(value)) {
    auto streams = parse_streams(take_word(value));
    if ((word != "send" && word != "recv") || !streams || streams->empty()) return false;
    (word == "send" ? simulcast.send : simulcast.recv) = *std::move(streams);
  }
  if (simulcast.send.empty() && simulcast.recv.empty()) return false;
  section.simulcast = std::move(simulcast);
  return true;
}

bool read_ssrc(MediaSection& section, std::string_view value) {
  const auto ssrc = parse_number<std::uint32_t>(take_word(value));
  if (!ssrc) return false;
  auto it = std::ranges::find(section.sources, *ssrc, &Source::ssrc);
  if (it == section.sources.end()) {
    section.sources.push_back({.ssrc = *ssrc});
    it = section.sources.end() - 1;
  }
  const std::string_view name = take_until(value, ':');
  if (name == "cname") it->cname = trim(value);
  if (name == "msid") it->msid = trim(value);
  return true;
}

bool read_ssrc_group(MediaSection& section, std::string_view value) {
  SourceGroup group{.semantics = std::string(take_word(value))};
  for (auto word = take_word(value); !word.empty(); word = take_word(value)) {
    const auto ssrc = parse_number<std::uint32_t>(word);
    if (!ssrc) return false;
    group.ssrcs.push_back(*ssrc);
  }
  section.source_groups.push_back(std::move(group));
  return !section.source_groups.back().semantics.empty();
}

bool read_ice_ufrag(MediaSection& section, std::string_view value) {
  section.ice_ufrag = take_word(value);
  return !section.ice_ufrag.empty() && section.ice_ufrag.size() <= kMaxInherited;
}

bool read_ice_pwd(MediaSection& section, std::string_view value) {
  section.ice_pwd = take_word(value);
  return !section.ice_pwd.empty() && section.ice_pwd.size() <= kMaxInherited;
}

bool read_ice_options(MediaSection& section, std::string_view value) {
  if (value.size() > kMaxInherited) return false;
  for (auto word = take_word(value); !word.empty(); word = take_word(value)) {
    if (!section.has_ice_option(word)) section.ice_options.emplace_back(word);
  }
  return section.ice_options.size() <= kMaxInheritedEntries;
}

bool read_candidate(MediaSection& section, std::string_view value) {
  section.candidates.emplace_back(trim(value));
  return !section.candidates.back().empty();
}

bool read_fingerprint(MediaSection& section, std::string_view value) {
  Fingerprint fingerprint{.algorithm = to_lower(take_word(value))};
  value = trim(value);
  while (!value.empty() && fingerprint.bytes.size() <= kMaxInherited) {
    const std::string_view digits = take_until(value, ':');
    std::uint8_t byte = 0;
    const char* const end = digits.data() + digits.size();
    const auto result = std::from_chars(digits.data(), end, byte, 16);
    if (digits.size() != 2 || result.ec != std::errc{} || result.ptr != end) return false;
    fingerprint.bytes.push_back(byte);
  }
  if (fingerprint.algorithm.size() > kMaxInherited || fingerprint.bytes.empty() ||
      fingerprint.bytes.size() > kMaxInherited ||
      section.fingerprints.size() == kMaxInheritedEntries) {
    return false;
  }
  section.fingerprints.push_back(std::move(fingerprint));
  return true;
}

bool read_setup(MediaSection& section, std::string_view value) {
  const std::string_view word = take_word(value);
  for (const Setup setup : {Setup::kActpass, Setup::kActive, Setup::kPassive, Setup::kHoldconn}) {
    if (word != to_string(setup)) continue;
    section.setup = setup;
    return true;
  }
  return false;
}

bool read_sctp_port(MediaSection& section, std::string_view value) {
  section.sctp_port = parse_number<std::uint16_t>(trim(value));
  return section.sctp_port.has_value();
}

// "5000 webrtc-datachannel 1024": how it was written before RFC 8841, and by aiortc still is.
bool read_sctpmap(MediaSection& section, std::string_view value) {
  const auto port = parse_number<std::uint16_t>(take_word(value));
  if (port && !section.sctp_port) section.sctp_port = port;
  return port.has_value();
}

bool read_max_message_size(MediaSection& section, std::string_view value) {
  section.max_message_size = parse_number<std::uint64_t>(trim(value));
  return section.max_message_size.has_value();
}

template <bool MediaSection::*kFlag>
bool read_flag(MediaSection& section, std::string_view) {
  section.*kFlag = true;
  return true;
}

struct Reader {
  std::string_view name;
  bool (*read)(MediaSection& section, std::string_view value);
};

constexpr Reader kReaders[] = {
    {"rtpmap", read_rtpmap},
    {"rtcp-fb", read_rtcp_fb},
    {"fmtp", read_fmtp},
    {"candidate", read_candidate},
    {"extmap", read_extmap},
    {"ssrc", read_ssrc},
    {"ssrc-group", read_ssrc_group},
    {"mid", read_mid},
    {"msid", read_msid},
    {"rid", read_rid},
    {"simulcast", read_simulcast},
    {"ice-ufrag", read_ice_ufrag},
    {"ice-pwd", read_ice_pwd},
    {"ice-options", read_ice_options},
    {"fingerprint", read_fingerprint},
    {"setup", read_setup},
    {"rtcp-mux", read_flag<&MediaSection::rtcp_mux>},
    {"rtcp-mux-only", read_flag<&MediaSection::rtcp_mux_only>},
    {"rtcp-rsize", read_flag<&MediaSection::rtcp_rsize>},
    {"bundle-only", read_flag<&MediaSection::bundle_only>},
    {"end-of-candidates", read_flag<&MediaSection::end_of_candidates>},
    {"extmap-allow-mixed", read_flag<&MediaSection::extmap_allow_mixed>},
    {"sctp-port", read_sctp_port},
    {"sctpmap", read_sctpmap},
    {"max-message-size", read_max_message_size},
};

}  // namespace

Read read_attribute(MediaSection& section, std::string_view name, std::string_view value) {
  if (const auto direction = direction_of(name)) {
    section.direction = *direction;
    return Read::kDone;
  }
  const auto it = std::ranges::find(kReaders, name, &Reader::name);
  if (it == std::end(kReaders)) return Read::kUnknown;
  return it->read(section, value) ? Read::kDone : Read::kBad;
}

bool is_inherited(std::string_view name) {
  constexpr std::string_view kInherited[] = {"ice-ufrag",   "ice-pwd", "ice-options",
                                             "fingerprint", "setup",   "extmap-allow-mixed"};
  return direction_of(name).has_value() ||
         std::ranges::find(kInherited, name) != std::end(kInherited);
}

}  // namespace parley::sdp
