#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "meeting/participant.h"
#include "meeting/request.h"
#include "meeting/store_requests.h"

namespace parley::meeting {

// What needs the store.
using StoredCommand =
    std::variant<ChangeSettings, ChangeRole, SendChat, EditChat, DeleteChat, ReadChat, ReadTodos,
                 ChangeTodos, AskQuestion, JudgeQuestion, DeleteQuestion, ReadQuestions>;

// What the members of one room want of the store, done one after the other: so each sees what the
// one before left, and all are told in the same order. Those who want to read the same, with no
// change between them, are answered from one read: a thousand who come back at one moment, as after
// a restart, all read the chat and the to-do list.
class Ledger {
 public:
  static constexpr std::size_t kMaxChanges = 256;  // A busy room's in one commit.
  static constexpr std::size_t kMaxReads = 4'096;  // Chat, list and questions, of a full room.
  static constexpr std::size_t kMaxOfOne = 32;     // So nobody fills it for the others.
  // Of one read: more answers at once would keep the thread for too long.
  static constexpr std::size_t kMaxReaders = 64;

  struct Entry {
    Request request = {};
    store::Person who = {};
    bool host = false;
    StoredCommand command = {};
    std::vector<store::TodoItem> items = {};  // What a change of the to-do list puts there.
    bool alone = false;                       // A read that brings them what it brings no other.
  };

  // False: there is no room for it.
  bool add(Entry entry);

  // The first, if it is not under way yet.
  Entry* next() { return ticket_ == 0 && !entries_.empty() ? &entries_.front() : nullptr; }

  // The first is now waiting for the store's reply to `ticket`.
  void wait_for(std::uint64_t ticket) { ticket_ = ticket; }
  // The first, if it waited for that.
  Entry* resume(std::uint64_t ticket);
  // The first is done, or will not be.
  Entry take();

  // Those who want to read what the first reads, and no change comes before they do.
  std::list<Entry> take_alike();
  // Who was taken so, and needs a read of their own after all: the next.
  void put_back(Entry entry);

  bool empty() const { return entries_.empty(); }

 private:
  using Entries = std::list<Entry>;

  void count(const Entry& entry);
  void forget(const Entry& entry);

  Entries entries_;
  std::uint64_t ticket_ = 0;  // What the first waits for; 0 if it does not.
  std::size_t changes_ = 0;   // Among the entries.
  std::unordered_map<std::string, std::size_t> of_one_;  // Entries, by sid; no zeros.
};

}  // namespace parley::meeting
