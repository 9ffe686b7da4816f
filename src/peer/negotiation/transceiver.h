#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/strong_id.h"
#include "rtp/identifiers.h"
#include "sdp/codec.h"
#include "sdp/description.h"
#include "sdp/direction.h"

namespace parley::peer {

using TransceiverId = StrongId<struct TransceiverTag>;
using sdp::Direction;
using sdp::MediaKind;

// One encoding of what we send: RTCRtpEncodingParameters.
struct Encoding {
  std::string rid = {};  // Empty: the only one.
  bool active = true;    // false: nothing is sent, as if send_frame() had not been called.

  friend bool operator==(const Encoding&, const Encoding&) = default;
};

// RTCRtpTransceiverInit.
struct TransceiverInit {
  Direction direction = Direction::kSendRecv;
  std::vector<std::string> streams = {};  // Ids of MediaStreams that the track belongs to.
  std::string track = {};                 // Its id; empty: we make one.
  std::vector<Encoding> encodings = {};   // Several: a simulcast, in the order of a=simulcast.
  // A simulcast to ask for in our offer, as a server does: the rids that we would receive. To what
  // an offer of the peer has, we answer by ourselves.
  std::vector<std::string> receive_rids = {};
  std::vector<sdp::Codec> codecs = {};  // setCodecPreferences(); empty: all of the configuration.
};

// A sender and a receiver that share a section: RTCRtpTransceiver. Shown by PeerConnection, changed
// by its commands alone.
struct Transceiver {
  struct Ssrcs {
    rtp::Ssrc media = {};
    rtp::Ssrc rtx = {};
  };

  TransceiverId id = {};
  MediaKind kind = MediaKind::kAudio;
  std::string mid = {};                             // Empty until a description has been set.
  Direction direction = Direction::kSendRecv;       // As it is wanted.
  std::optional<Direction> current_direction = {};  // As it was agreed on last.
  bool stopped = false;

  // What we send.
  std::vector<std::string> streams = {};
  std::string track = {};
  std::vector<Encoding> encodings = {};  // At least one.
  std::vector<Ssrcs> ssrcs = {};         // One each.

  // What we receive.
  std::vector<std::string> receive_rids = {};
  std::vector<std::string> remote_streams = {};
  std::string remote_track = {};

  std::vector<sdp::Codec> codecs = {};

  // How it came to be and where it stands; for Negotiation.
  std::optional<std::size_t> section = {};  // Its m= section.
  bool by_add_track = false;  // An offer of the peer may take it for a section of its own.
  bool by_peer = false;       // The peer's offer made it; a rollback of that takes it away.
  bool told = false;          // The last Track event said that it receives.

  bool is_simulcast() const { return encodings.size() > 1; }
};

}  // namespace parley::peer
