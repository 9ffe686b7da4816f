#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/schema.h"

namespace parley::meeting {

// Why an event was not carried out; docs/protocol.md says what a client does about each.
enum class Code : std::uint8_t {
  kInvalid,
  kUnknownEvent,
  kNotJoined,
  kAlreadyJoined,
  kRoomFull,
  kServerFull,
  kNoSuchParticipant,
  kTooManyRequests,
  kClosing,
  kForbidden,
  kLocked,
  kMembersOnly,
  kAccountRequired,
  kRemoved,
  kBadToken,
  kRefused,
  kNoSuchMessage,
  kListFull,
  kUnavailable,
  kStageFull,
  kNoSuchQuestion,
};

inline constexpr std::size_t kCodes = 21;

constexpr std::array<std::pair<Code, std::string_view>, kCodes> names_of(Code) {
  return {{{Code::kInvalid, "invalid"},
           {Code::kUnknownEvent, "unknown-event"},
           {Code::kNotJoined, "not-joined"},
           {Code::kAlreadyJoined, "already-joined"},
           {Code::kRoomFull, "room-full"},
           {Code::kServerFull, "server-full"},
           {Code::kNoSuchParticipant, "no-such-participant"},
           {Code::kTooManyRequests, "too-many-requests"},
           {Code::kClosing, "closing"},
           {Code::kForbidden, "forbidden"},
           {Code::kLocked, "locked"},
           {Code::kMembersOnly, "members-only"},
           {Code::kAccountRequired, "account-required"},
           {Code::kRemoved, "removed"},
           {Code::kBadToken, "bad-token"},
           {Code::kRefused, "refused"},
           {Code::kNoSuchMessage, "no-such-message"},
           {Code::kListFull, "list-full"},
           {Code::kUnavailable, "unavailable"},
           {Code::kStageFull, "stage-full"},
           {Code::kNoSuchQuestion, "no-such-question"}}};
}

// The answer to an event that was not carried out. `message` may be shown to a person.
struct Refusal {
  Code code = Code::kInvalid;
  std::string message = {};
  std::optional<std::string> field = {};  // The part of the event that is at fault.

  // The code with the sentence that goes with it.
  static Refusal of(Code code);
  static Refusal of(Code code, std::string_view field);
  static Refusal of(const FieldError& error);

  static constexpr auto fields() {
    return std::tuple(parley::field("code", &Refusal::code),
                      parley::field("message", &Refusal::message),
                      parley::field("field", &Refusal::field));
  }
  friend bool operator==(const Refusal&, const Refusal&) = default;
};

}  // namespace parley::meeting
