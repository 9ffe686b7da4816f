#include "meeting/vote_counter.h"

#include <algorithm>
#include <utility>

#include "meeting/questions.h"
#include "meeting/rights.h"

namespace parley::meeting {
namespace {

const store::Question* find(const store::Questions::Counted& counted, store::QuestionId id) {
  const auto it = std::ranges::find(counted.questions, id, &store::Question::id);
  return it == counted.questions.end() ? nullptr : &*it;
}

}  // namespace

std::optional<Refusal> VoteCounter::submit(Time, Seat from, const Request& request,
                                           const CastVote& vote) {
  const bool taken = from.room->votes.add({.request = request,
                                           .who = from.participant->person(),
                                           .host = is_host(from.participant->role),
                                           .question = {static_cast<std::uint64_t>(vote.id)},
                                           .on = vote.on});
  if (!taken) return Refusal::of(Code::kTooManyRequests);
  write(*from.room);
  return std::nullopt;
}

void VoteCounter::write(Room& room) {
  std::vector<store::Ballot> ballots = room.votes.begin();
  if (ballots.empty()) return;
  ++state_.counters.vote_writes;
  room.votes.wait_for(state_.ask_store(room.name(), CountVotes{std::move(ballots)}));
}

bool VoteCounter::handle_reply(Time now, Room& room, std::uint64_t ticket,
                               const StoreReply& reply) {
  const std::vector<VoteBox::Vote> votes = room.votes.finish(ticket);
  if (votes.empty()) return false;
  if (reply) {
    const auto& counted = std::get<store::Questions::Counted>(*reply);
    answer(votes, counted);
    for (const store::QuestionId id : counted.changed) {
      room.vote_news.add(static_cast<std::int64_t>(id.value),
                         static_cast<std::int64_t>(find(counted, id)->votes));
    }
    plan(now, room);
  } else {
    for (const auto& vote : votes) state_.reply(vote.request, Refusal::of(Code::kUnavailable));
  }
  write(room);
  return true;
}

void VoteCounter::answer(const std::vector<VoteBox::Vote>& votes,
                         const store::Questions::Counted& counted) {
  for (std::size_t i = 0; i < votes.size(); ++i) {
    const VoteBox::Vote& vote = votes[i];
    const store::Question* const question = find(counted, vote.question);
    auto refusal = refusal_to_vote(question, vote.who, vote.host);
    if (!refusal && vote.on && !counted.voted[i]) refusal = Refusal::of(Code::kListFull);
    if (refusal) {
      state_.reply(vote.request, *std::move(refusal));
      continue;
    }
    ++state_.counters.votes;
    state_.reply(vote.request, VoteReply{.votes = static_cast<std::int64_t>(question->votes),
                                         .voted = counted.voted[i]});
  }
}

void VoteCounter::plan(Time now, Room& room) {
  const auto due = room.vote_news.plan(now, state_.config.tell_votes);
  if (!due) return;
  if (*due <= now) return handle_timeout(now, room);
  state_.deadlines.add({*due, Deadline::Kind::kVotes, room.name(), {}});
}

void VoteCounter::handle_timeout(Time now, Room& room) {
  std::vector<VoteCount> votes = room.vote_news.take(now);
  if (votes.empty()) return;
  ++state_.counters.vote_tellings;
  state_.tell(room.connections(), VotesTold{std::move(votes)});
}

}  // namespace parley::meeting
