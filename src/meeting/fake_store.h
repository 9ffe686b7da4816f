#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/overloaded.h"
#include "meeting/chat.h"
#include "meeting/store_requests.h"

namespace parley::meeting {

// For tests: what the meeting keeps, in memory.
class FakeStore {
 public:
  struct Kept {
    store::Room room = {};
    std::map<store::UserId, store::Role> members = {};
    std::vector<store::ChatMessage> messages = {};
    std::map<std::string, store::TodoItem> items = {};
  };

  StoreReply perform(const std::string& room, const StoreRequest& request) {
    ++performed;
    if (failing) return std::unexpected(store::Error::kUnavailable);
    return std::visit([&](const auto& what) { return on(room, what); }, request);
  }

  // The room, made if it is not there.
  Kept& at(const std::string& name) {
    const auto [it, made] = rooms.try_emplace(name);
    if (made) {
      it->second.room.id = store::RoomId{++last_room_};
      it->second.room.name = name;
    }
    return it->second;
  }

  std::map<std::string, Kept> rooms = {};
  std::size_t performed = 0;
  std::size_t max_items = 1'000;
  bool failing = false;

 private:
  StoreReply on(const std::string& name, const LoadRoom&) {
    const auto it = rooms.find(name);
    if (it == rooms.end()) return RoomRecord{};
    RoomRecord record{.room = it->second.room};
    for (const auto& [user, role] : it->second.members) {
      record.members.push_back({it->second.room.id, user, role});
    }
    return record;
  }
  StoreReply on(const std::string& name, const TouchRoom& touch) {
    const auto it = rooms.find(name);
    if (it != rooms.end()) it->second.room.last_used = touch.at;
    return std::monostate();
  }
  StoreReply on(const std::string& name, const SaveSettings& save) {
    at(name).room.settings = save.settings;
    return std::monostate();
  }
  StoreReply on(const std::string& name, const SaveMember& save) {
    at(name).members[save.member.user] = save.member.role;
    return std::monostate();
  }
  StoreReply on(const std::string& name, const SaveOwner& save) {
    Kept& kept = at(name);
    kept.room.owner = save.owner;
    kept.members.erase(save.owner);
    kept.members[save.before] = store::Role::kCohost;
    return std::monostate();
  }
  StoreReply on(const std::string& name, const AddMessage& add) {
    Kept& kept = at(name);
    for (const store::ChatMessage& message : kept.messages) {
      if (message.key == add.message.key && is_same(message.author, add.message.author)) {
        return store::Chat::Added{message, false};
      }
    }
    kept.messages.push_back(add.message);
    kept.messages.back().id = {kept.messages.size()};
    return store::Chat::Added{kept.messages.back(), true};
  }
  StoreReply on(const std::string& name, const FindMessage& find) {
    Kept& kept = at(name);
    const auto it = std::ranges::find(kept.messages, find.id, &store::ChatMessage::id);
    return it == kept.messages.end() ? std::optional<store::ChatMessage>() : std::optional(*it);
  }
  StoreReply on(const std::string& name, const EditMessage& edit) {
    store::ChatMessage& message = at(name).messages.at(edit.id.value - 1);
    message.text = edit.text;
    message.edited = edit.at;
    return message;
  }
  StoreReply on(const std::string& name, const RemoveMessage& remove) {
    store::ChatMessage& message = at(name).messages.at(remove.id.value - 1);
    message.text.clear();
    message.deleted = true;
    return message;
  }
  StoreReply on(const std::string& name, const FindMessages& find) {
    std::vector<store::ChatMessage> found;
    for (const store::ChatMessage& message : at(name).messages) {
      const bool older = !find.before || message.id < find.before;
      if (older && may_see(message, find.reader)) found.push_back(message);
    }
    if (found.size() > find.limit) {
      found.erase(found.begin(), found.end() - static_cast<std::ptrdiff_t>(find.limit));
    }
    return found;
  }
  StoreReply on(const std::string& name, const FindItems& find) {
    std::vector<store::TodoItem> found;
    for (const std::string& id : find.ids) {
      const auto it = at(name).items.find(id);
      if (it != at(name).items.end()) found.push_back(it->second);
    }
    return found;
  }
  StoreReply on(const std::string& name, const ListItems&) {
    std::vector<store::TodoItem> found;
    for (const auto& [id, item] : at(name).items) {
      if (!item.removed) found.push_back(item);
    }
    std::ranges::sort(
        found, {}, [](const store::TodoItem& item) { return std::pair(item.position, item.id); });
    return found;
  }
  StoreReply on(const std::string& name, const PutItems& put) {
    auto items = at(name).items;
    for (const store::TodoItem& item : put.items) items[item.id] = item;
    if (items.size() > max_items) return std::unexpected(store::Error::kFull);
    at(name).items = std::move(items);
    return std::monostate();
  }

  std::uint64_t last_room_ = 0;
};

}  // namespace parley::meeting
