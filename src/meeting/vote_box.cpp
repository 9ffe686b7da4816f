#include "meeting/vote_box.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace parley::meeting {

bool VoteBox::add(Vote vote) {
  const auto of_the_same =
      std::ranges::count(waiting_, vote.who.sid, [](const Vote& v) { return v.who.sid; });
  if (waiting_.size() >= kMax || of_the_same >= static_cast<std::ptrdiff_t>(kMaxOfOne)) {
    return false;
  }
  waiting_.push_back(std::move(vote));
  return true;
}

std::vector<store::Ballot> VoteBox::begin() {
  if (ticket_ != 0) return {};
  under_way_ = std::exchange(waiting_, {});
  std::vector<store::Ballot> ballots;
  ballots.reserve(under_way_.size());
  for (const Vote& vote : under_way_) {
    ballots.push_back({.question = vote.question, .voter = voter_of(vote.who), .on = vote.on});
  }
  return ballots;
}

std::vector<VoteBox::Vote> VoteBox::finish(std::uint64_t ticket) {
  if (ticket_ == 0 || ticket_ != ticket) return {};
  ticket_ = 0;
  return std::exchange(under_way_, {});
}

std::vector<VoteBox::Vote> VoteBox::take_all() {
  std::vector<Vote> all = std::exchange(under_way_, {});
  std::ranges::move(std::exchange(waiting_, {}), std::back_inserter(all));
  ticket_ = 0;
  return all;
}

std::optional<Time> VoteNews::plan(Time now, Duration every) {
  if (changed_.empty() || pace_.due() != kNever) return std::nullopt;
  return pace_.change(now, every) ? now : pace_.due();
}

std::vector<VoteCount> VoteNews::take(Time now) {
  pace_.told(now);
  std::vector<VoteCount> votes;
  for (const auto& [id, count] : std::exchange(changed_, {})) votes.push_back({id, count});
  return votes;
}

}  // namespace parley::meeting
