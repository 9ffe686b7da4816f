#include "store/sqlite/repositories.h"

namespace parley::store::sqlite {
namespace {

// What read_item() reads, in its order.
#define PARLEY_ITEM                                                                     \
  "SELECT id, text, done, assignee, position, made_by, made_at, removed, text_changed," \
  " done_changed, assignee_changed, position_changed FROM todo "

TodoItem read_item(Row& row) {
  return {
      .id = row.text(),
      .text = row.text(),
      .done = row.boolean(),
      .assignee = row.optional_text(),
      .position = row.text(),
      .by = row.text(),
      .at = row.time(),
      .removed = row.boolean(),
      .changed = {
          .text = row.time(), .done = row.time(), .assignee = row.time(), .position = row.time()}};
}

}  // namespace

Result<std::vector<TodoItem>> Todos::list(RoomId room) {
  return db_.all(PARLEY_ITEM "WHERE room = ? AND NOT removed ORDER BY position, id", {room},
                 read_item);
}

Result<std::optional<TodoItem>> Todos::find(RoomId room, std::string_view id) {
  return db_.one(PARLEY_ITEM "WHERE room = ? AND id = ?", {room, id}, read_item);
}

Result<void> Todos::put(RoomId room, const TodoItem& item) {
  return db_.transaction([&]() -> Result<void> {
    const auto put = db_.change(
        "INSERT OR REPLACE INTO todo (room, id, text, done, assignee, position, made_by, made_at,"
        " removed, text_changed, done_changed, assignee_changed, position_changed)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {room, item.id, item.text, item.done, item.assignee, item.position, item.by, item.at,
         item.removed, item.changed.text, item.changed.done, item.changed.assignee,
         item.changed.position});
    if (!put) return std::unexpected(put.error());
    if (item.removed) {
      const auto trimmed = db_.run(
          "DELETE FROM todo WHERE room = ?1 AND id IN (SELECT id FROM todo"
          " WHERE room = ?1 AND removed ORDER BY made_at DESC LIMIT -1 OFFSET ?2)",
          {room, limits_.removed_items_per_room});
      if (!trimmed) return std::unexpected(trimmed.error());
      return {};
    }
    const auto count =
        db_.number("SELECT count(*) FROM todo WHERE room = ? AND NOT removed", {room});
    if (!count) return std::unexpected(count.error());
    if (std::cmp_greater(*count, limits_.todo_items_per_room)) {
      return std::unexpected(Error::kFull);
    }
    return {};
  });
}

}  // namespace parley::store::sqlite
