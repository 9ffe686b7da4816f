#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/schema.h"
#include "base/strong_id.h"
#include "base/time.h"

// What is kept between two runs, as plain values. The text in them was checked by who made it; a
// repository neither checks nor changes it.
namespace parley::store {

// Given by the repository when a record is added. Zero is none: a guest, a room without an owner.
using UserId = StrongId<struct UserTag>;
using SessionId = StrongId<struct SessionTag>;
using ApiTokenId = StrongId<struct ApiTokenTag>;
using RoomId = StrongId<struct RoomTag>;
using MessageId = StrongId<struct MessageTag>;
using QuestionId = StrongId<struct QuestionTag>;

// The SHA-256 of a secret, which is itself not kept.
using Digest = std::array<std::uint8_t, 32>;

// ---- Accounts

struct User {
  UserId id = {};
  std::string name = {};  // To log in with. No two users have the same.
  std::string display_name = {};
  std::string password_hash = {};  // As bcrypt writes it.
  UnixMillis created = {};

  friend bool operator==(const User&, const User&) = default;
};

// One log-in on one device, kept up by refresh tokens, each good for one use. All of them share the
// part that `family` is the digest of, so any that was ever given out is known again: if it is
// neither the current nor the previous one, it was stolen, or its thief came first.
struct Session {
  SessionId id = {};
  UserId user = {};
  Digest family = {};                   // No two sessions have the same.
  Digest refresh = {};                  // Of the token that is good now.
  std::optional<Digest> previous = {};  // Of the token that was exchanged for it, at `refreshed`.
  UnixMillis created = {};
  UnixMillis refreshed = {};
  UnixMillis expires = {};
  std::string user_agent = {};

  friend bool operator==(const Session&, const Session&) = default;
};

// Lets a program act for a user.
struct ApiToken {
  ApiTokenId id = {};
  UserId user = {};
  std::string name = {};
  Digest digest = {};  // No two tokens have the same.
  UnixMillis created = {};
  std::optional<UnixMillis> expires = {};
  std::optional<UnixMillis> last_used = {};

  friend bool operator==(const ApiToken&, const ApiToken&) = default;
};

// ---- Rooms

enum class Role : std::uint8_t { kOwner, kCohost, kParticipant };

constexpr std::array<std::pair<Role, std::string_view>, 3> names_of(Role) {
  return {
      {{Role::kOwner, "owner"}, {Role::kCohost, "cohost"}, {Role::kParticipant, "participant"}}};
}

// What a participant may do.
struct Permissions {
  bool microphone = true;
  bool camera = true;
  bool screen = true;
  bool chat = true;
  bool todo = true;

  static constexpr auto fields() {
    return std::tuple(field("microphone", &Permissions::microphone),
                      field("camera", &Permissions::camera), field("screen", &Permissions::screen),
                      field("chat", &Permissions::chat), field("todo", &Permissions::todo));
  }
  friend bool operator==(const Permissions&, const Permissions&) = default;
};

struct RoomSettings {
  bool locked = false;
  bool waiting_room = false;
  bool members_only = false;
  Permissions permissions = {};  // Of those with the role participant.
  bool lecture = false;          // A few are on stage, and all others in the audience.

  static constexpr auto fields() {
    return std::tuple(
        field("locked", &RoomSettings::locked), field("waitingRoom", &RoomSettings::waiting_room),
        field("membersOnly", &RoomSettings::members_only),
        field("permissions", &RoomSettings::permissions), field("lecture", &RoomSettings::lecture));
  }
  friend bool operator==(const RoomSettings&, const RoomSettings&) = default;
};

struct Room {
  RoomId id = {};
  std::string name = {};  // In its normal form. No two rooms have the same.
  UserId owner = {};      // None: it is forgotten when it was not used for a while.
  RoomSettings settings = {};
  UnixMillis created = {};
  UnixMillis last_used = {};

  friend bool operator==(const Room&, const Room&) = default;
};

// A user's standing role in a room. The owner has none: a room knows its owner.
struct Membership {
  RoomId room = {};
  UserId user = {};
  Role role = Role::kParticipant;  // Never kOwner.

  friend bool operator==(const Membership&, const Membership&) = default;
};

// ---- What a room holds

// Someone in a room: a guest is known again by the sid, who is logged in also by the account.
struct Person {
  std::string sid = {};
  std::string name = {};  // At that time.
  UserId account = {};    // None: a guest, or the account is deleted by now.

  friend bool operator==(const Person&, const Person&) = default;
};

struct ChatMessage {
  MessageId id = {};     // Rises within its room, from 1.
  std::string key = {};  // The author's own name for it: sent twice, it is still one message.
  Person author = {};
  std::string text = {};
  std::optional<Person> to = {};  // Of a private message: nobody but these two sees it.
  MessageId reply_to = {};
  UnixMillis at = {};
  std::optional<UnixMillis> edited = {};
  bool deleted = false;  // Its text is gone then, its place is not.

  friend bool operator==(const ChatMessage&, const ChatMessage&) = default;
};

struct TodoItem {
  // When each field was last changed, so that what two people did apart merges field by field.
  struct Changed {
    UnixMillis text = {};
    UnixMillis done = {};
    UnixMillis assignee = {};
    UnixMillis position = {};

    friend bool operator==(const Changed&, const Changed&) = default;
  };

  std::string id = {};  // Made by a client; unique within its room.
  std::string text = {};
  bool done = false;
  std::optional<std::string> assignee = {};
  std::string position = {};  // Sorts the items, byte by byte.
  std::string by = {};        // The name of who made it.
  UnixMillis at = {};         // When it was made.
  bool removed = false;       // For good. It stays, so that a late change does not bring it back.
  Changed changed = {};

  friend bool operator==(const TodoItem&, const TodoItem&) = default;
};

enum class QuestionState : std::uint8_t { kWaiting, kOpen, kAnswered, kDismissed };

constexpr std::array<std::pair<QuestionState, std::string_view>, 4> names_of(QuestionState) {
  return {{{QuestionState::kWaiting, "waiting"},
           {QuestionState::kOpen, "open"},
           {QuestionState::kAnswered, "answered"},
           {QuestionState::kDismissed, "dismissed"}}};
}

// What somebody wants to have answered, and how many others do.
struct Question {
  QuestionId id = {};    // Rises within its room, from 1, and is not given again.
  std::string key = {};  // The author's own name for it, as of a message.
  Person author = {};
  std::string text = {};
  QuestionState state = QuestionState::kWaiting;
  std::uint64_t votes = 0;
  UnixMillis at = {};

  friend bool operator==(const Question&, const Question&) = default;
};

// Whose vote it is: an account's from whatever device, a guest's as long as the sid is theirs.
inline std::string voter_of(const Person& who) {
  return who.account ? "account:" + std::to_string(who.account.value) : "sid:" + who.sid;
}

// A vote given or taken back.
struct Ballot {
  QuestionId question = {};
  std::string voter = {};
  bool on = true;

  friend bool operator==(const Ballot&, const Ballot&) = default;
};

}  // namespace parley::store
