#include "meeting/messages.h"

#include "meeting/message_checks.h"
#include "meeting/names.h"

namespace parley::meeting {
namespace {

template <class T>
std::expected<Command, Refusal> read(const Json& body) {
  auto message = from_json<T>(body);
  if (!message) return std::unexpected(Refusal::of(message.error()));
  if constexpr (requires { check(*message); }) {
    if (const auto error = check(*message)) return std::unexpected(Refusal::of(*error));
  }
  return *std::move(message);
}

// Tries each alternative of Command in turn.
template <std::size_t I = 0>
std::expected<Command, Refusal> read_by_name(std::string_view event, const Json& body) {
  if constexpr (I == std::variant_size_v<Command>) {
    Refusal refusal = Refusal::of(Code::kUnknownEvent);
    refusal.field = std::string(front_of(event, 64));  // The client's own text: no echo of it all.
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

}  // namespace parley::meeting
