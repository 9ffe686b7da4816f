#include "meeting/chat.h"

namespace parley::meeting {

bool is_same(const store::Person& a, const store::Person& b) {
  return a.sid == b.sid || (a.account && a.account == b.account);
}

bool may_see(const store::ChatMessage& message, const store::Person& reader) {
  return !message.to || is_same(message.author, reader) || is_same(*message.to, reader);
}

std::optional<Refusal> refusal_to_answer(const std::optional<store::ChatMessage>& message,
                                         const store::Person& who) {
  if (message && !message->deleted && may_see(*message, who)) return std::nullopt;
  return Refusal::of(Code::kNoSuchMessage);
}

std::optional<Refusal> refusal_to_edit(const std::optional<store::ChatMessage>& message,
                                       const store::Person& who) {
  if (auto refusal = refusal_to_answer(message, who)) return refusal;
  if (is_same(message->author, who)) return std::nullopt;
  return Refusal::of(Code::kForbidden, "id");
}

std::optional<Refusal> refusal_to_delete(const std::optional<store::ChatMessage>& message,
                                         const store::Person& who, bool host) {
  if (auto refusal = refusal_to_answer(message, who)) return refusal;
  if (host || is_same(message->author, who)) return std::nullopt;
  return Refusal::of(Code::kForbidden, "id");
}

}  // namespace parley::meeting
