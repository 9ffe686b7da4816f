#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sdp/codec.h"
#include "sdp/direction.h"

// A session description as plain values: what WebRTC says in SDP (RFC 8866, RFC 8829), typed.
namespace parley::sdp {

enum class MediaKind : std::uint8_t { kAudio, kVideo, kApplication, kOther };

std::string_view to_string(MediaKind kind);

// An attribute that has no type here: "a=name:value", or "a=name" where the value is empty.
struct Attribute {
  std::string name = {};
  std::string value = {};

  friend bool operator==(const Attribute&, const Attribute&) = default;
};

// The o= line (RFC 8866, 5.2).
struct Origin {
  std::string username = "-";
  std::string session_id = "0";  // Digits, but some write more than 64 bits hold.
  std::uint64_t version = 0;     // Grows with each description of one session.
  std::string address = "IN IP4 127.0.0.1";

  friend bool operator==(const Origin&, const Origin&) = default;
};

// a=fingerprint (RFC 8122): the hash of a certificate.
struct Fingerprint {
  std::string algorithm = {};  // In lower case: "sha-256".
  std::vector<std::uint8_t> bytes = {};

  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

// a=extmap (RFC 8285): in this section the id means the extension that the URI names.
struct Extension {
  std::uint8_t id = 0;  // 1 to 255, without 15.
  std::string uri = {};
  Direction direction = Direction::kSendRecv;  // As the one who writes the line sees it.

  friend bool operator==(const Extension&, const Extension&) = default;
};

// a=rid (RFC 8851): one encoding of a simulcast.
struct Rid {
  std::string id = {};
  bool send = true;               // As the one who writes the line sees it; else recv.
  std::string restrictions = {};  // "pt=97;max-width=1280", as it is written.

  friend bool operator==(const Rid&, const Rid&) = default;
};

// a=simulcast (RFC 8853). Each stream is a list of alternatives, the preferred one first.
struct Simulcast {
  struct Alternative {
    std::string rid = {};
    bool paused = false;  // Written with a tilde.

    friend bool operator==(const Alternative&, const Alternative&) = default;
  };
  using Stream = std::vector<Alternative>;

  std::vector<Stream> send = {};
  std::vector<Stream> recv = {};

  friend bool operator==(const Simulcast&, const Simulcast&) = default;
};

// a=msid (RFC 8830): which MediaStream and track the section carries.
struct Msid {
  std::string stream = {};  // "-": a track in no stream.
  std::string track = {};

  friend bool operator==(const Msid&, const Msid&) = default;
};

// What a=ssrc lines say of one SSRC (RFC 5576).
struct Source {
  std::uint32_t ssrc = 0;
  std::string cname = {};
  std::string msid = {};  // "stream track": older than a=msid.

  friend bool operator==(const Source&, const Source&) = default;
};

// a=ssrc-group (RFC 5576): FID joins a stream and its retransmissions, SIM the layers.
struct SourceGroup {
  std::string semantics = {};
  std::vector<std::uint32_t> ssrcs = {};

  friend bool operator==(const SourceGroup&, const SourceGroup&) = default;
};

// One m= section. What may stand at session level for all sections (fingerprint, setup, ICE's
// parameters, direction, extmap-allow-mixed) parse() writes into each section that does not say it
// itself, so that a reader looks in one place.
struct MediaSection {
  MediaKind kind = MediaKind::kAudio;
  std::string kind_name = {};  // For kOther: as it is written.
  std::uint16_t port = 9;      // 0: refused, or bundle-only.
  std::string protocol = "UDP/TLS/RTP/SAVPF";
  std::vector<std::string> formats = {};  // Only where they are not payload types.
  std::string connection = "IN IP4 0.0.0.0";

  std::string mid = {};  // RFC 9143. Empty: it has none.
  Direction direction = Direction::kSendRecv;
  bool bundle_only = false;
  std::vector<Msid> msids = {};

  std::vector<Codec> codecs = {};  // In the order of the m= line: the preferred one first.
  std::vector<Extension> extensions = {};
  bool extmap_allow_mixed = false;
  std::vector<Rid> rids = {};
  std::optional<Simulcast> simulcast = {};
  std::vector<Source> sources = {};
  std::vector<SourceGroup> source_groups = {};

  std::string ice_ufrag = {};  // RFC 8839.
  std::string ice_pwd = {};
  std::vector<std::string> ice_options = {};  // "trickle" (RFC 8840), "renomination".
  std::vector<std::string> candidates = {};   // What follows "a=candidate:" each time.
  bool end_of_candidates = false;

  std::vector<Fingerprint> fingerprints = {};
  std::optional<Setup> setup = {};
  bool rtcp_mux = false;       // RFC 5761.
  bool rtcp_mux_only = false;  // RFC 8858.
  bool rtcp_rsize = false;     // RFC 5506.

  std::optional<std::uint16_t> sctp_port = {};         // RFC 8841.
  std::optional<std::uint64_t> max_message_size = {};  // Bytes; 0: any size.

  std::vector<Attribute> others = {};  // In their order.

  bool is_rejected() const { return port == 0 && !bundle_only; }
  bool is_rtp() const { return protocol.find("RTP/") != std::string::npos; }
  bool is_data_channel() const;
  bool has_ice_option(std::string_view option) const;

  friend bool operator==(const MediaSection&, const MediaSection&) = default;
};

struct SessionDescription {
  Origin origin = {};
  std::string name = "-";
  bool ice_lite = false;
  std::vector<std::vector<std::string>> bundles = {};  // The mids of each a=group:BUNDLE.
  std::vector<Attribute> others = {};
  std::vector<MediaSection> sections = {};

  const MediaSection* find(std::string_view mid) const;
  // The bundle that holds `mid`; null where none does.
  const std::vector<std::string>* find_bundle(std::string_view mid) const;

  friend bool operator==(const SessionDescription&, const SessionDescription&) = default;
};

}  // namespace parley::sdp
