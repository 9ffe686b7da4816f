#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "meeting/presence.h"
#include "meeting/privileges.h"
#include "meeting/state.h"

namespace parley::meeting {

// How people come into rooms: by a join, back by a resume, or through the waiting room. A room that
// is not here is loaded first, and those who want to join it are kept until it is.
class Entrance {
 public:
  Entrance(State& state, Switchboard& switchboard, Privileges& privileges, Presence& presence)
      : state_(state), switchboard_(switchboard), privileges_(privileges), presence_(presence) {}

  // `token`: what the join's token says, if it was found good.
  void join(Time now, const Request& request, Join join, std::optional<JoinClaim> token);
  // The reply to the load of that room; false: nobody waits for it.
  bool loaded(Time now, std::uint64_t ticket, const std::string& room, const StoreReply& reply);
  // What is stored of the room was changed from outside.
  void reloaded(Time now, Room& room, const RoomRecord& record);

  // Gives up a join that still waits for its room.
  void cancel(ConnectionId connection);

  // Lets in those of `sids` who wait.
  std::optional<Refusal> admit(Time now, Room& room, const std::vector<std::string>& sids);
  std::optional<Refusal> refuse(Time now, Room& room, const std::vector<std::string>& sids);
  // Judges those who wait by the settings as they are now.
  void judge_waiting(Time now, Room& room);

  // Somebody who waits was lost, is there again, leaves, or has waited for too long.
  void waiting_lost(Time now, Connection& connection, bool may_recover);
  void waiting_recovered(Connection& connection);
  void stop_waiting(Time now, Connection& connection);
  void waiting_timed_out(Time now, const Deadline& deadline);

 private:
  using Guest = WaitingRoom::Guest;

  struct Pending {
    Request request = {};
    Join join = {};
    std::optional<JoinClaim> token = {};
  };
  struct Loading {
    std::uint64_t ticket = 0;
    std::vector<Pending> joins = {};  // Each connection has one at most.
  };

  void knock(Time now, Room& room, Pending& pending);
  std::optional<ResumeTokens::Claim> claim_of(Time now, const Join& join);
  bool was_in(const Room& room, const ResumeTokens::Claim& claim) const;
  Guest describe(Time now, const Connection& connection, const Room& room, const Pending& pending,
                 const std::optional<ResumeTokens::Claim>& claim) const;
  Room& open(Time now, const RoomRecord& record, const std::string& name,
             const std::vector<Pending>& joins);

  void come_in(Time now, Room& room, Guest guest, std::optional<Request> join);
  void make_lecture(Room& room, const Participant& maker);
  void settle_ownership(Time now, Room& room, Participant& comer, bool from_before);
  void come_back(Time now, Room& room, Participant& who, Pending& pending);
  void wait(Time now, Room& room, Guest guest, const Pending& pending);
  void wait_again(Time now, Room& room, Guest& guest, Pending& pending);
  void welcome(Time now, const Request& join, Room& room, Participant& who, bool resumed,
               bool admitted);
  void set_gone_at(Room& room, Guest& guest, Time gone_at);
  bool is_full(const Room& room) const;

  State& state_;
  Switchboard& switchboard_;
  Privileges& privileges_;
  Presence& presence_;
  std::unordered_map<std::string, Loading> loading_;  // Together with the rooms: max_rooms.
};

}  // namespace parley::meeting
