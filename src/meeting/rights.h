#pragma once

#include <optional>

#include "meeting/ledger.h"
#include "meeting/messages.h"
#include "meeting/refusal.h"
#include "meeting/vocabulary.h"

// Who may do what: the table in docs/protocol.md.
namespace parley::meeting {

constexpr bool is_host(Role role) {
  return role != Role::kParticipant;
}

// Whether somebody is on stage: in a lecture hosts, and who is invited there; in a meeting
// everybody.
bool belongs_on_stage(Role role, bool invited, const RoomSettings& settings);

// What someone may send: hosts everything, others what was given to them, else what the room gives;
// from the audience neither sound nor picture.
Permissions permissions_of(Role role, const std::optional<Permissions>& own,
                           const RoomSettings& settings, bool on_stage);

// Whether they let somebody send sound or picture.
bool permits_media(const Permissions& permissions);

bool permits(const Permissions& permissions, HostedSource source);
bool permits(const Permissions& permissions, Source source);

// `media` without what is not permitted.
SetMedia permitted_part(const SetMedia& media, const Permissions& permissions);

// Why somebody may not say this. What depends on whom it is about (nobody removes the owner) is
// decided where that is known.
std::optional<Refusal> refusal_of(const Participant& from, const Command& command);
std::optional<Refusal> refusal_of(const Participant& from, const StoredCommand& command);

}  // namespace parley::meeting
