#include "sdp/negotiation.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace parley::sdp {
namespace {

// Where a codec stands for another (RTX, RED): the payload type of that other one.
std::optional<std::uint8_t> carried(const Codec& codec) {
  return codec.is_rtx() ? codec.apt() : codec.red_payload_type();
}

// What `ours` has for a codec of `theirs`, without looking at what it carries.
const Codec* find_format(std::span<const Codec> ours, const Codec& theirs) {
  const auto it =
      std::ranges::find_if(ours, [&](const Codec& codec) { return is_same_format(codec, theirs); });
  return it == ours.end() ? nullptr : &*it;
}

// Our RTX or RED for the codec that `theirs` carries.
const Codec* find_carrier(std::span<const Codec> ours, std::span<const Codec> all_theirs,
                          const Codec& theirs) {
  const auto type = carried(theirs);
  const Codec* const their_media = type ? find_codec(all_theirs, *type) : nullptr;
  if (their_media == nullptr || carried(*their_media)) return nullptr;
  const auto it = std::ranges::find_if(ours, [&](const Codec& codec) {
    const auto our_type = carried(codec);
    const Codec* const our_media = our_type ? find_codec(ours, *our_type) : nullptr;
    return is_same_format(codec, theirs) && our_media != nullptr &&
           is_same_format(*our_media, *their_media);
  });
  return it == ours.end() ? nullptr : &*it;
}

const Codec* find_counterpart(std::span<const Codec> ours, std::span<const Codec> all_theirs,
                              const Codec& theirs) {
  return carried(theirs) ? find_carrier(ours, all_theirs, theirs) : find_format(ours, theirs);
}

std::vector<std::string> common_feedback(const Codec& a, const Codec& b) {
  std::vector<std::string> common;
  std::ranges::copy_if(a.feedback, std::back_inserter(common),
                       [&](const std::string& kind) { return b.has_feedback(kind); });
  return common;
}

// Levels in the order of what they can do: 1b lies between 1 and 1.1.
constexpr int rank_of_level(std::uint8_t level) {
  return level == 9 ? 21 : level * 2;
}

void set_parameter(Codec& codec, std::string_view name, std::string value) {
  for (FormatParameter& parameter : codec.parameters) {
    if (parameter.name == name) parameter.value = std::move(value);
  }
}

// Without level-asymmetry-allowed on both sides, both receive the lower level (RFC 6184, 8.2.2).
void agree_on_level(Codec& answer, const Codec& offered) {
  constexpr std::string_view kProfile = "profile-level-id";
  constexpr std::string_view kAsymmetry = "level-asymmetry-allowed";
  if (answer.find_parameter(kAsymmetry) == "1" && offered.find_parameter(kAsymmetry) == "1") {
    return;
  }
  auto ours = H264Profile::parse(answer.find_parameter(kProfile).value_or(""));
  const auto theirs = H264Profile::parse(offered.find_parameter(kProfile).value_or(""));
  if (!ours || !theirs || rank_of_level(theirs->level) >= rank_of_level(ours->level)) return;
  ours->level = theirs->level;
  set_parameter(answer, kProfile, ours->to_string());
}

Codec answer_codec(const Codec& ours, const Codec& offered) {
  Codec answer = offered;
  answer.feedback = common_feedback(offered, ours);
  if (carried(offered)) return answer;  // Its parameter is the offer's own payload type.
  answer.parameters = ours.parameters;
  if (offered.is("H264")) agree_on_level(answer, offered);
  return answer;
}

bool is_simulcast_rid(const MediaSection& section, std::string_view id, bool send) {
  return std::ranges::any_of(section.rids,
                             [&](const Rid& rid) { return rid.id == id && rid.send == send; });
}

// Takes part in the streams that the offer lists for one direction.
void answer_streams(const MediaSection& offered, bool they_send, std::size_t limit,
                    SimulcastAnswer& answer) {
  const Simulcast& simulcast = *offered.simulcast;
  for (const Simulcast::Stream& stream : they_send ? simulcast.send : simulcast.recv) {
    if (limit == 0) return;
    if (stream.empty() || !is_simulcast_rid(offered, stream.front().rid, they_send)) continue;
    const std::string& id = stream.front().rid;
    answer.rids.push_back({.id = id, .send = !they_send});
    if (!answer.simulcast) answer.simulcast.emplace(Simulcast{});
    auto& ours = they_send ? answer.simulcast->recv : answer.simulcast->send;
    ours.push_back({{.rid = id, .paused = stream.front().paused}});
    --limit;
  }
}

const Simulcast::Alternative* find_rid(const std::vector<Simulcast::Stream>& streams,
                                       std::string_view rid) {
  for (const Simulcast::Stream& stream : streams) {
    const auto it = std::ranges::find(stream, rid, &Simulcast::Alternative::rid);
    if (it != stream.end()) return &*it;
  }
  return nullptr;
}

}  // namespace

std::vector<Codec> answer_codecs(std::span<const Codec> ours, std::span<const Codec> offered) {
  std::vector<Codec> answer;
  for (const Codec& theirs : offered) {
    const Codec* const codec = find_counterpart(ours, offered, theirs);
    if (codec != nullptr) answer.push_back(answer_codec(*codec, theirs));
  }
  return answer;
}

std::vector<Codec> common_codecs(std::span<const Codec> ours, std::span<const Codec> theirs) {
  std::vector<Codec> common;
  for (const Codec& codec : theirs) {
    const Codec* const counterpart = find_counterpart(ours, theirs, codec);
    if (counterpart == nullptr) continue;
    common.push_back(codec);
    common.back().feedback = common_feedback(codec, *counterpart);
  }
  return common;
}

std::vector<Extension> answer_extensions(std::span<const std::string_view> our_uris,
                                         std::span<const Extension> offered, bool two_byte) {
  std::vector<Extension> answer;
  for (const Extension& theirs : offered) {
    const bool known = std::ranges::find(our_uris, theirs.uri) != our_uris.end();
    const bool taken = std::ranges::any_of(answer, [&](const Extension& earlier) {
      return earlier.id == theirs.id || earlier.uri == theirs.uri;
    });
    if (!known || taken || theirs.direction == Direction::kInactive) continue;
    if (theirs.id > ExtensionIds::kMaxId && !two_byte) continue;
    answer.push_back({theirs.id, theirs.uri, reversed(theirs.direction)});
  }
  return answer;
}

void ExtensionIds::learn(std::span<const Extension> extensions) {
  for (const Extension& extension : extensions) {
    if (extension.id == 0 || extension.id > kMaxId || !uris_[extension.id].empty()) continue;
    if (std::ranges::find(uris_, extension.uri) != uris_.end()) continue;
    uris_[extension.id] = extension.uri;
  }
}

std::optional<std::uint8_t> ExtensionIds::id_for(std::string_view uri) {
  auto it = std::ranges::find(uris_, uri);
  if (it == uris_.end()) {
    it = std::ranges::find(uris_.begin() + 1, uris_.end(), std::string());
    if (it == uris_.end()) return {};
    *it = uri;
  }
  return static_cast<std::uint8_t>(it - uris_.begin());
}

SimulcastAnswer answer_simulcast(const MediaSection& offered, std::size_t max_receive,
                                 std::size_t max_send) {
  SimulcastAnswer answer;
  if (!offered.simulcast) return answer;
  answer_streams(offered, true, max_receive, answer);
  answer_streams(offered, false, max_send, answer);
  return answer;
}

std::vector<SendLayer> agreed_send_layers(const MediaSection& ours, const MediaSection& theirs) {
  std::vector<SendLayer> layers;
  if (!ours.simulcast || !theirs.simulcast) return layers;
  for (const Simulcast::Stream& stream : ours.simulcast->send) {
    for (const Simulcast::Alternative& alternative : stream) {
      const auto* const theirs_for_it = find_rid(theirs.simulcast->recv, alternative.rid);
      if (theirs_for_it == nullptr) continue;
      layers.push_back({alternative.rid, alternative.paused || theirs_for_it->paused});
      break;  // One of the alternatives is enough.
    }
  }
  return layers;
}

std::vector<std::string> agreed_receive_layers(const MediaSection& ours,
                                               const MediaSection& theirs) {
  std::vector<std::string> rids;
  for (const SendLayer& layer : agreed_send_layers(theirs, ours)) rids.push_back(layer.rid);
  return rids;
}

std::optional<Setup> answer_setup(std::optional<Setup> offered, Setup preferred) {
  switch (offered.value_or(Setup::kActpass)) {
    case Setup::kActpass: return preferred;
    case Setup::kActive: return Setup::kPassive;
    case Setup::kPassive: return Setup::kActive;
    case Setup::kHoldconn: break;
  }
  return {};
}

MediaSection answer_section(const MediaSection& offered, const Capabilities& ours) {
  const bool possible = !offered.is_rejected() && offered.is_rtp() && offered.rtcp_mux;
  auto codecs = possible ? answer_codecs(ours.codecs, offered.codecs) : std::vector<Codec>{};
  if (std::ranges::none_of(codecs, &Codec::is_media)) return reject_section(offered);
  MediaSection answer;
  answer.kind = offered.kind;
  answer.kind_name = offered.kind_name;
  answer.protocol = offered.protocol;
  answer.mid = offered.mid;
  answer.direction = intersection(reversed(offered.direction), ours.direction);
  answer.codecs = std::move(codecs);
  answer.extmap_allow_mixed = offered.extmap_allow_mixed;
  answer.extensions =
      answer_extensions(ours.extensions, offered.extensions, offered.extmap_allow_mixed);
  auto simulcast =
      answer_simulcast(offered, receives(answer.direction) ? ours.max_receive_layers : 0,
                       sends(answer.direction) ? ours.max_send_layers : 0);
  answer.rids = std::move(simulcast.rids);
  answer.simulcast = std::move(simulcast.simulcast);
  answer.rtcp_mux = true;
  answer.rtcp_rsize = offered.rtcp_rsize;
  return answer;
}

MediaSection answer_data_channel(const MediaSection& offered, std::uint16_t sctp_port,
                                 std::uint64_t max_message_size) {
  if (offered.is_rejected() || !offered.is_data_channel()) return reject_section(offered);
  MediaSection answer;
  answer.kind = offered.kind;
  answer.protocol = offered.protocol;
  answer.formats = offered.formats;
  answer.mid = offered.mid;
  answer.sctp_port = sctp_port;
  answer.max_message_size = max_message_size;
  return answer;
}

MediaSection reject_section(const MediaSection& offered) {
  MediaSection answer;
  answer.kind = offered.kind;
  answer.kind_name = offered.kind_name;
  answer.port = 0;
  answer.protocol = offered.protocol;
  answer.formats = offered.formats;
  answer.mid = offered.mid;
  answer.direction = Direction::kInactive;
  for (const Codec& codec : offered.codecs) {
    answer.codecs.push_back({.payload_type = codec.payload_type,
                             .name = codec.name,
                             .clock_rate = codec.clock_rate,
                             .channels = codec.channels});
  }
  return answer;
}

std::vector<std::vector<std::string>> answer_bundles(const SessionDescription& offer,
                                                     std::span<const MediaSection> answer) {
  std::vector<std::vector<std::string>> bundles;
  for (const std::vector<std::string>& offered : offer.bundles) {
    std::vector<std::string> bundle;
    std::ranges::copy_if(offered, std::back_inserter(bundle), [&](const std::string& mid) {
      const auto section = std::ranges::find(answer, mid, &MediaSection::mid);
      return section != answer.end() && !section->is_rejected();
    });
    if (!bundle.empty()) bundles.push_back(std::move(bundle));
  }
  return bundles;
}

}  // namespace parley::sdp
