#include "meeting/participant.h"

#include <utility>

#include "base/overloaded.h"

namespace parley::meeting {
namespace {

// What an event holds beyond its struct, in round figures: only what a client can make long.
constexpr std::size_t kSmall = 256;
std::size_t size_of(const Event& event) {
  return std::visit(
      overloaded{
          [](const Description& description) { return kSmall + description.sdp.size(); },
          [](const Candidate&) { return kSmall + kCandidateLength.max; },
          [](const auto&) { return kSmall; },
      },
      event);
}

}  // namespace

bool MissedEvents::add(Event event) {
  const std::size_t size = size_of(event);
  if (events_.size() >= kMaxEvents || bytes_ + size > kMaxBytes) return false;
  bytes_ += size;
  events_.push_back(std::move(event));
  return true;
}

std::vector<Event> MissedEvents::take() {
  bytes_ = 0;
  return std::exchange(events_, {});
}

ParticipantView Participant::view() const {
  return {.sid = sid,
          .name = name,
          .micinf = media.micinf,
          .vidinf = media.vidinf,
          .scrinf = media.scrinf,
          .away = away,
          .role = role,
          .hand = {hand},
          .permissions = permissions,
          .account = static_cast<bool>(identity.user),
          .joined_at = as_number(joined_at),
          .program = identity.by_server_alone ? std::optional(true) : std::nullopt};
}

Occupant Participant::occupant() const {
  return {.name = name,
          .micinf = media.micinf,
          .vidinf = media.vidinf,
          .scrinf = media.scrinf,
          .away = away,
          .one_stream = link.view && link.view->one_stream ? std::optional(true) : std::nullopt};
}

}  // namespace parley::meeting
