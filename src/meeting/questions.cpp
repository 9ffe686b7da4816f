#include "meeting/questions.h"

#include "meeting/chat.h"

namespace parley::meeting {

bool may_see(const store::Question& question, const store::Person& reader, bool host) {
  switch (question.state) {
    case QuestionState::kOpen:
    case QuestionState::kAnswered: return true;
    case QuestionState::kWaiting:
    case QuestionState::kDismissed: return host || is_same(question.author, reader);
  }
  std::unreachable();
}

std::optional<Refusal> refusal_to_delete(const std::optional<store::Question>& question,
                                         const store::Person& who, bool host) {
  if (!question || !may_see(*question, who, host)) return Refusal::of(Code::kNoSuchQuestion);
  if (host || is_same(question->author, who)) return std::nullopt;
  return Refusal::of(Code::kForbidden, "id");
}

std::optional<Refusal> refusal_to_vote(const store::Question* question, const store::Person& who,
                                       bool host) {
  if (question == nullptr || !may_see(*question, who, host)) {
    return Refusal::of(Code::kNoSuchQuestion);
  }
  if (question->state == QuestionState::kOpen) return std::nullopt;
  return Refusal::of(Code::kForbidden, "id");
}

}  // namespace parley::meeting
