#include "meeting/clerk.h"

#include <utility>

#include "meeting/rights.h"

namespace parley::meeting {
namespace {

template <class... T>
bool is_any_of(const StoredCommand& command) {
  return (std::holds_alternative<T>(command) || ...);
}

// What the store's failure means to who asked for this.
Refusal refusal_of_error(store::Error error, const StoredCommand& command) {
  using enum store::Error;
  const bool of_a_list = is_any_of<ChangeTodos, AskQuestion>(command);
  const bool of_a_message = is_any_of<EditChat, DeleteChat>(command);
  const bool of_a_question = is_any_of<JudgeQuestion, DeleteQuestion>(command);
  if (error == kFull && of_a_list) return Refusal::of(Code::kListFull);
  if (error == kTooMany) return Refusal::of(Code::kTooManyRequests);
  if (error == kNotFound && of_a_message) return Refusal::of(Code::kNoSuchMessage);
  if (error == kNotFound && of_a_question) return Refusal::of(Code::kNoSuchQuestion);
  return Refusal::of(Code::kUnavailable);
}

}  // namespace

template <class Command>
auto& Clerk::desk_for() {
  if constexpr (std::same_as<Command, ChangeSettings> || std::same_as<Command, ChangeRole>) {
    return office_;
  } else if constexpr (std::same_as<Command, ReadTodos> || std::same_as<Command, ChangeTodos>) {
    return todo_;
  } else if constexpr (requires(QuestionDesk desk, Time now, Room & room, Ledger::Entry entry,
                                Command command) { desk.begin(now, room, entry, command); }) {
    return questions_;
  } else {
    return chat_;
  }
}

std::optional<Refusal> Clerk::submit(Time now, Seat from, const Request& request,
                                     StoredCommand command) {
  const bool taken = from.room->ledger.add(
      {.request = request, .who = from.participant->person(), .command = std::move(command)});
  if (!taken) return Refusal::of(Code::kTooManyRequests);
  work(now, *from.room);
  return std::nullopt;
}

void Clerk::handle_reply(Time now, Room& room, std::uint64_t ticket, StoreReply reply) {
  Ledger::Entry* const entry = room.ledger.resume(ticket);
  if (entry == nullptr) return;
  share(now, room, reply);
  if (!waits(room, go_on(now, room, *entry, reply))) work(now, room);
}

void Clerk::share(Time now, Room& room, StoreReply& reply) {
  for (Ledger::Entry& entry : room.ledger.take_alike()) {
    Step step = begin(now, room, entry);
    if (std::holds_alternative<StoreRequest>(step)) step = go_on(now, room, entry, reply);
    if (auto* const answer = std::get_if<Reply>(&step)) {
      ++state_.counters.shared_reads;
      state_.reply(entry.request, std::move(*answer));
    } else {
      room.ledger.put_back(std::move(entry));
    }
  }
}

void Clerk::work(Time now, Room& room) {
  while (Ledger::Entry* const entry = room.ledger.next()) {
    if (waits(room, begin(now, room, *entry))) return;
  }
}

bool Clerk::waits(Room& room, Step step) {
  if (auto* const request = std::get_if<StoreRequest>(&step)) {
    room.ledger.wait_for(state_.ask_store(room.name(), std::move(*request)));
    return true;
  }
  state_.reply(room.ledger.take().request, std::get<Reply>(std::move(step)));
  return false;
}

Step Clerk::begin(Time now, Room& room, Ledger::Entry& entry) {
  // Meanwhile they may have left, or lost the right to it.
  const Participant* const who = room.find(entry.who.sid);
  if (who == nullptr) return Reply(Refusal::of(Code::kNotJoined));
  if (auto refusal = refusal_of(*who, entry.command)) {
    return Reply(*std::move(refusal));
  }
  entry.who = who->person();
  entry.host = is_host(who->role);
  return std::visit(
      [&]<class T>(const T& command) { return desk_for<T>().begin(now, room, entry, command); },
      entry.command);
}

Step Clerk::go_on(Time now, Room& room, Ledger::Entry& entry, StoreReply& reply) {
  if (!reply) return Reply(refusal_of_error(reply.error(), entry.command));
  return std::visit(
      [&]<class T>(const T& command) {
        return desk_for<T>().go_on(now, room, entry, command, *reply);
      },
      entry.command);
}

}  // namespace parley::meeting
