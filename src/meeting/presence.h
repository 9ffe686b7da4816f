#pragma once

#include "meeting/privileges.h"
#include "meeting/state.h"

namespace parley::meeting {

// Who is there, away and gone; and with the last, the end of a room.
class Presence {
 public:
  Presence(State& state, Switchboard& switchboard, Privileges& privileges)
      : state_(state), switchboard_(switchboard), privileges_(privileges) {}

  void set_away(Time now, Seat seat, Time gone_at);
  void set_present(Seat seat);
  // The others hear that they are there again.
  void tell_back(Time now, Seat seat);
  // The connection that led to the participant, if any, no longer does.
  void unseat(Participant& participant);
  void forget(ConnectionId connection);

  // Takes somebody out of the room, which may be gone after it.
  void remove(Time now, Seat seat, LeaveReason reason);
  // Everyone is out, and the room is gone. `by`: a host, who knows; none: told from outside.
  void end(Time now, Room& room, const Participant* by);
  // The room goes if nobody is in it or waits.
  void retire_if_empty(Time now, Room& room);

  // Somebody who waited will not come in.
  void send_away(Room& room, std::string_view sid, RefusedReason reason);

  // For an owner from before a restart.
  void wait_for_owner(Time now, Room& room);
  void owner_is_there(Room& room);
  void handle_vacancy(Time now, Room& room);

  // The store hears that the room is in use, and again each use_interval.
  void use(Time now, Room& room);

 private:
  void audience_changed(Time now, Seat seat);
  void appoint_heir(Time now, Room& room);
  // All have left: what was true of their meeting is not of the next.
  void finish_life(Room& room);
  void send_all_away(Room& room);

  State& state_;
  Switchboard& switchboard_;
  Privileges& privileges_;
};

}  // namespace parley::meeting
