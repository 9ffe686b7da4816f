#include "server/meeting_storage.h"

#include <utility>

#include "io/clock.h"

namespace parley::server {
namespace {

using namespace meeting;
using store::Error;
using store::Result;
using store::Store;

// What a repository said, as the meeting hears it.
template <class T>
StoreReply reply(Result<T> result) {
  if (!result) return std::unexpected(result.error());
  if constexpr (std::is_void_v<T>) {
    return StoreResult(std::monostate());
  } else {
    return StoreResult(*std::move(result));
  }
}

// ---- What only reads: a room that is not there holds nothing.

StoreReply read(Store& store, const std::string& name, const LoadRoom&) {
  auto room = store.rooms().find(name);
  if (!room) return std::unexpected(room.error());
  if (!*room) return RoomRecord{};
  auto members = store.memberships().list((*room)->id);
  if (!members) return std::unexpected(members.error());
  return RoomRecord{.room = *std::move(room), .members = *std::move(members)};
}

StoreReply read(Store& store, store::RoomId room, const FindMessage& find) {
  return reply(store.chat().find(room, find.id));
}

StoreReply read(Store& store, store::RoomId room, const FindMessages& find) {
  return reply(store.chat().history(room, find.reader, find.before, find.limit));
}

StoreReply read(Store& store, store::RoomId room, const FindItems& find) {
  std::vector<store::TodoItem> items;
  for (const std::string& id : find.ids) {
    auto item = store.todos().find(room, id);
    if (!item) return std::unexpected(item.error());
    if (*item) items.push_back(**std::move(item));
  }
  return items;
}

StoreReply read(Store& store, store::RoomId room, const ListItems&) {
  return reply(store.todos().list(room));
}

StoreReply read(Store& store, store::RoomId room, const FindQuestion& find) {
  return reply(store.questions().find(room, find.id));
}

StoreReply read(Store& store, store::RoomId room, const FindQuestions& find) {
  return reply(store.questions().list(room, find.reader, find.all, find.after, find.limit));
}

// A vote on what is not there makes no room.
StoreReply read(Store& store, store::RoomId room, const CountVotes& count) {
  return reply(store.questions().vote(room, count.ballots));
}

StoreReply read(Store& store, store::RoomId room, const TouchRoom& touch) {
  return reply(store.rooms().set_last_used(room, touch.at));
}

StoreResult nothing(const FindMessage&) {
  return std::optional<store::ChatMessage>();
}
StoreResult nothing(const FindMessages&) {
  return std::vector<store::ChatMessage>();
}
StoreResult nothing(const FindItems&) {
  return std::vector<store::TodoItem>();
}
StoreResult nothing(const ListItems&) {
  return std::vector<store::TodoItem>();
}
StoreResult nothing(const FindQuestion&) {
  return std::optional<store::Question>();
}
StoreResult nothing(const FindQuestions&) {
  return std::vector<store::Questions::Seen>();
}
StoreResult nothing(const CountVotes& count) {
  return store::Questions::Counted{.voted = std::vector<bool>(count.ballots.size())};
}
StoreResult nothing(const TouchRoom&) {
  return std::monostate();
}

// ---- What writes.

StoreReply write(Store& store, store::RoomId room, const SaveSettings& save) {
  return reply(store.rooms().set_settings(room, save.settings));
}

StoreReply write(Store& store, store::RoomId room, const SaveMember& save) {
  store::Membership member = save.member;
  member.room = room;
  return reply(store.memberships().put(member));
}

StoreReply write(Store& store, store::RoomId room, const SaveOwner& save) {
  if (auto left = store.memberships().remove(room, save.owner);
      !left && left.error() != Error::kNotFound) {
    return std::unexpected(left.error());
  }
  if (auto owned = store.rooms().set_owner(room, save.owner); !owned) {
    return std::unexpected(owned.error());
  }
  return reply(store.memberships().put({.room = room, .user = save.before, .role = Role::kCohost}));
}

StoreReply write(Store& store, store::RoomId room, const AddMessage& add) {
  return reply(store.chat().add(room, add.message));
}

StoreReply write(Store& store, store::RoomId room, const EditMessage& edit) {
  return reply(store.chat().edit(room, edit.id, edit.text, edit.at));
}

StoreReply write(Store& store, store::RoomId room, const RemoveMessage& remove) {
  return reply(store.chat().remove(room, remove.id));
}

StoreReply write(Store& store, store::RoomId room, const AddQuestion& add) {
  return reply(store.questions().add(room, add.question));
}

StoreReply write(Store& store, store::RoomId room, const MoveQuestion& move) {
  return reply(store.questions().set_state(room, move.id, move.state));
}

StoreReply write(Store& store, store::RoomId room, const RemoveQuestion& remove) {
  return reply(store.questions().remove(room, remove.id));
}

StoreReply write(Store& store, store::RoomId room, const PutItems& put) {
  for (const store::TodoItem& item : put.items) {
    if (auto kept = store.todos().put(room, item); !kept) return std::unexpected(kept.error());
  }
  return std::monostate();
}

template <class Request>
StoreReply carry_out(Store& store, const std::string& name, const Request& request,
                     UnixMillis now) {
  if constexpr (requires { read(store, name, request); }) {
    return read(store, name, request);
  } else if constexpr (requires { nothing(request); }) {
    const auto room = store.rooms().find(name);
    if (!room) return std::unexpected(room.error());
    return *room ? read(store, (*room)->id, request) : StoreReply(nothing(request));
  } else {
    const auto room = store.rooms().find_or_add(name, now);
    if (!room) return std::unexpected(room.error());
    return write(store, room->id, request);
  }
}

}  // namespace

StoreReply carry_out(Store& store, const std::string& room, const StoreRequest& request,
                     UnixMillis now) {
  return std::visit([&](const auto& what) { return carry_out(store, room, what, now); }, request);
}

void MeetingStorage::ask(ToStore request) {
  const std::uint64_t ticket = request.ticket;
  if (storage_ == nullptr) {
    const bool loads = std::holds_alternative<LoadRoom>(request.request);
    return on_reply_(ticket,
                     loads ? StoreReply(RoomRecord{}) : std::unexpected(Error::kUnavailable));
  }
  const auto now = std::chrono::floor<std::chrono::milliseconds>(io::wall_now());
  storage_->run([room = std::move(request.room), what = std::move(request.request),
                 now](Store& store) { return server::carry_out(store, room, what, now); },
                [this, ticket](StoreReply reply) { on_reply_(ticket, std::move(reply)); });
}

}  // namespace parley::server
