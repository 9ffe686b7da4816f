#include "peer/negotiation/agreement.h"

#include <algorithm>

namespace parley::peer {
namespace {

rtp::Ssrc ssrc_of(std::uint32_t number) {
  return static_cast<rtp::Ssrc>(number);
}

// `from_us`: of the packets that we send; else of those that we receive.
rtp::ExtensionMap agree_extensions(const sdp::MediaSection& ours, const sdp::MediaSection& theirs,
                                   bool from_us) {
  rtp::ExtensionMap map;
  for (const sdp::Extension& mine : ours.extensions) {
    const auto extension = rtp::extension_of(mine.uri);
    const auto it = std::ranges::find_if(theirs.extensions, [&](const sdp::Extension& other) {
      return other.uri == mine.uri && other.id == mine.id;
    });
    if (!extension || it == theirs.extensions.end()) continue;
    const Direction direction = intersection(mine.direction, reversed(it->direction));
    if (from_us ? sends(direction) : receives(direction)) map.set(*extension, mine.id);
  }
  return map;
}

void agree_encodings(const Transceiver& transceiver, const sdp::MediaSection& ours,
                     const sdp::MediaSection& theirs, Agreement& agreement) {
  const auto layers = agreed_send_layers(ours, theirs);
  if (layers.empty()) {
    agreement.encodings = {{.rid = {}, .active = transceiver.encodings.front().active}};
    agreement.ssrcs = {transceiver.ssrcs.front()};
    return;
  }
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto it = std::ranges::find(transceiver.encodings, layers[i].rid, &Encoding::rid);
    // The peer's offer may have given the layers names of its own: then by their order.
    const auto index = it == transceiver.encodings.end()
                           ? i
                           : static_cast<std::size_t>(it - transceiver.encodings.begin());
    if (index >= transceiver.encodings.size()) break;
    const bool active = transceiver.encodings[index].active && !layers[i].paused;
    agreement.encodings.push_back({layers[i].rid, active});
    agreement.ssrcs.push_back(transceiver.ssrcs[index]);
  }
}

std::vector<Agreement::RemoteSource> sources_of(const sdp::MediaSection& section) {
  std::vector<Agreement::RemoteSource> sources;
  std::vector<std::uint32_t> repairs;
  for (const sdp::SourceGroup& group : section.source_groups) {
    if (group.semantics != "FID" || group.ssrcs.size() != 2) continue;
    sources.push_back({ssrc_of(group.ssrcs[0]), ssrc_of(group.ssrcs[1])});
    repairs.push_back(group.ssrcs[1]);
  }
  for (const sdp::Source& source : section.sources) {
    const bool known = std::ranges::find(repairs, source.ssrc) != repairs.end() ||
                       std::ranges::find(sources, ssrc_of(source.ssrc),
                                         &Agreement::RemoteSource::media) != sources.end();
    if (!known) sources.push_back({.media = ssrc_of(source.ssrc)});
  }
  return sources;
}

}  // namespace

Agreement agree(const Transceiver& transceiver, const sdp::MediaSection& ours,
                const sdp::MediaSection& theirs) {
  Agreement agreement{.transceiver = transceiver.id, .kind = transceiver.kind, .mid = ours.mid};
  if (ours.is_rejected() || theirs.is_rejected() || transceiver.stopped) return agreement;
  const Direction direction = intersection(ours.direction, reversed(theirs.direction));
  agreement.sends = sends(direction);
  agreement.receives = receives(direction);
  agreement.reduced_size = ours.rtcp_rsize && theirs.rtcp_rsize;
  agreement.send_codecs = common_codecs(ours.codecs, theirs.codecs);
  agreement.receive_codecs = common_codecs(theirs.codecs, ours.codecs);
  agreement.send_extensions = agree_extensions(ours, theirs, true);
  agreement.receive_extensions = agree_extensions(ours, theirs, false);
  if (agreement.sends) agree_encodings(transceiver, ours, theirs, agreement);
  agreement.receive_rids = agreed_receive_layers(ours, theirs);
  agreement.remote_sources = sources_of(theirs);
  return agreement;
}

}  // namespace parley::peer
