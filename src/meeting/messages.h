#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "base/schema.h"
#include "meeting/refusal.h"

// Every message of docs/protocol.md as a struct: what a client says (a Command), what it is told
// (an Event), and the answer to a join (Welcome).
namespace parley::meeting {

enum class Topology : std::uint8_t { kAuto, kP2p, kSfu, kMcu };

constexpr std::array<std::pair<Topology, std::string_view>, 4> names_of(Topology) {
  return {{{Topology::kAuto, "auto"},
           {Topology::kP2p, "p2p"},
           {Topology::kSfu, "sfu"},
           {Topology::kMcu, "mcu"}}};
}

// RTCSdpType (W3C WebRTC 1.0, 4.6.1).
enum class SdpType : std::uint8_t { kOffer, kAnswer, kPranswer, kRollback };

constexpr std::array<std::pair<SdpType, std::string_view>, 4> names_of(SdpType) {
  return {{{SdpType::kOffer, "offer"},
           {SdpType::kAnswer, "answer"},
           {SdpType::kPranswer, "pranswer"},
           {SdpType::kRollback, "rollback"}}};
}

// What a track shows.
enum class Source : std::uint8_t { kMicrophone, kCamera, kScreen, kScreenAudio };

constexpr std::array<std::pair<Source, std::string_view>, 4> names_of(Source) {
  return {{{Source::kMicrophone, "microphone"},
           {Source::kCamera, "camera"},
           {Source::kScreen, "screen"},
           {Source::kScreenAudio, "screen-audio"}}};
}

enum class LeaveReason : std::uint8_t { kLeft, kTimeout };

constexpr std::array<std::pair<LeaveReason, std::string_view>, 2> names_of(LeaveReason) {
  return {{{LeaveReason::kLeft, "left"}, {LeaveReason::kTimeout, "timeout"}}};
}

// The limits of single fields. The transport bounds the whole message before it comes here.
inline constexpr Range kRoomLength{.min = 1, .max = 64};
inline constexpr Range kNameLength{.min = 1, .max = 64};
inline constexpr Range kSidLength{.min = 1, .max = 64};
inline constexpr Range kResumeLength{.max = 256};
inline constexpr Range kSdpLength{.max = 64 << 10};
inline constexpr Range kSources{.max = 32};  // A mesh peer sends a handful; an SFU slot list 25.
inline constexpr Range kCandidateLength{.max = 1 << 10};
inline constexpr Range kMidLength{.max = 64};
inline constexpr Range kUfragLength{.max = 256};  // RFC 8839, 5.4.

using Sources = std::map<std::string, Source>;  // By mid.

// ---- From the client

struct Join {
  static constexpr std::string_view kEvent = "join";

  std::string room = {};
  std::string name = {};
  bool micinf = false;
  bool vidinf = false;
  std::optional<Topology> topology = {};
  std::optional<std::string> resume = {};

  static constexpr auto fields() {
    return std::tuple(field("room", &Join::room, kRoomLength),
                      field("name", &Join::name, kNameLength), field("micinf", &Join::micinf),
                      field("vidinf", &Join::vidinf), field("topology", &Join::topology),
                      field("resume", &Join::resume, kResumeLength));
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

using Command = std::variant<Join, Leave, SetMedia, SendDescription, SendCandidate>;

// "join", "leave", ...
std::vector<std::string_view> command_names();

// Reads what a client said. What is checked: names and types of all fields, lengths, and that
// fields agree with each other; `room` and `name` come out in their normal form. What only the room
// knows (is there such a sid?) is not.
std::expected<Command, Refusal> parse_command(std::string_view event, const Json& body);

// ---- From the server

struct ParticipantView {
  std::string sid = {};
  std::string name = {};
  bool micinf = false;
  bool vidinf = false;
  bool scrinf = false;
  bool away = false;

  static constexpr auto fields() {
    return std::tuple(
        field("sid", &ParticipantView::sid), field("name", &ParticipantView::name),
        field("micinf", &ParticipantView::micinf), field("vidinf", &ParticipantView::vidinf),
        field("scrinf", &ParticipantView::scrinf), field("away", &ParticipantView::away));
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

using Event = std::variant<Joined, Left, MediaChanged, Away, Back, Description, Candidate, Replaced,
                           Closing, Error>;

std::string_view name_of(const Event& event);
Json body_of(const Event& event);

// ---- Answers

// RTCIceServer (W3C WebRTC 1.0, 4.2.2).
struct IceServer {
  std::vector<std::string> urls = {};
  std::optional<std::string> username = {};
  std::optional<std::string> credential = {};

  static constexpr auto fields() {
    return std::tuple(field("urls", &IceServer::urls), field("username", &IceServer::username),
                      field("credential", &IceServer::credential));
  }
  friend bool operator==(const IceServer&, const IceServer&) = default;
};

// The answer to a join.
struct Welcome {
  bool ok = true;
  std::string sid = {};
  std::string resume = {};
  bool resumed = false;
  std::string room = {};
  Topology topology = Topology::kP2p;
  std::vector<ParticipantView> participants = {};
  std::vector<IceServer> ice_servers = {};
  std::int64_t grace_seconds = 0;

  static constexpr auto fields() {
    return std::tuple(
        field("ok", &Welcome::ok), field("sid", &Welcome::sid), field("resume", &Welcome::resume),
        field("resumed", &Welcome::resumed), field("room", &Welcome::room),
        field("topology", &Welcome::topology), field("participants", &Welcome::participants),
        field("iceServers", &Welcome::ice_servers), field("graceSeconds", &Welcome::grace_seconds));
  }
  friend bool operator==(const Welcome&, const Welcome&) = default;
};

// The answer to any other event: {"ok": true}, or what went wrong.
Json answer_body(const std::optional<Refusal>& refusal);

// ---- GET /api/rooms/NAME

// A participant as told to whoever has not joined: without the sid.
struct Occupant {
  std::string name = {};
  bool micinf = false;
  bool vidinf = false;
  bool scrinf = false;
  bool away = false;

  static constexpr auto fields() {
    return std::tuple(field("name", &Occupant::name), field("micinf", &Occupant::micinf),
                      field("vidinf", &Occupant::vidinf), field("scrinf", &Occupant::scrinf),
                      field("away", &Occupant::away));
  }
  friend bool operator==(const Occupant&, const Occupant&) = default;
};

struct RoomView {
  std::string name = {};
  Topology topology = Topology::kP2p;
  std::vector<Occupant> participants = {};

  static constexpr auto fields() {
    return std::tuple(field("name", &RoomView::name), field("topology", &RoomView::topology),
                      field("participants", &RoomView::participants));
  }
  friend bool operator==(const RoomView&, const RoomView&) = default;
};

}  // namespace parley::meeting
