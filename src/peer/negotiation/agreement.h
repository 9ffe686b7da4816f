#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "peer/negotiation/transceiver.h"
#include "rtp/extension_map.h"
#include "rtp/identifiers.h"
#include "sdp/description.h"
#include "sdp/negotiation.h"

namespace parley::peer {

// What both descriptions of a section together allow: all that the path of the media has to know.
struct Agreement {
  // An SSRC that the peer has declared, with that of its retransmissions.
  struct RemoteSource {
    rtp::Ssrc media = {};
    std::optional<rtp::Ssrc> rtx = {};

    friend bool operator==(const RemoteSource&, const RemoteSource&) = default;
  };

  TransceiverId transceiver = {};
  MediaKind kind = MediaKind::kAudio;
  std::string mid = {};
  bool sends = false;
  bool receives = false;
  bool reduced_size = false;  // RTCP of reduced size may be sent (RFC 5506).

  std::vector<sdp::Codec> send_codecs = {};     // By the peer's payload types; the preferred first.
  std::vector<sdp::Codec> receive_codecs = {};  // By ours.
  rtp::ExtensionMap send_extensions = {};
  rtp::ExtensionMap receive_extensions = {};
  std::vector<Encoding> encodings = {};        // Those the peer takes; not empty if it `sends`.
  std::vector<Transceiver::Ssrcs> ssrcs = {};  // One each.
  std::vector<std::string> receive_rids = {};  // Empty: one stream without a rid.
  std::vector<RemoteSource> remote_sources = {};
};

// `ours` and `theirs` are the same section of a local and a remote description.
Agreement agree(const Transceiver& transceiver, const sdp::MediaSection& ours,
                const sdp::MediaSection& theirs);

}  // namespace parley::peer
