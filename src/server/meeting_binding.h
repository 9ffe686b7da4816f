#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/random.h"
#include "io/event_loop.h"
#include "meeting/rooms.h"
#include "server/media/media_desk.h"
#include "server/meeting_storage.h"

namespace parley::server {

// A way in to the meeting: Socket.IO, or the plain WebSocket. It knows its connections by the ids
// that MeetingBinding::add() gave it.
class Door {
 public:
  // The same event to each of `to`: encoded once.
  virtual void tell(std::span<const meeting::ConnectionId> to, std::string_view event,
                    const Json& body) = 0;
  // At most once for each ack that came with an event of that connection, and not always at once.
  virtual void answer(meeting::ConnectionId to, std::int64_t ack, const Json::Written& body) = 0;
  // Nothing will be told to it any more.
  virtual void forget(meeting::ConnectionId connection) = 0;
  // What to give this client for its RTCPeerConnection. `sid`: which it has in its room.
  virtual std::vector<meeting::IceServer> ice_servers(meeting::ConnectionId connection,
                                                      std::string_view sid) = 0;

 protected:
  ~Door() = default;
};

// Joins the engine of all rooms to the loop and to the doors by which clients come: it hands on
// what they say, keeps the engine's deadline, and hands its outputs to the right door.
class MeetingBinding {
 public:
  // What the token of a join says, if it is good.
  using VerifyToken = std::function<std::optional<meeting::JoinClaim>(std::string_view token)>;

  // Without a `storage`, nothing can be kept: chat and to-do are refused. Without a `media`, or
  // where the config has none, all rooms are peer to peer. Both outlive this.
  MeetingBinding(io::EventLoop& loop, meeting::RoomsConfig config, Random& random,
                 Storage* storage = nullptr, MediaDesk* media = nullptr);

  // Until then no token is good.
  void set_token_verifier(VerifyToken verify) { verify_token_ = std::move(verify); }

  // A connection came in by `door`, which outlives this binding's use of it. `address`: the peer's,
  // without the port; empty where it is not known.
  meeting::ConnectionId add(Door& door, meeting::Identity identity = {}, std::string address = {});

  void said(meeting::ConnectionId from, std::string_view event, Json body,
            std::optional<std::int64_t> ack);
  void lost(meeting::ConnectionId connection, bool may_recover);
  void recovered(meeting::ConnectionId connection);
  void close(std::string reason);

  // Somebody else has changed what is stored of a room (its settings, owner or members), or has
  // deleted it: those who are in it hear of it.
  void room_changed(std::string_view room);
  void room_deleted(std::string_view room);

  const meeting::Rooms& rooms() const { return rooms_; }

 private:
  void handle(meeting::Rooms::Input input);
  void drain_outputs();
  void perform(const meeting::Tell& tell);
  void perform(const meeting::Answer& answer);
  void perform(meeting::Admit& admit);
  void perform(const meeting::GiveIceServers& give);
  void perform(const meeting::Forget& forget);
  void perform(meeting::ToStore& request);
  void perform(meeting::ToMedia& request);

  static constexpr std::size_t kMaxDoors = 3;
  Door& door_of(meeting::ConnectionId connection) const;

  io::EventLoop& loop_;
  meeting::Rooms rooms_;
  MeetingStorage storage_;
  MediaDesk* media_;
  VerifyToken verify_token_ = [](std::string_view) { return std::nullopt; };
  io::Timer timer_;
  std::array<Door*, kMaxDoors> doors_ = {};  // An id is count * kMaxDoors + place here.
  std::uint64_t last_ = 0;
  bool draining_ = false;  // What a door causes meanwhile is drained by the outer call.
};

}  // namespace parley::server
