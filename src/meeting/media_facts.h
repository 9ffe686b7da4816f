#pragma once

#include "meeting/media_requests.h"
#include "meeting/participant.h"
#include "meeting/room.h"
#include "meeting/topology.h"

// What of a room and of those in it matters to how media travels.
namespace parley::meeting {

// What of theirs may be forwarded: it is permitted, and no host has switched it off.
SetSending sending_of(const Participant& who);

// How they look in the picture of everyone.
Describe describe(const Room& room, const Participant& who);

// Whether they are sent everyone in one stream.
bool has_one_stream(const Participant& who);

TopologyController::Facts facts_of(const Room& room);

}  // namespace parley::meeting
