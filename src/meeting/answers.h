#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "base/json.h"
#include "meeting/messages_call.h"
#include "meeting/messages_chat.h"
#include "meeting/messages_host.h"
#include "meeting/messages_lecture.h"
#include "meeting/messages_questions.h"
#include "meeting/messages_todo.h"
#include "meeting/refusal.h"

// What a client is answered, and the state of a room as told over HTTP.
namespace parley::meeting {

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

// What someone is told who comes in.
struct Welcome {
  std::string sid = {};
  std::string resume = {};
  bool resumed = false;
  std::string room = {};
  Topology topology = Topology::kP2p;
  std::optional<std::string> answer = {};
  bool one_stream = false;
  std::vector<ParticipantView> participants = {};
  std::vector<IceServer> ice_servers = {};
  std::int64_t grace_seconds = 0;
  std::string name = {};
  Role role = Role::kParticipant;
  Permissions permissions = {};
  Nullable<std::int64_t> hand = {};
  Nullable<std::string> account = {};
  RoomSettings settings = {};
  bool kept = false;
  std::int64_t started_at = 0;
  std::int64_t server_time = 0;
  std::vector<WaitingPerson> waiting = {};
  bool on_stage = true;
  std::optional<AudienceSize> audience = {};  // In a lecture.

  static constexpr auto fields() {
    return std::tuple(
        field("sid", &Welcome::sid), field("resume", &Welcome::resume),
        field("resumed", &Welcome::resumed), field("room", &Welcome::room),
        field("topology", &Welcome::topology), field("answer", &Welcome::answer),
        field("oneStream", &Welcome::one_stream), field("participants", &Welcome::participants),
        field("iceServers", &Welcome::ice_servers), field("graceSeconds", &Welcome::grace_seconds),
        field("name", &Welcome::name), field("role", &Welcome::role),
        field("permissions", &Welcome::permissions), field("hand", &Welcome::hand),
        field("account", &Welcome::account), field("settings", &Welcome::settings),
        field("kept", &Welcome::kept), field("startedAt", &Welcome::started_at),
        field("serverTime", &Welcome::server_time), field("waiting", &Welcome::waiting),
        field("onStage", &Welcome::on_stage), field("audience", &Welcome::audience));
  }
  friend bool operator==(const Welcome&, const Welcome&) = default;
};

// The answer to a join where one has to wait to be admitted.
struct MustWait {
  bool waiting = true;
  std::string room = {};
  std::string resume = {};

  static constexpr auto fields() {
    return std::tuple(field("waiting", &MustWait::waiting), field("room", &MustWait::room),
                      field("resume", &MustWait::resume));
  }
  friend bool operator==(const MustWait&, const MustWait&) = default;
};

// The answer to the event "iceServers".
struct IceServersReply {
  std::vector<IceServer> ice_servers = {};

  static constexpr auto fields() {
    return std::tuple(field("iceServers", &IceServersReply::ice_servers));
  }
  friend bool operator==(const IceServersReply&, const IceServersReply&) = default;
};

// The answer to the event "negotiate".
struct ConnectReply {
  std::string answer = {};

  static constexpr auto fields() { return std::tuple(field("answer", &ConnectReply::answer)); }
  friend bool operator==(const ConnectReply&, const ConnectReply&) = default;
};

struct Done {
  static constexpr auto fields() { return std::tuple(); }
  friend bool operator==(const Done&, const Done&) = default;
};

// The answer to an event; a Welcome is answered by itself, since its owner adds to it.
using Reply =
    std::variant<Done, Refusal, MustWait, IceServersReply, ConnectReply, MessageReply, HistoryReply,
                 ItemsReply, RosterReply, QuestionReply, VoteReply, QuestionsReply>;

// {"ok": true, ...}, or what went wrong.
Json::Written answer_body(const Reply& reply);
Json::Written answer_body(const Welcome& welcome);

// ---- GET /api/rooms/NAME

// A participant as told to whoever has not joined: without the sid.
struct Occupant {
  std::string name = {};
  bool micinf = false;
  bool vidinf = false;
  bool scrinf = false;
  bool away = false;
  std::optional<bool> one_stream = {};  // True where they are sent everyone in one stream.

  static constexpr auto fields() {
    return std::tuple(field("name", &Occupant::name), field("micinf", &Occupant::micinf),
                      field("vidinf", &Occupant::vidinf), field("scrinf", &Occupant::scrinf),
                      field("away", &Occupant::away), field("oneStream", &Occupant::one_stream));
  }
  friend bool operator==(const Occupant&, const Occupant&) = default;
};

struct RoomView {
  std::string name = {};
  Topology topology = Topology::kP2p;
  std::vector<Occupant> participants = {};  // In a lecture those on stage.
  std::optional<bool> lecture = {};         // True of a lecture; of a meeting not told.
  std::optional<std::int64_t> audience = {};

  static constexpr auto fields() {
    return std::tuple(field("name", &RoomView::name), field("topology", &RoomView::topology),
                      field("participants", &RoomView::participants),
                      field("lecture", &RoomView::lecture), field("audience", &RoomView::audience));
  }
  friend bool operator==(const RoomView&, const RoomView&) = default;
};

}  // namespace parley::meeting
