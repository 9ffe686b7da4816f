#include "meeting/refusal.h"

namespace parley::meeting {
namespace {

std::string_view sentence(Code code) {
  switch (code) {
    case Code::kInvalid: return "The event is not as it should be.";
    case Code::kUnknownEvent: return "The server does not know this event.";
    case Code::kNotJoined: return "Join a room first.";
    case Code::kAlreadyJoined: return "This connection is in a room already; leave it first.";
    case Code::kRoomFull: return "The room is full.";
    case Code::kServerFull: return "The server has no place for another room.";
    case Code::kNoSuchParticipant: return "There is no other participant of that sid in the room.";
    case Code::kTooManyRequests: return "Too many events; slow down.";
    case Code::kClosing: return "The server is shutting down; try again in a while.";
  }
  std::unreachable();
}

}  // namespace

Refusal Refusal::of(Code code) {
  return {.code = code, .message = std::string(sentence(code))};
}

Refusal Refusal::of(const FieldError& error) {
  Refusal refusal{.code = Code::kInvalid, .message = error.to_string()};
  if (!error.field.empty()) refusal.field = error.field;
  return refusal;
}

}  // namespace parley::meeting
