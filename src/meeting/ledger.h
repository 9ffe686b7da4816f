#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
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
// one before left, and all are told in the same order.
class Ledger {
 public:
  static constexpr std::size_t kMax = 256;      // A busy room's in one commit.
  static constexpr std::size_t kMaxOfOne = 32;  // So nobody fills it for the others.

  struct Entry {
    Request request = {};
    store::Person who = {};
    bool host = false;
    StoredCommand command = {};
    std::vector<store::TodoItem> items = {};  // What a change of the to-do list puts there.
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

  bool empty() const { return entries_.empty(); }

 private:
  std::deque<Entry> entries_;
  std::uint64_t ticket_ = 0;  // What the first waits for; 0 if it does not.
};

}  // namespace parley::meeting
