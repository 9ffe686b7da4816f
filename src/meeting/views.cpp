#include "meeting/messages_chat.h"
#include "meeting/messages_media.h"
#include "meeting/messages_questions.h"
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

QuestionView view_of(const store::Question& question, bool voted) {
  return {.id = static_cast<std::int64_t>(question.id.value),
          .key = question.key,
          .sid = question.author.sid,
          .name = question.author.name,
          .text = question.text,
          .state = question.state,
          .votes = static_cast<std::int64_t>(question.votes),
          .voted = voted,
          .at = as_number(question.at)};
}

SlotView view_of(SlotsChanged::Slot slot) {
  if (slot.one_stream) return {.mid = std::move(slot.mid), .one_stream = true};
  if (slot.sid.empty()) return {.mid = std::move(slot.mid)};
  return {.mid = std::move(slot.mid), .sid = std::move(slot.sid), .source = slot.source};
}

QualityView view_of(TileQuality quality) {
  QualityView view{.mid = std::move(quality.mid),
                   .width = quality.width,
                   .height = quality.height,
                   .fps = quality.fps,
                   .bitrate = quality.bitrate,
                   .limit = quality.limit,
                   .paused = quality.paused};
  if (quality.one_stream) {
    view.one_stream = true;
  } else {
    view.sid = std::move(quality.sid);
    view.source = quality.source;
  }
  return view;
}

}  // namespace parley::meeting
