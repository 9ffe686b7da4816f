#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/json.h"
#include "meeting/media_requests.h"
#include "meeting/refusal.h"
#include "meeting/vocabulary.h"

// Coming, going, and the negotiation of peer connections.
namespace parley::meeting {

// ---- From the client

struct Join {
  static constexpr std::string_view kEvent = "join";

  std::string room = {};
  std::string name = {};
  bool micinf = false;
  bool vidinf = false;
  std::optional<Topology> topology = {};
  std::optional<std::string> resume = {};
  std::optional<std::string> token = {};
  std::optional<MediaOffer> offer = {};  // For a connection with the server.
  std::optional<bool> lecture = {};      // Of who makes the room.

  static constexpr auto fields() {
    return std::tuple(field("room", &Join::room, kRoomLength),
                      field("name", &Join::name, kNameLength), field("micinf", &Join::micinf),
                      field("vidinf", &Join::vidinf), field("topology", &Join::topology),
                      field("resume", &Join::resume, kResumeLength),
                      field("token", &Join::token, kTokenLength), field("offer", &Join::offer),
                      field("lecture", &Join::lecture));
  }
  friend bool operator==(const Join&, const Join&) = default;
};

struct Leave {
  static constexpr std::string_view kEvent = "leave";

  static constexpr auto fields() { return std::tuple(); }
  friend bool operator==(const Leave&, const Leave&) = default;
};

struct SetMedia {
  static constexpr std::string_view kEvent = "media";

  bool micinf = false;
  bool vidinf = false;
  bool scrinf = false;

  static constexpr auto fields() {
    return std::tuple(field("micinf", &SetMedia::micinf), field("vidinf", &SetMedia::vidinf),
                      field("scrinf", &SetMedia::scrinf));
  }
  friend bool operator==(const SetMedia&, const SetMedia&) = default;
};

struct SendDescription {
  static constexpr std::string_view kEvent = "description";

  std::string sid = {};
  SdpType type = SdpType::kOffer;
  std::string sdp = {};
  std::optional<Sources> sources = {};

  static constexpr auto fields() {
    return std::tuple(field("sid", &SendDescription::sid, kSidLength),
                      field("type", &SendDescription::type),
                      field("sdp", &SendDescription::sdp, kSdpLength),
                      field("sources", &SendDescription::sources, kSources));
  }
  friend bool operator==(const SendDescription&, const SendDescription&) = default;
};

// RTCIceCandidateInit (W3C WebRTC 1.0, 4.8.1.1).
struct IceCandidate {
  std::string candidate = {};
  std::optional<std::string> sdp_mid = {};
  std::optional<std::uint16_t> sdp_m_line_index = {};
  std::optional<std::string> username_fragment = {};

  static constexpr auto fields() {
    return std::tuple(field("candidate", &IceCandidate::candidate, kCandidateLength),
                      field("sdpMid", &IceCandidate::sdp_mid, kMidLength),
                      field("sdpMLineIndex", &IceCandidate::sdp_m_line_index),
                      field("usernameFragment", &IceCandidate::username_fragment, kUfragLength));
  }
};

struct SendCandidate {
  static constexpr std::string_view kEvent = "candidate";

  std::string sid = {};
  Json candidate = {};  // An IceCandidate as it came, or null: no more will come.

  static constexpr auto fields() {
    return std::tuple(field("sid", &SendCandidate::sid, kSidLength),
                      field("candidate", &SendCandidate::candidate));
  }
  friend bool operator==(const SendCandidate&, const SendCandidate&) = default;
};

// A login for the relay ends with time; a call goes on.
struct AskIceServers {
  static constexpr std::string_view kEvent = "iceServers";

  static constexpr auto fields() { return std::tuple(); }
  friend bool operator==(const AskIceServers&, const AskIceServers&) = default;
};

// ---- From the server

struct ParticipantView {
  std::string sid = {};
  std::string name = {};
  bool micinf = false;
  bool vidinf = false;
  bool scrinf = false;
  bool away = false;
  Role role = Role::kParticipant;
  Nullable<std::int64_t> hand = {};
  Permissions permissions = {};
  bool account = false;
  std::int64_t joined_at = 0;
  std::optional<bool> program = {};  // True of those by WHIP or WHEP; of people not told.

  static constexpr auto fields() {
    using View = ParticipantView;
    return std::tuple(field("sid", &View::sid), field("name", &View::name),
                      field("micinf", &View::micinf), field("vidinf", &View::vidinf),
                      field("scrinf", &View::scrinf), field("away", &View::away),
                      field("role", &View::role), field("hand", &View::hand),
                      field("permissions", &View::permissions), field("account", &View::account),
                      field("joinedAt", &View::joined_at), field("program", &View::program));
  }
  friend bool operator==(const ParticipantView&, const ParticipantView&) = default;
};

struct Joined {
  static constexpr std::string_view kEvent = "joined";

  ParticipantView participant = {};

  static constexpr auto fields() { return std::tuple(field("participant", &Joined::participant)); }
  friend bool operator==(const Joined&, const Joined&) = default;
};

struct Left {
  static constexpr std::string_view kEvent = "left";

  std::string sid = {};
  LeaveReason reason = LeaveReason::kLeft;

  static constexpr auto fields() {
    return std::tuple(field("sid", &Left::sid), field("reason", &Left::reason));
  }
  friend bool operator==(const Left&, const Left&) = default;
};

struct MediaChanged {
  static constexpr std::string_view kEvent = "media";

  std::string sid = {};
  bool micinf = false;
  bool vidinf = false;
  bool scrinf = false;

  static constexpr auto fields() {
    return std::tuple(field("sid", &MediaChanged::sid), field("micinf", &MediaChanged::micinf),
                      field("vidinf", &MediaChanged::vidinf),
                      field("scrinf", &MediaChanged::scrinf));
  }
  friend bool operator==(const MediaChanged&, const MediaChanged&) = default;
};

struct Away {
  static constexpr std::string_view kEvent = "away";

  std::string sid = {};

  static constexpr auto fields() { return std::tuple(field("sid", &Away::sid)); }
  friend bool operator==(const Away&, const Away&) = default;
};

struct Back {
  static constexpr std::string_view kEvent = "back";

  ParticipantView participant = {};

  static constexpr auto fields() { return std::tuple(field("participant", &Back::participant)); }
  friend bool operator==(const Back&, const Back&) = default;
};

// Someone's role, hand, permissions or name.
struct ParticipantChanged {
  static constexpr std::string_view kEvent = "participant";

  ParticipantView participant = {};

  static constexpr auto fields() {
    return std::tuple(field("participant", &ParticipantChanged::participant));
  }
  friend bool operator==(const ParticipantChanged&, const ParticipantChanged&) = default;
};

struct Description {
  static constexpr std::string_view kEvent = "description";

  std::string sid = {};
  std::string cname = {};
  SdpType type = SdpType::kOffer;
  std::string sdp = {};
  std::optional<Sources> sources = {};

  static constexpr auto fields() {
    return std::tuple(field("sid", &Description::sid), field("cname", &Description::cname),
                      field("type", &Description::type), field("sdp", &Description::sdp),
                      field("sources", &Description::sources));
  }
  friend bool operator==(const Description&, const Description&) = default;
};

struct Candidate {
  static constexpr std::string_view kEvent = "candidate";

  std::string sid = {};
  std::string cname = {};
  Json candidate = {};

  static constexpr auto fields() {
    return std::tuple(field("sid", &Candidate::sid), field("cname", &Candidate::cname),
                      field("candidate", &Candidate::candidate));
  }
  friend bool operator==(const Candidate&, const Candidate&) = default;
};

struct Replaced {
  static constexpr std::string_view kEvent = "replaced";

  static constexpr auto fields() { return std::tuple(); }
  friend bool operator==(const Replaced&, const Replaced&) = default;
};

struct Closing {
  static constexpr std::string_view kEvent = "closing";

  std::string reason = {};

  static constexpr auto fields() { return std::tuple(field("reason", &Closing::reason)); }
  friend bool operator==(const Closing&, const Closing&) = default;
};

struct Error : Refusal {
  static constexpr std::string_view kEvent = "error";
};

}  // namespace parley::meeting
