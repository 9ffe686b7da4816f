#include "server/whip/program_offer.h"

#include <array>
#include <utility>

#include "sdp/parse.h"

namespace parley::server {
namespace {

constexpr std::string_view kStream = "parley";

using Names = std::array<std::string_view, 2>;

bool is_media(const sdp::MediaSection& section) {
  return section.kind == sdp::MediaKind::kAudio || section.kind == sdp::MediaKind::kVideo;
}

// What the publisher's sections show, in their order; false: there is no name left for this one.
class Naming {
 public:
  explicit Naming(ProgramOffer::Shows shows) {
    if (shows == ProgramOffer::Shows::kCamera) return;
    std::swap(sounds_[0], sounds_[1]);
    std::swap(pictures_[0], pictures_[1]);
  }

  bool name(ProgramOffer& offer, const sdp::MediaSection& section) {
    const bool audio = section.kind == sdp::MediaKind::kAudio;
    std::size_t& next = audio ? next_sound_ : next_picture_;
    if (next == sounds_.size()) return false;
    const std::string_view source = (audio ? sounds_ : pictures_)[next++];
    offer.microphone |= source == "microphone";
    offer.camera |= source == "camera";
    offer.screen |= source == "screen";
    offer.sources.set(section.mid, source);
    return true;
  }

 private:
  Names sounds_ = {"microphone", "screen-audio"};
  Names pictures_ = {"camera", "screen"};
  std::size_t next_sound_ = 0, next_picture_ = 0;
};

}  // namespace

std::expected<ProgramOffer, std::string> ProgramOffer::parse(ProgramKind kind, std::string_view sdp,
                                                             Shows shows) {
  auto parsed = sdp::parse(sdp);
  if (!parsed) return std::unexpected(sdp::to_string(parsed.error()));
  ProgramOffer offer;
  Naming naming(shows);
  const bool publishes = kind == ProgramKind::kPublisher;
  std::size_t used = 0;
  for (sdp::MediaSection& section : parsed->sections) {
    if (!is_media(section) || section.is_rejected()) continue;
    const bool goes = publishes ? sdp::sends(section.direction) : sdp::receives(section.direction);
    const bool use = goes && (!publishes || naming.name(offer, section));
    section.direction = sdp::make_direction(use && publishes, use && !publishes);
    if (!use) continue;
    ++used;
    if (!publishes && section.kind == sdp::MediaKind::kVideo) ++offer.pictures;
  }
  if (used == 0) {
    return std::unexpected(publishes ? "The offer sends nothing: play at /whep/ROOM."
                                     : "The offer receives nothing: publish at /whip/ROOM.");
  }
  offer.sdp = sdp::to_string(*parsed);
  return offer;
}

std::string as_program_answer(ProgramKind kind, std::string_view offer, std::string_view answer) {
  const auto offered = sdp::parse(offer);
  auto parsed = sdp::parse(answer);
  if (!offered || !parsed) return std::string(answer);
  bool changed = kind == ProgramKind::kPlayer;
  for (sdp::MediaSection& section : parsed->sections) {
    const sdp::MediaSection* const asked = offered->find(section.mid);
    section.rtcp_mux_only = section.rtcp_mux && asked != nullptr && asked->rtcp_mux_only;
    changed = changed || section.rtcp_mux_only;
    if (kind == ProgramKind::kPublisher) continue;
    for (sdp::Msid& msid : section.msids) msid.stream = kStream;
  }
  return changed ? sdp::to_string(*parsed) : std::string(answer);
}

}  // namespace parley::server
