#pragma once

#include <optional>

#include "meeting/chat_desk.h"
#include "meeting/entrance.h"
#include "meeting/office_desk.h"
#include "meeting/privileges.h"
#include "meeting/question_desk.h"
#include "meeting/state.h"
#include "meeting/todo_desk.h"

namespace parley::meeting {

// Takes the commands that need the store through it, one at a time in each room.
class Clerk {
 public:
  Clerk(State& state, Privileges& privileges, Entrance& entrance)
      : state_(state),
        chat_(state),
        todo_(state),
        questions_(state),
        office_(state, privileges, entrance) {}

  // None: it will be answered.
  std::optional<Refusal> submit(Time now, Seat from, const Request& request, StoredCommand command);
  // The reply that the first command of the room waited for.
  void handle_reply(Time now, Room& room, std::uint64_t ticket, StoreReply reply);

 private:
  Step begin(Time now, Room& room, Ledger::Entry& entry);
  Step go_on(Time now, Room& room, Ledger::Entry& entry, StoreReply& reply);
  // Answers those who want to read just what the first has read.
  void share(Time now, Room& room, StoreReply& reply);
  // False: it is done, and the next may begin.
  bool waits(Room& room, Step step);
  void work(Time now, Room& room);

  template <class Command>
  auto& desk_for();

  State& state_;
  ChatDesk chat_;
  TodoDesk todo_;
  QuestionDesk questions_;
  OfficeDesk office_;
};

}  // namespace parley::meeting
