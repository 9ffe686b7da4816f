#pragma once

#include <string_view>
#include <vector>

#include "meeting/state.h"
#include "meeting/step.h"

namespace parley::meeting {

// The chat. Nobody is told of a message before it is stored.
class ChatDesk {
 public:
  explicit ChatDesk(State& state) : state_(state) {}

  Step begin(Time now, Room& room, const Ledger::Entry& entry, const SendChat& chat);
  Step begin(Time now, Room& room, const Ledger::Entry& entry, const EditChat& edit);
  Step begin(Time now, Room& room, const Ledger::Entry& entry, const DeleteChat& remove);
  Step begin(Time now, Room& room, const Ledger::Entry& entry, const ReadChat& read) const;

  Step go_on(Time now, Room& room, const Ledger::Entry& entry, const SendChat& chat,
             StoreResult& result);
  Step go_on(Time now, Room& room, const Ledger::Entry& entry, const EditChat& edit,
             StoreResult& result);
  Step go_on(Time now, Room& room, const Ledger::Entry& entry, const DeleteChat& remove,
             StoreResult& result);
  Step go_on(Time now, Room& room, Ledger::Entry& entry, const ReadChat& read,
             const StoreResult& result) const;

 private:
  Step compose(Time now, Room& room, const Ledger::Entry& entry, const SendChat& chat) const;
  Step changed(Room& room, const Ledger::Entry& entry, const store::ChatMessage& message);
  // All who may see it, but for who did it.
  std::vector<ConnectionId> audience(const Room& room, const store::ChatMessage& message,
                                     std::string_view without) const;

  State& state_;
};

}  // namespace parley::meeting
