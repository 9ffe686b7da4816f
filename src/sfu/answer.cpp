#include "sfu/answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "ice/credentials.h"
#include "peer/negotiation/media_defaults.h"
#include "sdp/negotiation.h"
#include "sdp/parse.h"

namespace parley::sfu {
namespace {

constexpr std::uint16_t kSctpPort = 5'000;

using Checked = std::expected<void, std::string>;

std::unexpected<std::string> fail(std::string sentence) {
  return std::unexpected(std::move(sentence));
}

// What publishers send is what slots carry: both have the same codecs and extensions.
std::vector<sdp::Codec> audio_codecs() {
  auto codecs = peer::default_audio_codecs();
  codecs.push_back({.payload_type = 63,
                    .name = "red",
                    .clock_rate = 48'000,
                    .channels = 2,
                    .parameters = {{"111/111", {}}}});
  return codecs;
}

std::vector<std::string_view> extensions_of(sdp::MediaKind kind) {
  using rtp::Extension;
  using rtp::uri_of;
  if (kind == sdp::MediaKind::kAudio) {
    return {uri_of(Extension::kMid), uri_of(Extension::kAudioLevel),
            uri_of(Extension::kTransportSequenceNumber), uri_of(Extension::kAbsoluteSendTime),
            uri_of(Extension::kAbsoluteCaptureTime)};
  }
  return {uri_of(Extension::kMid),
          uri_of(Extension::kRid),
          uri_of(Extension::kRepairedRid),
          uri_of(Extension::kTransportSequenceNumber),
          uri_of(Extension::kAbsoluteSendTime),
          uri_of(Extension::kPlayoutDelay),
          uri_of(Extension::kVideoOrientation),
          uri_of(Extension::kDependencyDescriptor),
          uri_of(Extension::kAbsoluteCaptureTime)};
}

sdp::Capabilities capabilities(sdp::MediaKind kind, sdp::Direction direction,
                               std::size_t max_encodings) {
  const bool audio = kind == sdp::MediaKind::kAudio;
  return {.codecs = audio ? audio_codecs() : peer::default_video_codecs(),
          .extensions = extensions_of(kind),
          .direction = direction,
          .max_receive_layers = audio ? 0 : max_encodings};
}

// One offer, section by section.
class Answerer {
 public:
  Answerer(const Offer& offer, const AnswerLimits& limits, Random& random, const Agreed* before)
      : offer_(offer), limits_(limits), random_(random), before_(before) {}

  std::expected<Agreed, std::string> run(const peer::TransportParameters& ours,
                                         const std::vector<ice::Candidate>& candidates);

 private:
  Checked parse();
  Checked take_transport();
  std::expected<sdp::MediaSection, std::string> answer_section(const sdp::MediaSection& offered);
  std::expected<sdp::MediaSection, std::string> answer_track(const sdp::MediaSection& offered);
  sdp::MediaSection answer_slot(const sdp::MediaSection& offered);
  sdp::SharedCodecs share(std::vector<sdp::Codec> codecs) const;
  sdp::MediaSection answer_data(const sdp::MediaSection& offered);
  peer::Transceiver::Ssrcs ssrcs_of_slot(const std::string& mid);
  rtp::Ssrc new_ssrc();
  Checked check_renegotiation() const;
  void add_transport(const peer::TransportParameters& ours,
                     const std::vector<ice::Candidate>& candidates);

  const Offer& offer_;
  const AnswerLimits& limits_;
  Random& random_;
  const Agreed* before_;
  sdp::SessionDescription offered_;
  const std::vector<std::string>* bundle_ = nullptr;  // The one that all has to be in.
  sdp::SessionDescription answer_;
  Agreed agreed_;
  std::set<std::uint32_t> ssrcs_;  // Taken, by either side.
  std::set<Source> published_;
};

std::expected<Agreed, std::string> Answerer::run(const peer::TransportParameters& ours,
                                                 const std::vector<ice::Candidate>& candidates) {
  if (auto parsed = parse(); !parsed) return std::unexpected(parsed.error());
  if (auto taken = take_transport(); !taken) return std::unexpected(taken.error());
  for (const sdp::MediaSection& offered : offered_.sections) {
    auto section = answer_section(offered);
    if (!section) return std::unexpected(section.error());
    answer_.sections.push_back(*std::move(section));
  }
  if (before_ != nullptr) {
    if (auto checked = check_renegotiation(); !checked) return std::unexpected(checked.error());
  }
  answer_.bundles = sdp::answer_bundles(offered_, answer_.sections);
  if (answer_.bundles.empty()) return fail("Nothing in the offer can be used here.");
  add_transport(ours, candidates);
  agreed_.origin = answer_.origin;
  agreed_.answer = sdp::to_string(answer_);
  return std::move(agreed_);
}

Checked Answerer::parse() {
  if (offer_.sdp.size() > limits_.max_offer) {
    return fail(fmt::format("The offer is longer than {} bytes.", limits_.max_offer));
  }
  auto parsed =
      sdp::parse(offer_.sdp, {.max_size = limits_.max_offer, .max_sections = limits_.max_sections});
  if (!parsed) {
    return fail(
        fmt::format("The offer is no session description: {}.", sdp::to_string(parsed.error())));
  }
  offered_ = *std::move(parsed);
  for (const sdp::MediaSection& section : offered_.sections) {
    for (const sdp::Source& source : section.sources) ssrcs_.insert(source.ssrc);
  }
  return {};
}

// The first section that is offered speaks for the path of all.
Checked Answerer::take_transport() {
  const auto first = std::ranges::find_if(
      offered_.sections, [](const sdp::MediaSection& section) { return !section.is_rejected(); });
  if (first == offered_.sections.end()) return fail("The offer has no section.");
  bundle_ = offered_.find_bundle(first->mid);
  if (bundle_ == nullptr) return fail("The offer does not bundle its sections.");
  if (offered_.ice_lite) return fail("The offer is of an ICE-lite agent, as we are one.");
  if (sdp::answer_setup(first->setup, sdp::Setup::kPassive) != sdp::Setup::kPassive) {
    return fail("The offer does not let us be passive in DTLS.");
  }
  if (!ice::Credentials{first->ice_ufrag, first->ice_pwd}.is_valid()) {
    return fail("The offer has no valid ICE credentials.");
  }
  if (first->fingerprints.empty()) return fail("The offer has no fingerprint.");
  agreed_.ice_ufrag = first->ice_ufrag;
  agreed_.ice_pwd = first->ice_pwd;
  agreed_.fingerprints = first->fingerprints;
  return {};
}

std::expected<sdp::MediaSection, std::string> Answerer::answer_section(
    const sdp::MediaSection& offered) {
  const bool bundled = std::ranges::find(*bundle_, offered.mid) != bundle_->end();
  if (offered.is_rejected() || !bundled) return sdp::reject_section(offered);
  if (offered.is_data_channel()) return answer_data(offered);
  const bool is_media =
      offered.kind == sdp::MediaKind::kAudio || offered.kind == sdp::MediaKind::kVideo;
  if (!is_media) return sdp::reject_section(offered);
  if (sdp::sends(offered.direction)) return answer_track(offered);
  if (sdp::receives(offered.direction)) return answer_slot(offered);
  return sdp::reject_section(offered);
}

std::expected<sdp::MediaSection, std::string> Answerer::answer_track(
    const sdp::MediaSection& offered) {
  const auto source = offer_.sources.find(offered.mid);
  if (source == offer_.sources.end()) {
    return fail(
        fmt::format("Section {} sends, but what it shows is not among the sources.", offered.mid));
  }
  const bool video = offered.kind == sdp::MediaKind::kVideo;
  if (is_video(source->second) != video) {
    return fail(fmt::format("Section {} is {}, which a {} is not.", offered.mid,
                            to_string(offered.kind), to_string(source->second)));
  }
  if (!published_.insert(source->second).second) {
    return fail(fmt::format("Two sections send a {}.", to_string(source->second)));
  }
  auto section = sdp::answer_section(
      offered, capabilities(offered.kind, sdp::Direction::kRecvOnly, limits_.max_encodings));
  if (section.is_rejected()) return section;
  const peer::Transceiver transceiver{.id = {agreed_.sends.size() + 1}, .kind = offered.kind};
  agreed_.sends.push_back(
      {.agreement = peer::agree(transceiver, section, offered), .source = source->second});
  return section;
}

sdp::MediaSection Answerer::answer_slot(const sdp::MediaSection& offered) {
  if (agreed_.slots.size() >= limits_.max_slots) return sdp::reject_section(offered);
  auto section =
      sdp::answer_section(offered, capabilities(offered.kind, sdp::Direction::kSendOnly, 0));
  if (section.is_rejected()) return section;
  const peer::Transceiver::Ssrcs ssrcs = ssrcs_of_slot(offered.mid);
  const peer::Transceiver transceiver{
      .id = {1}, .kind = offered.kind, .encodings = {{}}, .ssrcs = {ssrcs}};
  const auto media = std::to_underlying(ssrcs.media);
  const auto rtx = std::to_underlying(ssrcs.rtx);
  section.msids = {{.stream = "-", .track = "slot-" + offered.mid}};
  section.sources = {{.ssrc = media, .cname = std::string(kCname)}};
  const bool repairs = std::ranges::any_of(section.codecs, &sdp::Codec::is_rtx);
  if (repairs) {
    section.sources.push_back({.ssrc = rtx, .cname = std::string(kCname)});
    section.source_groups = {{"FID", {media, rtx}}};
  }
  peer::Agreement agreement = peer::agree(transceiver, section, offered);
  agreed_.slots.push_back(
      {.mid = offered.mid,
       .video = offered.kind == sdp::MediaKind::kVideo,
       .stream = {.ssrc = ssrcs.media,
                  .rtx_ssrc = repairs ? std::optional(ssrcs.rtx) : std::nullopt,
                  .codecs = share(std::move(agreement.send_codecs)),
                  // Who misses the first packets shall not miss a rollover (RFC 3711, 3.3.1).
                  .first_sequence_number = static_cast<std::uint16_t>(random_.u32() & 0x7fff),
                  .first_timestamp = random_.u32()},
       .extensions = agreement.send_extensions});
  return section;
}

// The same list where another slot has one like it.
sdp::SharedCodecs Answerer::share(std::vector<sdp::Codec> codecs) const {
  for (const Downlink::SlotConfig& slot : agreed_.slots) {
    if (std::ranges::equal(slot.stream.codecs, codecs)) return slot.stream.codecs;
  }
  return codecs;
}

sdp::MediaSection Answerer::answer_data(const sdp::MediaSection& offered) {
  const bool usable = offered.sctp_port.value_or(kSctpPort) == kSctpPort && !agreed_.data_channel;
  if (!usable) return sdp::reject_section(offered);
  auto section = sdp::answer_data_channel(offered, kSctpPort, limits_.max_message_size);
  if (section.is_rejected()) return section;
  agreed_.data_channel = true;
  agreed_.max_message_size = offered.max_message_size.value_or(65'536);  // RFC 8841, 6.1.
  return section;
}

peer::Transceiver::Ssrcs Answerer::ssrcs_of_slot(const std::string& mid) {
  if (before_ != nullptr) {
    const auto slot = std::ranges::find(before_->slots, mid, &Downlink::SlotConfig::mid);
    if (slot != before_->slots.end()) {
      return {slot->stream.ssrc, slot->stream.rtx_ssrc.value_or(rtp::Ssrc{})};
    }
  }
  return {new_ssrc(), new_ssrc()};
}

rtp::Ssrc Answerer::new_ssrc() {
  std::uint32_t ssrc = random_.u32();
  while (ssrc == 0 || !ssrcs_.insert(ssrc).second) ++ssrc;
  return rtp::Ssrc{ssrc};
}

Checked Answerer::check_renegotiation() const {
  const auto sends_same = [](const Uplink::Section& a, const Uplink::Section& b) {
    return a.agreement.mid == b.agreement.mid && a.source == b.source;
  };
  const auto receives_same = [](const Downlink::SlotConfig& a, const Downlink::SlotConfig& b) {
    return a.mid == b.mid && a.video == b.video;
  };
  const auto kept =
      std::span(agreed_.slots).first(std::min(agreed_.slots.size(), before_->slots.size()));
  if (!std::ranges::equal(agreed_.sends, before_->sends, sends_same) ||
      !std::ranges::equal(kept, before_->slots, receives_same) ||
      agreed_.data_channel != before_->data_channel) {
    return fail("Another offer has to have the sections that there were.");
  }
  if (agreed_.fingerprints != before_->fingerprints) {
    return fail("Another offer has to come with the certificate that there was.");
  }
  return {};
}

void Answerer::add_transport(const peer::TransportParameters& ours,
                             const std::vector<ice::Candidate>& candidates) {
  answer_.ice_lite = ours.ice_lite;
  if (before_ != nullptr) {
    answer_.origin = before_->origin;
  } else {
    answer_.origin.session_id = std::to_string(random_.u64() >> 1);
  }
  ++answer_.origin.version;
  bool first = true;
  for (sdp::MediaSection& section : answer_.sections) {
    if (section.is_rejected()) continue;
    section.ice_ufrag = ours.ice_ufrag;
    section.ice_pwd = ours.ice_pwd;
    section.fingerprints = {ours.fingerprint};
    section.setup = sdp::Setup::kPassive;
    if (!std::exchange(first, false)) continue;
    for (const ice::Candidate& candidate : candidates) {
      section.candidates.push_back(candidate.attribute_value());
    }
    section.end_of_candidates = true;
  }
}

}  // namespace

std::expected<Agreed, std::string> answer(const Offer& offer, const peer::TransportParameters& ours,
                                          const std::vector<ice::Candidate>& candidates,
                                          const AnswerLimits& limits, Random& random,
                                          const Agreed* before) {
  return Answerer(offer, limits, random, before).run(ours, candidates);
}

}  // namespace parley::sfu
