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

// What someone may send: hosts everything, others what was given to them, else what the room gives.
Permissions permissions_of(Role role, const std::optional<Permissions>& own,
                           const RoomSettings& settings);

bool permits(const Permissions& permissions, HostedSource source);
bool permits(const Permissions& permissions, Source source);

// `media` without what is not permitted.
SetMedia permitted_part(const SetMedia& media, const Permissions& permissions);

// Why somebody of that role and those permissions may not say this. What depends on whom it is
// about (nobody removes the owner) is decided where that is known.
std::optional<Refusal> refusal_of(Role role, const Permissions& permissions,
                                  const Command& command);
std::optional<Refusal> refusal_of(Role role, const Permissions& permissions,
                                  const StoredCommand& command);

}  // namespace parley::meeting
