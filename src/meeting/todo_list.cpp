#include "meeting/todo_list.h"

#include <algorithm>
#include <tuple>

namespace parley::meeting {
namespace {

using store::TodoItem;

// Sets the field if this change of it is the later one.
template <class T>
void change(T& field, UnixMillis& changed, const T& value, UnixMillis at) {
  if (std::tie(at, value) < std::tie(changed, field)) return;
  field = value;
  changed = at;
}

// Who made the item is who changed it first: their change may come in late.
void credit(TodoItem& item, std::string_view by, UnixMillis at) {
  if (std::tuple(item.at, std::string_view(item.by)) < std::tuple(at, by)) return;
  item.at = at;
  item.by = std::string(by);
  if (item.changed.position == UnixMillis()) item.position = position_by_time(at);
}

void apply(TodoItem& item, const TodoChange& what, std::string_view by, UnixMillis at) {
  if (item.removed) return;
  credit(item, by, at);
  if (what.text) change(item.text, item.changed.text, *what.text, at);
  if (what.done) change(item.done, item.changed.done, *what.done, at);
  if (what.assignee) change(item.assignee, item.changed.assignee, what.assignee->value, at);
  if (what.position) change(item.position, item.changed.position, *what.position, at);
  if (!what.removed) return;
  item.removed = true;
  item.text.clear();  // What was removed is not kept.
  item.assignee.reset();
}

}  // namespace

std::string position_by_time(UnixMillis at) {
  static constexpr std::string_view kDigits =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::string position(7, '0');  // Enough until the year 2081.
  auto rest = static_cast<std::uint64_t>(std::max<std::int64_t>(as_number(at), 0));
  for (auto digit = position.rbegin(); digit != position.rend(); ++digit) {
    *digit = kDigits[rest % kDigits.size()];
    rest /= kDigits.size();
  }
  return position;
}

std::expected<std::vector<TodoItem>, Refusal> merge(std::vector<TodoItem> items,
                                                    const std::vector<TodoChange>& changes,
                                                    std::string_view by, UnixMillis now) {
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const TodoChange& what = changes[i];
    const UnixMillis at = now - std::chrono::milliseconds(what.age);
    auto item = std::ranges::find(items, what.item, &TodoItem::id);
    if (item == items.end()) {
      if (!what.text && !what.removed) {
        return std::unexpected(Refusal::of(FieldError{.field = fmt::format("changes[{}].text", i),
                                                      .problem = "is missing in a new item"}));
      }
      items.push_back(
          {.id = what.item, .position = position_by_time(at), .by = std::string(by), .at = at});
      item = std::prev(items.end());
    }
    apply(*item, what, by, at);
  }
  return items;
}

}  // namespace parley::meeting
