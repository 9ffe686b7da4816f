#include "meeting/question_desk.h"

#include <algorithm>
#include <utility>

#include "meeting/questions.h"
#include "meeting/rights.h"

namespace parley::meeting {
namespace {

using Moved = store::Questions::Moved;

store::QuestionId id_of(std::int64_t number) {
  return {static_cast<std::uint64_t>(number)};
}

std::int64_t number_of(store::QuestionId id) {
  return static_cast<std::int64_t>(id.value);
}

QuestionState state_of(QuestionVerdict verdict) {
  switch (verdict) {
    case QuestionVerdict::kOpen: return QuestionState::kOpen;
    case QuestionVerdict::kAnswered: return QuestionState::kAnswered;
    case QuestionVerdict::kDismissed: return QuestionState::kDismissed;
  }
  std::unreachable();
}

constexpr std::int64_t kDefaultPage = 50;

std::size_t page_of(const ReadQuestions& read) {
  return static_cast<std::size_t>(read.limit.value_or(kDefaultPage));
}

bool voted(const Moved& moved, const store::Person& who) {
  return std::ranges::binary_search(moved.voters, voter_of(who));
}

}  // namespace

// ---- New questions

Step QuestionDesk::begin(Time now, Room&, const Ledger::Entry& entry, const AskQuestion& ask) {
  return StoreRequest(
      AddQuestion{{.key = ask.key,
                   .author = entry.who,
                   .text = ask.text,
                   .state = entry.host ? QuestionState::kOpen : QuestionState::kWaiting,
                   .at = state_.unix_millis(now)}});
}

Step QuestionDesk::go_on(Time, Room& room, const Ledger::Entry& entry, const AskQuestion&,
                         StoreResult& result) {
  const auto& added = std::get<store::Questions::Added>(result);
  if (added.forgotten) {
    ++state_.counters.questions_forgotten;
    tell_gone(room, room.connections(), *added.forgotten);
  }
  if (added.fresh) {
    ++state_.counters.questions;
    tell(room, {.question = added.question, .before = added.question.state}, entry.who.sid);
  } else {
    ++state_.counters.repeated_questions;
  }
  return Reply(QuestionReply{view_of(added.question, added.voted)});
}

// ---- Changes

Step QuestionDesk::begin(Time, Room&, const Ledger::Entry&, const JudgeQuestion& judge) {
  return StoreRequest(MoveQuestion{id_of(judge.id), state_of(judge.state)});
}

Step QuestionDesk::go_on(Time, Room& room, const Ledger::Entry& entry, const JudgeQuestion&,
                         StoreResult& result) {
  const auto& moved = std::get<Moved>(result);
  if (moved.before != moved.question.state) {
    ++state_.counters.questions_judged;
    tell(room, moved, entry.who.sid);
  }
  return Reply(QuestionReply{view_of(moved.question, voted(moved, entry.who))});
}

Step QuestionDesk::begin(Time, Room&, const Ledger::Entry&, const DeleteQuestion& remove) {
  return StoreRequest(FindQuestion{id_of(remove.id)});
}

Step QuestionDesk::go_on(Time, Room& room, const Ledger::Entry& entry, const DeleteQuestion& remove,
                         StoreResult& result) {
  if (const auto* const found = std::get_if<std::optional<store::Question>>(&result)) {
    if (auto refusal = refusal_to_delete(*found, entry.who, entry.host)) {
      return Reply(*std::move(refusal));
    }
    return StoreRequest(RemoveQuestion{id_of(remove.id)});
  }
  const auto& removed = std::get<store::Question>(result);
  ++state_.counters.questions_deleted;
  std::vector<ConnectionId> to;
  for (const Participant& who : room.participants()) {
    const bool saw = may_see(removed, who.person(), is_host(who.role));
    if (saw && who.connection && who.sid != entry.who.sid) to.push_back(who.connection);
  }
  tell_gone(room, std::move(to), removed.id);
  return Reply(Done{});
}

void QuestionDesk::tell(Room& room, const Moved& moved, std::string_view without) {
  store::Question before = moved.question;
  before.state = moved.before;
  std::vector<ConnectionId> voters;
  std::vector<ConnectionId> others;
  std::vector<ConnectionId> gone;
  for (const Participant& who : room.participants()) {
    if (who.sid == without || !who.connection) continue;
    const store::Person person = who.person();
    const bool host = is_host(who.role);
    if (may_see(moved.question, person, host)) {
      (voted(moved, person) ? voters : others).push_back(who.connection);
    } else if (may_see(before, person, host)) {
      gone.push_back(who.connection);
    }
  }
  state_.tell(std::move(voters), QuestionChanged{view_of(moved.question, true)});
  state_.tell(std::move(others), QuestionChanged{view_of(moved.question, false)});
  if (!gone.empty()) tell_gone(room, std::move(gone), moved.question.id);
}

void QuestionDesk::tell_gone(Room& room, std::vector<ConnectionId> to, store::QuestionId id) {
  room.vote_news.forget(number_of(id));
  state_.tell(std::move(to), QuestionGone{number_of(id)});
}

// ---- The list

Step QuestionDesk::begin(Time, Room&, const Ledger::Entry& entry, const ReadQuestions& read) {
  return StoreRequest(FindQuestions{.reader = entry.who,
                                    .all = entry.host,
                                    .after = id_of(read.after.value_or(0)),
                                    .limit = page_of(read) + 1});  // One more tells whether.
}

Step QuestionDesk::go_on(Time, Room&, const Ledger::Entry&, const ReadQuestions& read,
                         StoreResult& result) {
  const auto& found = std::get<std::vector<store::Questions::Seen>>(result);
  QuestionsReply reply;
  for (const auto& [question, voted] : found) {
    if (reply.questions.size() == page_of(read)) {
      reply.next = {reply.questions.back().id};
      break;
    }
    reply.questions.push_back(view_of(question, voted));
  }
  return Reply(std::move(reply));
}

}  // namespace parley::meeting
