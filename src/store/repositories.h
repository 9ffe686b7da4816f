#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/error.h"
#include "store/records.h"
#include "store/transactions.h"

// Where records are kept. Each repository is one short interface, so that another database can take
// the place of the first. All calls block, and belong to one thread.
namespace parley::store {

// What people can make us keep. Where the oldest can go, it goes; else kFull.
struct Limits {
  std::size_t users = 100'000;
  std::size_t rooms = 100'000;
  std::size_t rooms_per_owner = 1'000;
  std::size_t members_per_room = 1'000;
  std::size_t messages_per_room = 10'000;  // The oldest go.
  std::size_t todo_items_per_room = 1'000;
  std::size_t removed_items_per_room = 1'000;  // The oldest go.
  std::size_t questions_per_room = 500;        // The oldest that is answered or dismissed goes.
  std::size_t waiting_questions_per_person = 10;
  std::size_t votes_per_question = 10'000;  // Guests who come again are others each time.
  std::size_t sessions_per_user = 50;       // Those not refreshed for longest go.
  std::size_t api_tokens_per_user = 50;
};

class Users {
 public:
  virtual ~Users() = default;
  virtual Result<UserId> add(const User& user) = 0;
  virtual Result<std::optional<User>> find(UserId id) = 0;
  virtual Result<std::optional<User>> find_by_name(std::string_view name) = 0;
  // By name, those after `after`.
  virtual Result<std::vector<User>> list(std::string_view after, std::size_t limit) = 0;
  virtual Result<void> set_display_name(UserId id, std::string_view display_name) = 0;
  virtual Result<void> set_password_hash(UserId id, std::string_view hash) = 0;
  // With sessions, tokens, memberships and owned rooms. What was said in other rooms stays.
  virtual Result<void> remove(UserId id) = 0;
};

class Sessions {
 public:
  virtual ~Sessions() = default;
  virtual Result<SessionId> add(const Session& session) = 0;
  virtual Result<std::optional<Session>> find(SessionId id) = 0;
  virtual Result<std::optional<Session>> find_by_family(const Digest& family) = 0;
  virtual Result<std::vector<Session>> list(UserId user) = 0;  // The last refreshed first.
  // `next` is good from now on, and what was good is the previous one.
  virtual Result<void> refresh(SessionId id, const Digest& next, UnixMillis now,
                               UnixMillis expires) = 0;
  virtual Result<void> remove(SessionId id) = 0;
  virtual Result<void> remove_all(UserId user, SessionId except) = 0;
  virtual Result<std::size_t> remove_expired(UnixMillis now) = 0;  // How many it were.
};

class ApiTokens {
 public:
  virtual ~ApiTokens() = default;
  virtual Result<ApiTokenId> add(const ApiToken& token) = 0;
  virtual Result<std::optional<ApiToken>> find_by_digest(const Digest& digest) = 0;
  virtual Result<std::vector<ApiToken>> list(UserId user) = 0;  // In the order they were made.
  virtual Result<void> set_last_used(ApiTokenId id, UnixMillis now) = 0;
  virtual Result<void> remove(UserId user, ApiTokenId id) = 0;  // Only one of that user's.
};

class Rooms {
 public:
  virtual ~Rooms() = default;
  virtual Result<RoomId> add(const Room& room) = 0;
  virtual Result<std::optional<Room>> find(std::string_view name) = 0;
  // The room of that name; where there is none, a new one without an owner.
  virtual Result<Room> find_or_add(std::string_view name, UnixMillis now) = 0;
  // Those that the user owns or is a member of, the last used first.
  virtual Result<std::vector<Room>> list(UserId user) = 0;
  virtual Result<void> set_settings(RoomId id, const RoomSettings& settings) = 0;
  virtual Result<void> set_owner(RoomId id, UserId owner) = 0;
  virtual Result<void> set_last_used(RoomId id, UnixMillis now) = 0;
  virtual Result<void> remove(RoomId id) = 0;  // With all it holds.
  // Without an owner and not used since `before`, the longest unused first. Whoever has a room in
  // use says so by set_last_used() more often than that.
  virtual Result<std::vector<Room>> unused(UnixMillis before, std::size_t limit) = 0;
};

class Memberships {
 public:
  virtual ~Memberships() = default;
  virtual Result<std::optional<Membership>> find(RoomId room, UserId user) = 0;
  virtual Result<std::vector<Membership>> list(RoomId room) = 0;
  virtual Result<void> put(const Membership& membership) = 0;  // Adds it or changes the role.
  virtual Result<void> remove(RoomId room, UserId user) = 0;
};

class Chat {
 public:
  // The message as it is kept, which may be the one that an earlier add() of the same author with
  // the same key left.
  struct Added {
    ChatMessage message = {};
    bool fresh = false;
  };

  virtual ~Chat() = default;
  virtual Result<Added> add(RoomId room, const ChatMessage& message) = 0;  // Gives the id.
  virtual Result<std::optional<ChatMessage>> find(RoomId room, MessageId id) = 0;
  // The newest `limit` of those before `before` (0: of all) that `reader` may see, oldest first.
  // Without a reader: of all, private ones too; who asks so keeps these from whom they are not for.
  virtual Result<std::vector<ChatMessage>> history(RoomId room, const std::optional<Person>& reader,
                                                   MessageId before, std::size_t limit) = 0;
  virtual Result<ChatMessage> edit(RoomId room, MessageId id, std::string_view text,
                                   UnixMillis now) = 0;  // Not one that is deleted.
  virtual Result<ChatMessage> remove(RoomId room, MessageId id) = 0;
};

class Todos {
 public:
  virtual ~Todos() = default;
  virtual Result<std::vector<TodoItem>> list(RoomId room) = 0;  // In order, without those removed.
  virtual Result<std::optional<TodoItem>> find(RoomId room, std::string_view id) = 0;
  virtual Result<void> put(RoomId room, const TodoItem& item) = 0;  // Adds or replaces it.
};

class Questions {
 public:
  // The question as it is kept, which may be the one that an earlier add() of the same author with
  // the same key left.
  struct Added {
    Question question = {};
    bool fresh = false;
    bool voted = false;                        // By its author.
    std::optional<QuestionId> forgotten = {};  // What went for it.
  };
  struct Seen {
    Question question = {};
    bool voted = false;  // By the reader.

    friend bool operator==(const Seen&, const Seen&) = default;
  };
  struct Moved {
    Question question = {};
    QuestionState before = QuestionState::kWaiting;
    std::vector<std::string> voters = {};  // In order.
  };
  struct Counted {
    std::vector<Question> questions = {};  // Each that was voted on and is there, once, by id.
    std::vector<QuestionId> changed = {};  // Those of them that have another number of votes now.
    std::vector<bool> voted = {};  // For each ballot: whether its voter's vote is in it now.
  };

  virtual ~Questions() = default;
  // Gives the id. kTooMany where the author has too many that wait.
  virtual Result<Added> add(RoomId room, const Question& question) = 0;
  virtual Result<std::optional<Question>> find(RoomId room, QuestionId id) = 0;
  // The first `limit` of those after `after` (0: of all), oldest first: all there are, or those
  // that others than hosts see: open and answered ones, and the reader's own.
  virtual Result<std::vector<Seen>> list(RoomId room, const Person& reader, bool all,
                                         QuestionId after, std::size_t limit) = 0;
  virtual Result<Moved> set_state(RoomId room, QuestionId id, QuestionState state) = 0;
  virtual Result<Question> remove(RoomId room, QuestionId id) = 0;  // With its votes.
  // Only open questions take votes.
  virtual Result<Counted> vote(RoomId room, std::span<const Ballot> ballots) = 0;
};

class Store : public Transactions {
 public:
  virtual Users& users() = 0;
  virtual Sessions& sessions() = 0;
  virtual ApiTokens& api_tokens() = 0;
  virtual Rooms& rooms() = 0;
  virtual Memberships& memberships() = 0;
  virtual Chat& chat() = 0;
  virtual Todos& todos() = 0;
  virtual Questions& questions() = 0;

  // Is another number than before if another process has changed anything since.
  virtual Result<std::int64_t> version() = 0;
};

}  // namespace parley::store
