#include "meeting/messages_chat.h"
#include "meeting/messages_todo.h"

namespace parley::meeting {
namespace {

// An id of 0 is none.
template <class Id>
Nullable<std::int64_t> number_or_null(Id id) {
  if (!id) return {};
  return {static_cast<std::int64_t>(id.value)};
}

}  // namespace

ChatView view_of(const store::ChatMessage& message) {
  ChatView view{.id = static_cast<std::int64_t>(message.id.value),
                .key = message.key,
                .sid = message.author.sid,
                .name = message.author.name,
                .account = number_or_null(message.author.account),
                .text = message.text,
                .reply_to = number_or_null(message.reply_to),
                .at = as_number(message.at),
                .deleted = message.deleted};
  if (message.to) view.to = {Addressee{.sid = message.to->sid, .name = message.to->name}};
  if (message.edited) view.edited = {as_number(*message.edited)};
  return view;
}

TodoView view_of(const store::TodoItem& item) {
  return {.id = item.id,
          .text = item.text,
          .done = item.done,
          .assignee = {item.assignee},
          .position = item.position,
          .by = item.by,
          .at = as_number(item.at),
          .removed = item.removed};
}

}  // namespace parley::meeting
