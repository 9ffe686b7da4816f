#include <algorithm>

#include "store/sqlite/repositories.h"

namespace parley::store::sqlite {
namespace {

// What read_message() reads, in its order.
#define PARLEY_MESSAGE                                                                           \
  "SELECT id, key, sid, name, account, text, to_sid, to_name, to_account, reply_to, at, edited," \
  " deleted FROM chat "

std::optional<Person> read_recipient(Row& row) {
  std::optional<std::string> sid = row.optional_text();
  Person person{.name = row.text(), .account = row.id<UserId>()};
  if (!sid) return std::nullopt;
  person.sid = *std::move(sid);
  return person;
}

ChatMessage read_message(Row& row) {
  return {.id = row.id<MessageId>(),
          .key = row.text(),
          .author = {.sid = row.text(), .name = row.text(), .account = row.id<UserId>()},
          .text = row.text(),
          .to = read_recipient(row),
          .reply_to = row.id<MessageId>(),
          .at = row.time(),
          .edited = row.optional_time(),
          .deleted = row.boolean()};
}

}  // namespace

Result<std::optional<ChatMessage>> Chat::find_by_key(RoomId room, const Person& author,
                                                     std::string_view key) {
  return db_.one(PARLEY_MESSAGE "WHERE room = ? AND key = ? AND (sid = ? OR account = ?)",
                 {room, key, author.sid, author.account}, read_message);
}

Result<Chat::Added> Chat::add(RoomId room, const ChatMessage& message) {
  return db_.transaction([&]() -> Result<Added> {
    auto earlier = find_by_key(room, message.author, message.key);
    if (!earlier) return std::unexpected(earlier.error());
    if (*earlier) return Added{.message = **std::move(earlier)};
    const auto newest = db_.number("SELECT max(id) FROM chat WHERE room = ?", {room});
    if (!newest) return std::unexpected(newest.error());
    Added added{.message = message, .fresh = true};
    added.message.id = {static_cast<std::uint64_t>(*newest + 1)};
    const std::optional<Person>& to = message.to;
    const auto kept = db_.run(
        "INSERT INTO chat (room, id, key, sid, name, account, text, to_sid, to_name, to_account,"
        " reply_to, at, edited, deleted) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {room, added.message.id, message.key, message.author.sid, message.author.name,
         message.author.account, message.text, to ? Value(to->sid) : Value(),
         to ? Value(to->name) : Value(), to ? Value(to->account) : Value(), message.reply_to,
         message.at, message.edited, message.deleted});
    if (!kept) return std::unexpected(kept.error());
    const auto trimmed =
        db_.run("DELETE FROM chat WHERE room = ? AND id <= ?",
                {room, *newest + 1 - static_cast<std::int64_t>(limits_.messages_per_room)});
    if (!trimmed) return std::unexpected(trimmed.error());
    return added;
  });
}

Result<std::optional<ChatMessage>> Chat::find(RoomId room, MessageId id) {
  return db_.one(PARLEY_MESSAGE "WHERE room = ? AND id = ?", {room, id}, read_message);
}

Result<std::vector<ChatMessage>> Chat::history(RoomId room, const std::optional<Person>& reader,
                                               MessageId before, std::size_t limit) {
  auto messages =
      db_.all(PARLEY_MESSAGE
              "WHERE room = ?1 AND id < ifnull(?2, 9223372036854775807)"
              " AND (?3 IS NULL OR to_sid IS NULL OR sid = ?3 OR to_sid = ?3 OR account = ?4"
              " OR to_account = ?4)"
              " ORDER BY id DESC LIMIT ?5",
              {room, before, reader ? Value(reader->sid) : Value(),
               reader ? Value(reader->account) : Value(), limit},
              read_message);
  if (messages) std::ranges::reverse(*messages);
  return messages;
}

Result<ChatMessage> Chat::at(RoomId room, MessageId id) {
  auto found = find(room, id);
  if (!found) return std::unexpected(found.error());
  if (!*found) return std::unexpected(Error::kNotFound);
  return **std::move(found);
}

Result<ChatMessage> Chat::edit(RoomId room, MessageId id, std::string_view text, UnixMillis now) {
  return db_.transaction([&]() -> Result<ChatMessage> {
    const auto edited =
        db_.change("UPDATE chat SET text = ?, edited = ? WHERE room = ? AND id = ? AND NOT deleted",
                   {text, now, room, id});
    if (!edited) return std::unexpected(edited.error());
    return at(room, id);
  });
}

Result<ChatMessage> Chat::remove(RoomId room, MessageId id) {
  return db_.transaction([&]() -> Result<ChatMessage> {
    const auto removed = db_.change(
        "UPDATE chat SET text = '', deleted = TRUE WHERE room = ? AND id = ?", {room, id});
    if (!removed) return std::unexpected(removed.error());
    return at(room, id);
  });
}

}  // namespace parley::store::sqlite
