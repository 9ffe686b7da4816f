#include "meeting/media_facts.h"

#include <algorithm>

#include "meeting/rights.h"

namespace parley::meeting {
namespace {

bool only_watches(const Participant& who) {
  return !permits_media(who.permissions);
}

bool is_program(const Participant& who) {
  return who.identity.by_server_alone;
}

}  // namespace

SetSending sending_of(const Participant& who) {
  const SetSending& let = who.link.hosts_let;
  const Permissions& may = who.permissions;
  return {.microphone = may.microphone && let.microphone,
          .camera = may.camera && let.camera,
          .screen = may.screen && let.screen,
          .screen_audio = may.screen && let.screen_audio,
          .messages = may.chat && who.on_stage};
}

Describe describe(const Room& room, const Participant& who) {
  return {.name = who.name,
          .microphone = who.media.micinf,
          .camera = who.media.vidinf,
          .screen = who.media.scrinf,
          .hand = who.hand.has_value(),
          .on_stage = who.on_stage && !who.identity.plays,  // A player is nobody to be seen.
          .lectures = room.settings.lecture && is_host(who.role)};
}

bool has_one_stream(const Participant& who) {
  return who.link.view && who.link.view->one_stream;
}

TopologyController::Facts facts_of(const Room& room) {
  if (room.settings.lecture) return {.people = room.size(), .lecture = true};
  return {.people = room.size(),
          .unconnected = !room.unconnected.empty(),
          .viewer = std::ranges::any_of(room.participants(), only_watches),
          .program = std::ranges::any_of(room.participants(), is_program),
          .one_stream = std::ranges::any_of(room.participants(), has_one_stream)};
}

}  // namespace parley::meeting
