#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "meeting/messages_todo.h"
#include "meeting/refusal.h"

// How what several people did to one list becomes one list.
//
// Each field keeps the time of its last change. The newer change of a field wins, of two at the
// same time the greater value, and a removal wins over all: so the outcome does not depend on the
// order in which changes come in.
namespace parley::meeting {

// The items that `changes` name, as they are after them. `items` are those of them that there are
// already. A change of an item that is not there makes it, in the name of `by`; without a text that
// is refused, and with it all changes.
std::expected<std::vector<store::TodoItem>, Refusal> merge(std::vector<store::TodoItem> items,
                                                           const std::vector<TodoChange>& changes,
                                                           std::string_view by, UnixMillis now);

// The place of an item that was given none: by the time when it was made.
std::string position_by_time(UnixMillis at);

}  // namespace parley::meeting
