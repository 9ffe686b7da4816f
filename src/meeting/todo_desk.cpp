#include "meeting/todo_desk.h"

#include <algorithm>
#include <utility>

#include "meeting/todo_list.h"

namespace parley::meeting {
namespace {

std::vector<TodoView> views_of(const std::vector<store::TodoItem>& items) {
  std::vector<TodoView> views;
  for (const store::TodoItem& item : items) views.push_back(view_of(item));
  return views;
}

}  // namespace

Step TodoDesk::begin(Time, Room&, const Ledger::Entry&, const ReadTodos&) {
  return StoreRequest(ListItems{});
}

Step TodoDesk::go_on(Time, Room&, const Ledger::Entry&, const ReadTodos&, StoreResult& result) {
  return Reply(ItemsReply{views_of(std::get<std::vector<store::TodoItem>>(result))});
}

Step TodoDesk::begin(Time, Room&, const Ledger::Entry&, const ChangeTodos& change) {
  FindItems find;
  for (const TodoChange& what : change.changes) find.ids.push_back(what.item);
  std::ranges::sort(find.ids);
  const auto repeated = std::ranges::unique(find.ids);
  find.ids.erase(repeated.begin(), repeated.end());
  return StoreRequest(std::move(find));
}

Step TodoDesk::go_on(Time now, Room& room, Ledger::Entry& entry, const ChangeTodos& change,
                     StoreResult& result) {
  if (auto* const found = std::get_if<std::vector<store::TodoItem>>(&result)) {
    auto merged = merge(std::move(*found), change.changes, entry.who.name, state_.unix_millis(now));
    if (!merged) return Reply(std::move(merged.error()));
    entry.items = *std::move(merged);
    return StoreRequest(PutItems{entry.items});
  }
  state_.counters.todo_changes += change.changes.size();
  std::vector<TodoView> views = views_of(entry.items);
  state_.tell(room.connections_except(entry.who.sid), TodosChanged{views});
  return Reply(ItemsReply{std::move(views)});
}

}  // namespace parley::meeting
