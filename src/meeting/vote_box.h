#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/time.h"
#include "meeting/messages_questions.h"
#include "meeting/request.h"
#include "meeting/telling_pace.h"

namespace parley::meeting {

// The votes of one room on their way to the store. Those that come while a write is under way are
// the next one, however many: so a hall that votes within a second costs a few writes.
class VoteBox {
 public:
  static constexpr std::size_t kMax = 2'048;    // Two of each in a full room, within one write.
  static constexpr std::size_t kMaxOfOne = 16;  // So nobody fills it for the others.

  struct Vote {
    Request request = {};
    store::Person who = {};
    bool host = false;
    store::QuestionId question = {};
    bool on = false;
  };

  // False: there is no room for it.
  bool add(Vote vote);

  // What is to be written now; empty while a write is under way.
  std::vector<store::Ballot> begin();
  // The write is known by that number.
  void wait_for(std::uint64_t ticket) { ticket_ = ticket; }
  // The votes of that write, in the order of its ballots; none if it is another's.
  std::vector<Vote> finish(std::uint64_t ticket);

  // All that will not be answered any other way.
  std::vector<Vote> take_all();

 private:
  std::vector<Vote> waiting_;
  std::vector<Vote> under_way_;
  std::uint64_t ticket_ = 0;  // Of the write under way; 0: there is none.
};

// Numbers of votes that were not told yet: the first change at once, what follows it closely
// gathered.
class VoteNews {
 public:
  void add(std::int64_t question, std::int64_t votes) { changed_[question] = votes; }
  // It is not to be told of any more.
  void forget(std::int64_t question) { changed_.erase(question); }

  // When to tell what there is; none where that is planned already, or nothing is there.
  std::optional<Time> plan(Time now, Duration every);
  std::vector<VoteCount> take(Time now);

 private:
  std::map<std::int64_t, std::int64_t> changed_;  // By question: at most what a room holds.
  TellingPace pace_;
};

}  // namespace parley::meeting
