#pragma once

#include <optional>

#include "meeting/messages_questions.h"
#include "meeting/refusal.h"

// Who may see and change which question.
namespace parley::meeting {

// What is open or answered is seen by everyone; what waits or is dismissed by its author and hosts.
bool may_see(const store::Question& question, const store::Person& reader, bool host);

// Authors take their own back, hosts any.
std::optional<Refusal> refusal_to_delete(const std::optional<store::Question>& question,
                                         const store::Person& who, bool host);

// Votes are for what is open. Null: it is not there.
std::optional<Refusal> refusal_to_vote(const store::Question* question, const store::Person& who,
                                       bool host);

}  // namespace parley::meeting
