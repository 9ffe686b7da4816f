#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "store/repositories.h"

// What the meeting asks of the store about one room, as values: the owner of the engine carries
// them out, each wholly or not at all, in the order in which they were asked.
namespace parley::meeting {

// -> RoomRecord
struct LoadRoom {};
// The room is in use. Nothing where the store does not know the room.
struct TouchRoom {
  UnixMillis at = {};
};

// What changes a room makes one without an owner where there is none.
struct SaveSettings {
  store::RoomSettings settings = {};
};
struct SaveMember {
  store::Membership member = {};
};
// The one before becomes a cohost.
struct SaveOwner {
  store::UserId owner = {};
  store::UserId before = {};
};

// -> store::Chat::Added
struct AddMessage {
  store::ChatMessage message = {};
};
// -> store::ChatMessage
struct EditMessage {
  store::MessageId id = {};
  std::string text = {};
  UnixMillis at = {};
};
// -> store::ChatMessage
struct RemoveMessage {
  store::MessageId id = {};
};
// -> std::optional<store::ChatMessage>
struct FindMessage {
  store::MessageId id = {};
};
// -> std::vector<store::ChatMessage>, oldest first
struct FindMessages {
  std::optional<store::Person> reader = {};  // None: all, private ones too.
  store::MessageId before = {};              // None: the newest.
  std::size_t limit = 0;
};

// -> std::vector<store::TodoItem>: those there are, removed ones too
struct FindItems {
  std::vector<std::string> ids = {};
};
// -> std::vector<store::TodoItem>: all but the removed, in order
struct ListItems {};
struct PutItems {
  std::vector<store::TodoItem> items = {};
};

// -> store::Questions::Added
struct AddQuestion {
  store::Question question = {};
};
// -> std::optional<store::Question>
struct FindQuestion {
  store::QuestionId id = {};
};
// -> std::vector<store::Questions::Seen>, oldest first
struct FindQuestions {
  store::Person reader = {};
  bool all = false;  // Those too that only hosts see.
  store::QuestionId after = {};
  std::size_t limit = 0;
};
// -> store::Questions::Moved
struct MoveQuestion {
  store::QuestionId id = {};
  store::QuestionState state = {};
};
// -> store::Question
struct RemoveQuestion {
  store::QuestionId id = {};
};
// -> store::Questions::Counted
struct CountVotes {
  std::vector<store::Ballot> ballots = {};
};

using StoreRequest = std::variant<LoadRoom, TouchRoom, SaveSettings, SaveMember, SaveOwner,
                                  AddMessage, EditMessage, RemoveMessage, FindMessage, FindMessages,
                                  FindItems, ListItems, PutItems, AddQuestion, FindQuestion,
                                  FindQuestions, MoveQuestion, RemoveQuestion, CountVotes>;

struct RoomRecord {
  std::optional<store::Room> room = {};  // None: the store does not know it.
  std::vector<store::Membership> members = {};
};

// std::monostate: done, and there is nothing to tell.
using StoreResult = std::variant<std::monostate, RoomRecord, store::Chat::Added, store::ChatMessage,
                                 std::optional<store::ChatMessage>, std::vector<store::ChatMessage>,
                                 std::vector<store::TodoItem>, store::Questions::Added,
                                 std::optional<store::Question>, store::Question,
                                 std::vector<store::Questions::Seen>, store::Questions::Moved,
                                 store::Questions::Counted>;
using StoreReply = std::expected<StoreResult, store::Error>;

}  // namespace parley::meeting
