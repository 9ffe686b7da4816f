#include "meeting/host_controls.h"

#include <utility>

#include "meeting/rights.h"

namespace parley::meeting {
namespace {

bool& flag_of(SetMedia& media, HostedSource source) {
  switch (source) {
    case HostedSource::kMicrophone: return media.micinf;
    case HostedSource::kCamera: return media.vidinf;
    case HostedSource::kScreen: return media.scrinf;
  }
  std::unreachable();
}

void forbid(SetSending& sending, HostedSource source) {
  switch (source) {
    case HostedSource::kMicrophone: sending.microphone = false; return;
    case HostedSource::kCamera: sending.camera = false; return;
    case HostedSource::kScreen: sending.screen = sending.screen_audio = false; return;
  }
}

}  // namespace

HostControls::Outcome HostControls::on(Time now, Seat host, const AdmitPeople& admit) {
  return entrance_.admit(now, *host.room, admit.sids);
}

HostControls::Outcome HostControls::on(Time now, Seat host, const RefusePeople& refuse) {
  return entrance_.refuse(now, *host.room, refuse.sids);
}

HostControls::Outcome HostControls::on(Time now, Seat host, const RemoveParticipant& remove) {
  Participant* const who = host.room->find(remove.sid);
  if (who == nullptr || who == host.participant) return Refusal::of(Code::kNoSuchParticipant);
  if (who->role == Role::kOwner) return Refusal::of(Code::kForbidden, "sid");
  host.room->bans.add(who->sid, who->identity, who->address);
  state_.tell(who->connection, Removed{host.participant->sid});
  ++state_.counters.removed;
  presence_.remove(now, {host.room, who}, LeaveReason::kRemoved);
  return std::nullopt;
}

HostControls::Outcome HostControls::on(Time, Seat host, const Mute& mute) {
  if (mute.sid) {
    Participant* const who = host.room->find(*mute.sid);
    if (who == nullptr || who == host.participant) return Refusal::of(Code::kNoSuchParticipant);
    switch_off(host, *who, mute.source);
    return std::nullopt;
  }
  for (Participant* const who : host.room->on_stage()) {
    if (!is_host(who->role)) switch_off(host, *who, mute.source);
  }
  return std::nullopt;
}

// Whatever they say of it: what they send is stopped.
void HostControls::switch_off(Seat host, Participant& whose, HostedSource source) {
  forbid(whose.link.hosts_let, source);
  switchboard_.sending_changed(*host.room, whose);
  if (!std::exchange(flag_of(whose.media, source), false)) return;
  switchboard_.person_changed(*host.room, whose);
  ++state_.counters.mutes;
  state_.tell(whose.connection, Muted{host.participant->sid, source});
  state_.tell_others(
      *host.room, whose,
      MediaChanged{whose.sid, whose.media.micinf, whose.media.vidinf, whose.media.scrinf});
}

HostControls::Outcome HostControls::on(Time, Seat host, const Ask& ask) {
  Participant* const who = host.room->find(ask.sid);
  if (who == nullptr || who == host.participant) return Refusal::of(Code::kNoSuchParticipant);
  if (!who->on_stage) return Refusal::of(Code::kForbidden, "sid");
  ++state_.counters.asks;
  state_.tell(who->connection, Asked{host.participant->sid, ask.source, ask.on});
  return std::nullopt;
}

HostControls::Outcome HostControls::on(Time now, Seat host, const Permit& permit) {
  Participant* const who = host.room->find(permit.sid);
  if (who == nullptr) return Refusal::of(Code::kNoSuchParticipant);
  if (is_host(who->role)) return Refusal::of(Code::kForbidden, "sid");
  privileges_.permit(now, *host.room, *who, permit.permissions);
  return std::nullopt;
}

// Also of who is no host, and goes off by themselves.
HostControls::Outcome HostControls::on(Time now, Seat from, const ChangeStage& stage) {
  Participant* const who = stage.sid ? from.room->find(*stage.sid) : from.participant;
  if (who == nullptr) return Refusal::of(Code::kNoSuchParticipant);
  if (is_host(who->role)) return Refusal::of(Code::kForbidden, "sid");
  if (!from.room->settings.lecture && !stage.on) return Refusal::of(Code::kForbidden, "on");
  if (stage.on == who->on_stage) return std::nullopt;
  if (stage.on && who->identity.plays) return Refusal::of(Code::kForbidden, "sid");
  if (stage.on && privileges_.stage_is_full(*from.room)) return Refusal::of(Code::kStageFull);
  privileges_.invite(now, *from.room, *who, stage.on,
                     is_host(from.participant->role) ? from.participant->sid : "");
  return std::nullopt;
}

HostControls::Outcome HostControls::on(Time now, Seat host, const End&) {
  presence_.end(now, *host.room, host.participant);
  return std::nullopt;
}

}  // namespace parley::meeting
