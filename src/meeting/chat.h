#pragma once

#include <optional>

#include "meeting/messages_chat.h"
#include "meeting/refusal.h"

// Who may read and change which message.
namespace parley::meeting {

// A guest is known again by the sid, somebody who is logged in by the account too.
bool is_same(const store::Person& a, const store::Person& b);

// A private message is seen by its author and its addressee alone.
bool may_see(const store::ChatMessage& message, const store::Person& reader);

// Only what one sees can be answered, edited or deleted, and not once it is deleted. Authors edit;
// authors and hosts delete.
std::optional<Refusal> refusal_to_answer(const std::optional<store::ChatMessage>& message,
                                         const store::Person& who);
std::optional<Refusal> refusal_to_edit(const std::optional<store::ChatMessage>& message,
                                       const store::Person& who);
std::optional<Refusal> refusal_to_delete(const std::optional<store::ChatMessage>& message,
                                         const store::Person& who, bool host);

}  // namespace parley::meeting
