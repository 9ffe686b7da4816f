#pragma once

#include "meeting/entrance.h"
#include "meeting/presence.h"
#include "meeting/privileges.h"
#include "meeting/state.h"

namespace parley::meeting {

// What hosts do to those in the room and to those who wait. That they are hosts is known here.
class HostControls {
 public:
  using Outcome = std::optional<Refusal>;

  HostControls(State& state, Switchboard& switchboard, Privileges& privileges, Presence& presence,
               Entrance& entrance)
      : state_(state),
        switchboard_(switchboard),
        privileges_(privileges),
        presence_(presence),
        entrance_(entrance) {}

  Outcome on(Time now, Seat host, const AdmitPeople& admit);
  Outcome on(Time now, Seat host, const RefusePeople& refuse);
  Outcome on(Time now, Seat host, const RemoveParticipant& remove);
  Outcome on(Time now, Seat host, const Mute& mute);
  Outcome on(Time now, Seat host, const Ask& ask);
  Outcome on(Time now, Seat host, const Permit& permit);
  Outcome on(Time now, Seat from, const ChangeStage& stage);
  Outcome on(Time now, Seat host, const End& end);

 private:
  void switch_off(Seat host, Participant& whose, HostedSource source);

  State& state_;
  Switchboard& switchboard_;
  Privileges& privileges_;
  Presence& presence_;
  Entrance& entrance_;
};

}  // namespace parley::meeting
