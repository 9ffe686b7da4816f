#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "meeting/vocabulary.h"

// The room's questions, and the votes on them.
namespace parley::meeting {

using store::QuestionState;

// ---- From the client

struct AskQuestion {
  static constexpr std::string_view kEvent = "question";

  std::string key = {};
  std::string text = {};

  static constexpr auto fields() {
    return std::tuple(field("key", &AskQuestion::key, kKeyLength),
                      field("text", &AskQuestion::text, kQuestionLength));
  }
  friend bool operator==(const AskQuestion&, const AskQuestion&) = default;
};

// Where a host puts a question: it waits only until the first has looked at it.
enum class QuestionVerdict : std::uint8_t { kOpen, kAnswered, kDismissed };

constexpr std::array<std::pair<QuestionVerdict, std::string_view>, 3> names_of(QuestionVerdict) {
  return {{{QuestionVerdict::kOpen, "open"},
           {QuestionVerdict::kAnswered, "answered"},
           {QuestionVerdict::kDismissed, "dismissed"}}};
}

struct JudgeQuestion {
  static constexpr std::string_view kEvent = "questionState";

  std::int64_t id = 0;
  QuestionVerdict state = QuestionVerdict::kOpen;

  static constexpr auto fields() {
    return std::tuple(field("id", &JudgeQuestion::id, kMessageNumber),
                      field("state", &JudgeQuestion::state));
  }
  friend bool operator==(const JudgeQuestion&, const JudgeQuestion&) = default;
};

struct DeleteQuestion {
  static constexpr std::string_view kEvent = "questionDelete";

  std::int64_t id = 0;

  static constexpr auto fields() {
    return std::tuple(field("id", &DeleteQuestion::id, kMessageNumber));
  }
  friend bool operator==(const DeleteQuestion&, const DeleteQuestion&) = default;
};

struct CastVote {
  static constexpr std::string_view kEvent = "questionVote";

  std::int64_t id = 0;
  bool on = false;

  static constexpr auto fields() {
    return std::tuple(field("id", &CastVote::id, kMessageNumber), field("on", &CastVote::on));
  }
  friend bool operator==(const CastVote&, const CastVote&) = default;
};

struct ReadQuestions {
  static constexpr std::string_view kEvent = "questions";

  std::optional<std::int64_t> after = {};
  std::optional<std::int64_t> limit = {};

  static constexpr auto fields() {
    return std::tuple(field("after", &ReadQuestions::after, kMessageNumber),
                      field("limit", &ReadQuestions::limit, kPageLength));
  }
  friend bool operator==(const ReadQuestions&, const ReadQuestions&) = default;
};

// ---- From the server

struct QuestionView {
  std::int64_t id = 0;
  std::string key = {};
  std::string sid = {};
  std::string name = {};
  std::string text = {};
  QuestionState state = QuestionState::kWaiting;
  std::int64_t votes = 0;
  bool voted = false;
  std::int64_t at = 0;

  static constexpr auto fields() {
    return std::tuple(field("id", &QuestionView::id), field("key", &QuestionView::key),
                      field("sid", &QuestionView::sid), field("name", &QuestionView::name),
                      field("text", &QuestionView::text), field("state", &QuestionView::state),
                      field("votes", &QuestionView::votes), field("voted", &QuestionView::voted),
                      field("at", &QuestionView::at));
  }
  friend bool operator==(const QuestionView&, const QuestionView&) = default;
};

QuestionView view_of(const store::Question& question, bool voted);

struct QuestionChanged {
  static constexpr std::string_view kEvent = "questionChanged";

  QuestionView question = {};

  static constexpr auto fields() {
    return std::tuple(field("question", &QuestionChanged::question));
  }
  friend bool operator==(const QuestionChanged&, const QuestionChanged&) = default;
};

struct QuestionGone {
  static constexpr std::string_view kEvent = "questionGone";

  std::int64_t id = 0;

  static constexpr auto fields() { return std::tuple(field("id", &QuestionGone::id)); }
  friend bool operator==(const QuestionGone&, const QuestionGone&) = default;
};

struct VoteCount {
  std::int64_t id = 0;
  std::int64_t votes = 0;

  static constexpr auto fields() {
    return std::tuple(field("id", &VoteCount::id), field("votes", &VoteCount::votes));
  }
  friend bool operator==(const VoteCount&, const VoteCount&) = default;
};

struct VotesTold {
  static constexpr std::string_view kEvent = "questionVotes";

  std::vector<VoteCount> votes = {};

  static constexpr auto fields() { return std::tuple(field("votes", &VotesTold::votes)); }
  friend bool operator==(const VotesTold&, const VotesTold&) = default;
};

// ---- Answers

struct QuestionReply {
  QuestionView question = {};

  static constexpr auto fields() { return std::tuple(field("question", &QuestionReply::question)); }
  friend bool operator==(const QuestionReply&, const QuestionReply&) = default;
};

struct VoteReply {
  std::int64_t votes = 0;
  bool voted = false;

  static constexpr auto fields() {
    return std::tuple(field("votes", &VoteReply::votes), field("voted", &VoteReply::voted));
  }
  friend bool operator==(const VoteReply&, const VoteReply&) = default;
};

struct QuestionsReply {
  std::vector<QuestionView> questions = {};  // Oldest first.
  Nullable<std::int64_t> next = {};          // Of the page that follows: the `after` to ask with.

  static constexpr auto fields() {
    return std::tuple(field("questions", &QuestionsReply::questions),
                      field("next", &QuestionsReply::next));
  }
  friend bool operator==(const QuestionsReply&, const QuestionsReply&) = default;
};

}  // namespace parley::meeting
