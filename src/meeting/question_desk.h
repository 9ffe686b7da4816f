#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "meeting/state.h"
#include "meeting/step.h"

namespace parley::meeting {

// The room's questions, but for the votes on them: those are VoteCounter's. Nobody is told of one
// before it is stored.
class QuestionDesk {
 public:
  explicit QuestionDesk(State& state) : state_(state) {}

  Step begin(Time now, Room& room, const Ledger::Entry& entry, const AskQuestion& ask);
  Step begin(Time now, Room& room, const Ledger::Entry& entry, const JudgeQuestion& judge);
  Step begin(Time now, Room& room, const Ledger::Entry& entry, const DeleteQuestion& remove);
  Step begin(Time now, Room& room, const Ledger::Entry& entry, const ReadQuestions& read);

  Step go_on(Time now, Room& room, const Ledger::Entry& entry, const AskQuestion& ask,
             StoreResult& result);
  Step go_on(Time now, Room& room, const Ledger::Entry& entry, const JudgeQuestion& judge,
             StoreResult& result);
  Step go_on(Time now, Room& room, const Ledger::Entry& entry, const DeleteQuestion& remove,
             StoreResult& result);
  Step go_on(Time now, Room& room, const Ledger::Entry& entry, const ReadQuestions& read,
             StoreResult& result);

 private:
  // All who may see it as it is now hear so, and those who could `before` that it is gone, but for
  // who did it.
  void tell(Room& room, const store::Questions::Moved& moved, std::string_view without);
  void tell_gone(Room& room, std::vector<ConnectionId> to, store::QuestionId id);

  State& state_;
};

}  // namespace parley::meeting
