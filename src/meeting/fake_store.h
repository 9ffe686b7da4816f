#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/overloaded.h"
#include "meeting/chat.h"
#include "meeting/questions.h"
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
    std::map<store::QuestionId, store::Question> questions = {};
    std::map<store::QuestionId, std::set<std::string>> votes = {};
    std::uint64_t last_question = 0;
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
  std::size_t max_questions = 500;
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
      if (older && (!find.reader || may_see(message, *find.reader))) found.push_back(message);
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

  StoreReply on(const std::string& name, const AddQuestion& add) {
    Kept& kept = at(name);
    for (const auto& [id, question] : kept.questions) {
      if (question.key == add.question.key && is_same(question.author, add.question.author)) {
        return store::Questions::Added{.question = question,
                                       .voted = has_voted(kept, id, add.question.author)};
      }
    }
    store::Questions::Added added{.question = add.question, .fresh = true};
    if (kept.questions.size() >= max_questions) {
      const auto oldest = std::ranges::find_if(kept.questions, [](const auto& each) {
        return each.second.state > store::QuestionState::kOpen;
      });
      if (oldest == kept.questions.end()) return std::unexpected(store::Error::kFull);
      added.forgotten = oldest->first;
      kept.questions.erase(oldest);
    }
    added.question.id = store::QuestionId{++kept.last_question};
    kept.questions[added.question.id] = added.question;
    return added;
  }
  StoreReply on(const std::string& name, const FindQuestion& find) {
    const Kept& kept = at(name);
    const auto it = kept.questions.find(find.id);
    return it == kept.questions.end() ? std::optional<store::Question>() : it->second;
  }
  StoreReply on(const std::string& name, const FindQuestions& find) {
    std::vector<store::Questions::Seen> found;
    const Kept& kept = at(name);
    for (const auto& [id, question] : kept.questions) {
      if (id <= find.after || found.size() == find.limit) continue;
      if (!may_see(question, find.reader, find.all)) continue;
      found.push_back({.question = question, .voted = has_voted(kept, id, find.reader)});
    }
    return found;
  }
  StoreReply on(const std::string& name, const MoveQuestion& move) {
    Kept& kept = at(name);
    const auto it = kept.questions.find(move.id);
    if (it == kept.questions.end()) return std::unexpected(store::Error::kNotFound);
    store::Questions::Moved moved{.before = std::exchange(it->second.state, move.state)};
    moved.question = it->second;
    const auto& voters = kept.votes[move.id];
    moved.voters.assign(voters.begin(), voters.end());
    return moved;
  }
  StoreReply on(const std::string& name, const RemoveQuestion& remove) {
    auto removed = at(name).questions.extract(remove.id);
    if (removed.empty()) return std::unexpected(store::Error::kNotFound);
    return std::move(removed.mapped());
  }
  StoreReply on(const std::string& name, const CountVotes& count) {
    Kept& kept = at(name);
    store::Questions::Counted counted;
    std::map<store::QuestionId, std::uint64_t> before;
    for (const store::Ballot& ballot : count.ballots) {
      const auto it = kept.questions.find(ballot.question);
      const bool there = it != kept.questions.end();
      if (there) before.try_emplace(ballot.question, it->second.votes);
      const bool open = there && it->second.state == store::QuestionState::kOpen;
      counted.voted.push_back(open && ballot.on);
      if (!open) continue;
      auto& voters = kept.votes[ballot.question];
      if (ballot.on) voters.insert(ballot.voter);
      if (!ballot.on) voters.erase(ballot.voter);
      it->second.votes = voters.size();
    }
    for (const auto& [id, votes] : before) {
      counted.questions.push_back(kept.questions.at(id));
      if (kept.questions.at(id).votes != votes) counted.changed.push_back(id);
    }
    return counted;
  }

  static bool has_voted(const Kept& kept, store::QuestionId id, const store::Person& who) {
    const auto it = kept.votes.find(id);
    return it != kept.votes.end() && it->second.contains(voter_of(who));
  }

  std::uint64_t last_room_ = 0;
};

}  // namespace parley::meeting
