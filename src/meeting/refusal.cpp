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
    case Code::kForbidden: return "You may not do that in this room.";
    case Code::kLocked: return "The room is locked.";
    case Code::kMembersOnly: return "The room is for its members only.";
    case Code::kAccountRequired: return "This server is for people with an account; log in first.";
    case Code::kRemoved: return "A host has removed you from the room.";
    case Code::kBadToken: return "The invitation is not good, or not any more.";
    case Code::kRefused: return "You left before you were in.";
    case Code::kNoSuchMessage: return "There is no such message.";
    case Code::kListFull: return "The list is full.";
    case Code::kStageFull: return "The stage is full.";
    case Code::kNoSuchQuestion: return "There is no such question.";
    case Code::kUnavailable: return "The server cannot reach its storage; try again in a while.";
  }
  std::unreachable();
}

}  // namespace

Refusal Refusal::of(Code code) {
  return {.code = code, .message = std::string(sentence(code))};
}

Refusal Refusal::of(Code code, std::string_view field) {
  Refusal refusal = of(code);
  refusal.field = std::string(field);
  return refusal;
}

Refusal Refusal::of(const FieldError& error) {
  Refusal refusal{.code = Code::kInvalid, .message = error.to_string()};
  if (!error.field.empty()) refusal.field = error.field;
  return refusal;
}

}  // namespace parley::meeting
