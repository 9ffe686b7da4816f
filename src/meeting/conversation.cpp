#include "meeting/conversation.h"

#include <utility>

namespace parley::meeting {

Conversation::Outcome Conversation::on(Time, Seat from, const SetMedia& media) {
  Participant& who = *from.participant;
  who.media = media;
  switchboard_.media_told(*from.room, who);
  state_.tell_others(*from.room, who,
                     MediaChanged{who.sid, media.micinf, media.vidinf, media.scrinf});
  return std::nullopt;
}

Conversation::Outcome Conversation::on(Time, Seat from, SendDescription& description) {
  return pass_on(from, description.sid,
                 Description{.sid = from.participant->sid,
                             .cname = from.participant->name,
                             .type = description.type,
                             .sdp = std::move(description.sdp),
                             .sources = std::move(description.sources)},
                 state_.counters.descriptions);
}

Conversation::Outcome Conversation::on(Time, Seat from, SendCandidate& candidate) {
  return pass_on(from, candidate.sid,
                 Candidate{.sid = from.participant->sid,
                           .cname = from.participant->name,
                           .candidate = std::move(candidate.candidate)},
                 state_.counters.candidates);
}

Conversation::Outcome Conversation::on(Time now, Seat from, const ChangeHand& hand) {
  Participant* const whose = hand.sid ? from.room->find(*hand.sid) : from.participant;
  if (whose == nullptr) return Refusal::of(Code::kNoSuchParticipant);
  if (hand.raised && whose != from.participant) return Refusal::of(Code::kForbidden, "raised");
  if (hand.raised == whose->hand.has_value()) return std::nullopt;
  from.room->set_hand(*whose, hand.raised ? std::optional(from.room->hands.raise()) : std::nullopt);
  ++state_.counters.hands;
  switchboard_.person_changed(*from.room, *whose);
  state_.tell_participant(*from.room, *whose);
  if (!whose->on_stage) state_.audience_changed(now, *from.room);
  return std::nullopt;
}

Conversation::Outcome Conversation::on(Time now, Seat from, const React& reaction) {
  ++state_.counters.reactions;
  if (!from.participant->on_stage) {
    state_.sum_reaction(now, *from.room, reaction.emoji);
    return std::nullopt;
  }
  state_.tell(from.room->connections_except(from.participant->sid),
              Reaction{from.participant->sid, reaction.emoji});
  return std::nullopt;
}

Conversation::Outcome Conversation::pass_on(Seat from, std::string_view sid, Event event,
                                            std::uint64_t& counter) {
  Participant* const to = from.room->find(sid);
  if (to == nullptr || to == from.participant || !to->on_stage)
    return Refusal::of(Code::kNoSuchParticipant);
  ++counter;
  if (to->away && !to->missed.add(event)) ++state_.counters.missed_dropped;
  state_.tell(to->connection, std::move(event));
  return std::nullopt;
}

}  // namespace parley::meeting
