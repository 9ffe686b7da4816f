#include "meeting/chat_desk.h"

#include <algorithm>
#include <ranges>
#include <utility>

#include "meeting/chat.h"

namespace parley::meeting {
namespace {

store::MessageId id_of(std::int64_t number) {
  return {static_cast<std::uint64_t>(number)};
}

Step forward(std::optional<Refusal> refusal, StoreRequest request) {
  if (refusal) return Reply(*std::move(refusal));
  return request;
}

constexpr std::int64_t kDefaultPage = 50;
// So many messages between two others may be there that a reader may not see, and what everyone
// reads is enough for them.
constexpr std::size_t kUnseen = 50;

std::size_t page_of(const ReadChat& read) {
  return static_cast<std::size_t>(read.limit.value_or(kDefaultPage));
}

}  // namespace

// ---- New messages

Step ChatDesk::begin(Time now, Room& room, const Ledger::Entry& entry, const SendChat& chat) {
  const bool to_nobody = chat.to && (*chat.to == entry.who.sid || room.find(*chat.to) == nullptr);
  if (to_nobody) return Reply(Refusal::of(Code::kNoSuchParticipant, "to"));
  if (chat.reply_to) return StoreRequest(FindMessage{id_of(*chat.reply_to)});
  return compose(now, room, entry, chat);
}

Step ChatDesk::compose(Time now, Room& room, const Ledger::Entry& entry,
                       const SendChat& chat) const {
  store::ChatMessage message{
      .key = chat.key, .author = entry.who, .text = chat.text, .at = state_.unix_millis(now)};
  if (chat.reply_to) message.reply_to = id_of(*chat.reply_to);
  if (chat.to) {
    const Participant* const to = room.find(*chat.to);
    if (to == nullptr) return Reply(Refusal::of(Code::kNoSuchParticipant, "to"));
    message.to = to->person();
  }
  return StoreRequest(AddMessage{std::move(message)});
}

Step ChatDesk::go_on(Time now, Room& room, const Ledger::Entry& entry, const SendChat& chat,
                     StoreResult& result) {
  if (const auto* const answered = std::get_if<std::optional<store::ChatMessage>>(&result)) {
    auto refusal = refusal_to_answer(*answered, entry.who);
    if (!refusal) return compose(now, room, entry, chat);
    refusal->field = "replyTo";
    return Reply(*std::move(refusal));
  }
  const auto& added = std::get<store::Chat::Added>(result);
  const ChatView view = view_of(added.message);
  if (added.fresh) {
    ++state_.counters.messages;
    state_.tell(audience(room, added.message, entry.who.sid), ChatPosted{view});
  } else {
    ++state_.counters.repeated_messages;
  }
  return Reply(MessageReply{view});
}

// ---- Changes

Step ChatDesk::begin(Time, Room&, const Ledger::Entry&, const EditChat& edit) {
  return StoreRequest(FindMessage{id_of(edit.id)});
}

Step ChatDesk::begin(Time, Room&, const Ledger::Entry&, const DeleteChat& remove) {
  return StoreRequest(FindMessage{id_of(remove.id)});
}

Step ChatDesk::go_on(Time now, Room& room, const Ledger::Entry& entry, const EditChat& edit,
                     StoreResult& result) {
  if (const auto* const found = std::get_if<std::optional<store::ChatMessage>>(&result)) {
    return forward(refusal_to_edit(*found, entry.who),
                   EditMessage{id_of(edit.id), edit.text, state_.unix_millis(now)});
  }
  ++state_.counters.edits;
  return changed(room, entry, std::get<store::ChatMessage>(result));
}

Step ChatDesk::go_on(Time, Room& room, const Ledger::Entry& entry, const DeleteChat& remove,
                     StoreResult& result) {
  if (const auto* const found = std::get_if<std::optional<store::ChatMessage>>(&result)) {
    return forward(refusal_to_delete(*found, entry.who, entry.host),
                   RemoveMessage{id_of(remove.id)});
  }
  ++state_.counters.deletions;
  return changed(room, entry, std::get<store::ChatMessage>(result));
}

Step ChatDesk::changed(Room& room, const Ledger::Entry& entry, const store::ChatMessage& message) {
  const ChatView view = view_of(message);
  state_.tell(audience(room, message, entry.who.sid), ChatChanged{view});
  return Reply(MessageReply{view});
}

std::vector<ConnectionId> ChatDesk::audience(const Room& room, const store::ChatMessage& message,
                                             std::string_view without) const {
  std::vector<ConnectionId> audience;
  for (const Participant& who : room.participants()) {
    if (who.sid != without && who.connection && may_see(message, who.person())) {
      audience.push_back(who.connection);
    }
  }
  return audience;
}

// ---- History

// One more than a page tells whether there are more. Where the messages of everyone are too few for
// a page of theirs, who reads is given their own.
Step ChatDesk::begin(Time, Room&, const Ledger::Entry& entry, const ReadChat& read) const {
  FindMessages find{.before = id_of(read.before.value_or(0)), .limit = page_of(read) + 1};
  if (entry.alone) {
    find.reader = entry.who;
  } else {
    find.limit += kUnseen;
  }
  return StoreRequest(std::move(find));
}

Step ChatDesk::go_on(Time now, Room& room, Ledger::Entry& entry, const ReadChat& read,
                     const StoreResult& result) const {
  const auto& found = std::get<std::vector<store::ChatMessage>>(result);
  const std::size_t page = page_of(read);
  HistoryReply reply;
  for (const store::ChatMessage& message : found | std::views::reverse) {
    if (!may_see(message, entry.who)) continue;
    reply.more = reply.messages.size() == page;
    if (reply.more) break;
    reply.messages.push_back(view_of(message));
  }
  if (!entry.alone && !reply.more && found.size() > page + kUnseen) {
    entry.alone = true;
    return begin(now, room, entry, read);
  }
  std::ranges::reverse(reply.messages);
  return Reply(std::move(reply));
}

}  // namespace parley::meeting
