#include "meeting/messages.h"

#include "meeting/names.h"

namespace parley::meeting {
namespace {

std::optional<FieldError> check(Join& join) {
  auto room = normal_room(join.room);
  if (!room) return FieldError{.field = "room", .problem = std::move(room.error())};
  auto name = normal_name(join.name);
  if (!name) return FieldError{.field = "name", .problem = std::move(name.error())};
  join.room = *std::move(room);
  join.name = *std::move(name);
  return std::nullopt;
}

std::optional<FieldError> check(SendDescription& description) {
  const bool rollback = description.type == SdpType::kRollback;
  if (rollback && !description.sdp.empty()) {
    return FieldError{.field = "sdp", .problem = "must be empty in a rollback"};
  }
  if (!rollback && description.sdp.empty()) {
    return FieldError{.field = "sdp", .problem = "must not be empty"};
  }
  if (!description.sources) return std::nullopt;
  for (const auto& [mid, source] : *description.sources) {
    if (auto error = schema::check(kMidLength, static_cast<std::int64_t>(mid.size()), "a mid")) {
      return FieldError{.field = "sources", .problem = std::move(error->problem) + " bytes"};
    }
  }
  return std::nullopt;
}

std::optional<FieldError> check(SendCandidate& message) {
  if (message.candidate.is_null()) return std::nullopt;
  const auto candidate = from_json<IceCandidate>(message.candidate);
  if (candidate) return std::nullopt;
  return FieldError{.field = schema::join_path("candidate", candidate.error().field),
                    .problem = candidate.error().problem};
}

std::optional<FieldError> check(Leave&) {
  return std::nullopt;
}

std::optional<FieldError> check(SetMedia&) {
  return std::nullopt;
}

template <class T>
std::expected<Command, Refusal> read(const Json& body) {
  auto message = from_json<T>(body);
  if (!message) return std::unexpected(Refusal::of(message.error()));
  if (const auto error = check(*message)) return std::unexpected(Refusal::of(*error));
  return *std::move(message);
}

// Tries each alternative of Command in turn.
template <std::size_t I = 0>
std::expected<Command, Refusal> read_by_name(std::string_view event, const Json& body) {
  if constexpr (I == std::variant_size_v<Command>) {
    Refusal refusal = Refusal::of(Code::kUnknownEvent);
    refusal.field = std::string(event.substr(0, 64));  // The client's own text: no echo of it all.
    return std::unexpected(std::move(refusal));
  } else {
    using T = std::variant_alternative_t<I, Command>;
    return T::kEvent == event ? read<T>(body) : read_by_name<I + 1>(event, body);
  }
}

template <class... T>
std::vector<std::string_view> names_of_all(std::type_identity<std::variant<T...>>) {
  return {T::kEvent...};
}

}  // namespace

std::vector<std::string_view> command_names() {
  return names_of_all(std::type_identity<Command>());
}

std::expected<Command, Refusal> parse_command(std::string_view event, const Json& body) {
  return read_by_name(event, body);
}

std::string_view name_of(const Event& event) {
  return std::visit([]<class T>(const T&) { return T::kEvent; }, event);
}

Json body_of(const Event& event) {
  return std::visit([](const auto& message) { return to_json(message); }, event);
}

Json answer_body(const std::optional<Refusal>& refusal) {
  Json body;
  body.set("ok", !refusal);
  if (refusal) body.set("error", to_json(*refusal));
  return body;
}

}  // namespace parley::meeting
