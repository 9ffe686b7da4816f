#pragma once

#include <optional>

#include "base/schema.h"
#include "meeting/messages.h"

// What a list of fields cannot say of a message: forms, and fields that must agree with each other.
// The rooms' and people's names come out in their normal form.
namespace parley::meeting {

std::optional<FieldError> check(Join& join);
std::optional<FieldError> check(const SendDescription& description);
std::optional<FieldError> check(const SendCandidate& message);
std::optional<FieldError> check(const ConnectMedia& message);
std::optional<FieldError> check(const ChangeView& message);
std::optional<FieldError> check(const React& reaction);
std::optional<FieldError> check(const SendChat& message);
std::optional<FieldError> check(const EditChat& message);
std::optional<FieldError> check(ChangeTodos& message);
std::optional<FieldError> check(const AskQuestion& message);

}  // namespace parley::meeting
