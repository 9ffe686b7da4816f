#include "meeting/message_checks.h"

#include <algorithm>
#include <array>

#include "meeting/names.h"

namespace parley::meeting {
namespace {

// docs/protocol.md lists the same.
constexpr std::array<std::string_view, 12> kEmojis = {"👍", "👎", "👏",    "❤️", "😂", "😮",
                                                      "😢", "🎉", "🤔", "🙏",      "🔥", "👋"};

std::optional<FieldError> check_text(std::string_view field, std::string_view text) {
  auto problem = problem_of_text(text);
  if (!problem) return std::nullopt;
  return FieldError{.field = std::string(field), .problem = *std::move(problem)};
}

std::optional<FieldError> check_mids(std::string_view field, const Sources& sources) {
  for (const auto& [mid, source] : sources) {
    if (auto error = schema::check(kMidLength, static_cast<std::int64_t>(mid.size()), "a mid")) {
      return FieldError{.field = std::string(field), .problem = error->problem + " bytes"};
    }
  }
  return std::nullopt;
}

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_item(std::string_view id) {
  return std::ranges::all_of(id,
                             [](char c) { return is_letter_or_digit(c) || c == '_' || c == '-'; });
}

std::optional<FieldError> check(TodoChange& change) {
  if (!is_item(change.item)) {
    return FieldError{.field = "item", .problem = "may hold only A-Z a-z 0-9 _ -"};
  }
  if (change.text) {
    if (auto error = check_text("text", *change.text)) return error;
  }
  if (change.assignee && change.assignee->value) {
    auto name = normal_name(*change.assignee->value);
    if (!name) return FieldError{.field = "assignee", .problem = std::move(name.error())};
    change.assignee->value = *std::move(name);
  }
  if (change.position && !std::ranges::all_of(*change.position, is_letter_or_digit)) {
    return FieldError{.field = "position", .problem = "may hold only 0-9 A-Z a-z"};
  }
  if (change.removed == false) {
    return FieldError{.field = "removed", .problem = "may only be true"};
  }
  return std::nullopt;
}

}  // namespace

std::optional<FieldError> check(Join& join) {
  auto room = normal_room(join.room);
  if (!room) return FieldError{.field = "room", .problem = std::move(room.error())};
  auto name = normal_name(join.name);
  if (!name) return FieldError{.field = "name", .problem = std::move(name.error())};
  join.room = *std::move(room);
  join.name = *std::move(name);
  return join.offer ? check_mids("offer.sources", join.offer->sources) : std::nullopt;
}

std::optional<FieldError> check(const SendDescription& description) {
  const bool rollback = description.type == SdpType::kRollback;
  if (rollback && !description.sdp.empty()) {
    return FieldError{.field = "sdp", .problem = "must be empty in a rollback"};
  }
  if (!rollback && description.sdp.empty()) {
    return FieldError{.field = "sdp", .problem = "must not be empty"};
  }
  if (!description.sources) return std::nullopt;
  return check_mids("sources", *description.sources);
}

std::optional<FieldError> check(const SendCandidate& message) {
  if (message.candidate.is_null()) return std::nullopt;
  const auto candidate = from_json<IceCandidate>(message.candidate);
  if (candidate) return std::nullopt;
  return FieldError{.field = schema::join_path("candidate", candidate.error().field),
                    .problem = candidate.error().problem};
}

std::optional<FieldError> check(const ConnectMedia& message) {
  return check_mids("offer.sources", message.offer.sources);
}

std::optional<FieldError> check(const ChangeView& message) {
  if (!message.one_stream || message.tiles.empty()) return std::nullopt;
  return FieldError{.field = "tiles", .problem = "must be empty where everyone is one stream"};
}

std::optional<FieldError> check(const React& reaction) {
  if (std::ranges::count(kEmojis, reaction.emoji) > 0) return std::nullopt;
  return FieldError{.field = "emoji", .problem = "is none of those that may be shown"};
}

std::optional<FieldError> check(const SendChat& message) {
  return check_text("text", message.text);
}

std::optional<FieldError> check(const EditChat& message) {
  return check_text("text", message.text);
}

std::optional<FieldError> check(ChangeTodos& message) {
  for (std::size_t i = 0; i < message.changes.size(); ++i) {
    if (auto error = check(message.changes[i])) {
      error->field = fmt::format("changes[{}].{}", i, error->field);
      return error;
    }
  }
  return std::nullopt;
}

std::optional<FieldError> check(const AskQuestion& message) {
  return check_text("text", message.text);
}

}  // namespace parley::meeting
