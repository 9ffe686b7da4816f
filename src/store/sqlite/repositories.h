#pragma once

#include "store/repositories.h"
#include "store/sqlite/database.h"

// The repositories in SQL, each in a .cpp file of its name.
namespace parley::store::sqlite {

class Users final : public store::Users {
 public:
  Users(Database& database, const Limits& limits) : db_(database), limits_(limits) {}

  Result<UserId> add(const User& user) override;
  Result<std::optional<User>> find(UserId id) override;
  Result<std::optional<User>> find_by_name(std::string_view name) override;
  Result<std::vector<User>> list(std::string_view after, std::size_t limit) override;
  Result<void> set_display_name(UserId id, std::string_view display_name) override;
  Result<void> set_password_hash(UserId id, std::string_view hash) override;
  Result<void> remove(UserId id) override;

 private:
  Database& db_;
  Limits limits_;
};

class Sessions final : public store::Sessions {
 public:
  Sessions(Database& database, const Limits& limits) : db_(database), limits_(limits) {}

  Result<SessionId> add(const Session& session) override;
  Result<std::optional<Session>> find(SessionId id) override;
  Result<std::optional<Session>> find_by_family(const Digest& family) override;
  Result<std::vector<Session>> list(UserId user) override;
  Result<void> refresh(SessionId id, const Digest& next, UnixMillis now,
                       UnixMillis expires) override;
  Result<void> remove(SessionId id) override;
  Result<void> remove_all(UserId user, SessionId except) override;
  Result<std::size_t> remove_expired(UnixMillis now) override;

 private:
  Database& db_;
  Limits limits_;
};

class ApiTokens final : public store::ApiTokens {
 public:
  ApiTokens(Database& database, const Limits& limits) : db_(database), limits_(limits) {}

  Result<ApiTokenId> add(const ApiToken& token) override;
  Result<std::optional<ApiToken>> find_by_digest(const Digest& digest) override;
  Result<std::vector<ApiToken>> list(UserId user) override;
  Result<void> set_last_used(ApiTokenId id, UnixMillis now) override;
  Result<void> remove(UserId user, ApiTokenId id) override;

 private:
  Database& db_;
  Limits limits_;
};

class Rooms final : public store::Rooms {
 public:
  Rooms(Database& database, const Limits& limits) : db_(database), limits_(limits) {}

  Result<RoomId> add(const Room& room) override;
  Result<std::optional<Room>> find(std::string_view name) override;
  Result<Room> find_or_add(std::string_view name, UnixMillis now) override;
  Result<std::vector<Room>> list(UserId user) override;
  Result<void> set_settings(RoomId id, const RoomSettings& settings) override;
  Result<void> set_owner(RoomId id, UserId owner) override;
  Result<void> set_last_used(RoomId id, UnixMillis now) override;
  Result<void> remove(RoomId id) override;
  Result<std::vector<Room>> unused(UnixMillis before, std::size_t limit) override;

 private:
  Result<void> check_limits(UserId owner);

  Database& db_;
  Limits limits_;
};

class Memberships final : public store::Memberships {
 public:
  Memberships(Database& database, const Limits& limits) : db_(database), limits_(limits) {}

  Result<std::optional<Membership>> find(RoomId room, UserId user) override;
  Result<std::vector<Membership>> list(RoomId room) override;
  Result<void> put(const Membership& membership) override;
  Result<void> remove(RoomId room, UserId user) override;

 private:
  Database& db_;
  Limits limits_;
};

class Chat final : public store::Chat {
 public:
  Chat(Database& database, const Limits& limits) : db_(database), limits_(limits) {}

  Result<Added> add(RoomId room, const ChatMessage& message) override;
  Result<std::optional<ChatMessage>> find(RoomId room, MessageId id) override;
  Result<std::vector<ChatMessage>> history(RoomId room, const std::optional<Person>& reader,
                                           MessageId before, std::size_t limit) override;
  Result<ChatMessage> edit(RoomId room, MessageId id, std::string_view text,
                           UnixMillis now) override;
  Result<ChatMessage> remove(RoomId room, MessageId id) override;

 private:
  Result<std::optional<ChatMessage>> find_by_key(RoomId room, const Person& author,
                                                 std::string_view key);
  Result<ChatMessage> at(RoomId room, MessageId id);

  Database& db_;
  Limits limits_;
};

class Todos final : public store::Todos {
 public:
  Todos(Database& database, const Limits& limits) : db_(database), limits_(limits) {}

  Result<std::vector<TodoItem>> list(RoomId room) override;
  Result<std::optional<TodoItem>> find(RoomId room, std::string_view id) override;
  Result<void> put(RoomId room, const TodoItem& item) override;

 private:
  Database& db_;
  Limits limits_;
};

class Questions final : public store::Questions {
 public:
  Questions(Database& database, const Limits& limits) : db_(database), limits_(limits) {}

  Result<Added> add(RoomId room, const Question& question) override;
  Result<std::optional<Question>> find(RoomId room, QuestionId id) override;
  Result<std::vector<Seen>> list(RoomId room, const Person& reader, bool all, QuestionId after,
                                 std::size_t limit) override;
  Result<Moved> set_state(RoomId room, QuestionId id, QuestionState state) override;
  Result<Question> remove(RoomId room, QuestionId id) override;
  Result<Counted> vote(RoomId room, std::span<const Ballot> ballots) override;

 private:
  Result<std::optional<Seen>> find_by_key(RoomId room, const Person& author, std::string_view key);
  // Gives the id of what has to go.
  Result<std::optional<QuestionId>> make_place(RoomId room);
  Result<QuestionId> next_id(RoomId room);
  Result<bool> count(RoomId room, Question& question, const Ballot& ballot);

  Database& db_;
  Limits limits_;
};

}  // namespace parley::store::sqlite
