// Json::parse, to_text and from_json must hold for whatever bytes a peer sends.
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/assert.h"
#include "base/json.h"
#include "base/schema.h"

namespace parley {
namespace {

enum class Colour : std::uint8_t { kRed, kGreen };

constexpr auto names_of(Colour) {
  return std::to_array<std::pair<Colour, std::string_view>>(
      {{Colour::kRed, "red"}, {Colour::kGreen, "green"}});
}

struct Inner {
  std::optional<std::uint16_t> index;
  Json anything;

  static constexpr auto fields() {
    return std::tuple(field("index", &Inner::index), field("anything", &Inner::anything));
  }
};

// One field of each kind that a schema knows; short names, so that the fuzzer finds them.
struct Everything {
  std::string text;
  bool flag = false;
  std::int32_t number = 0;
  double real = 0;
  Colour colour = Colour::kRed;
  std::vector<Inner> list;
  std::map<std::string, std::int8_t> map;

  static constexpr auto fields() {
    return std::tuple(field("t", &Everything::text, {.min = 1, .max = 8}),
                      field("f", &Everything::flag), field("n", &Everything::number, {.max = 9}),
                      field("r", &Everything::real), field("c", &Everything::colour),
                      field("l", &Everything::list, {.max = 3}),
                      field("m", &Everything::map, {.max = 3}));
  }
};

// What was parsed can be written, and what was written parses to the same value.
void check_round_trip(const Json& json) {
  const std::string text = json.to_text();
  const auto again = Json::parse(text);
  PARLEY_ASSERT(again.has_value());
  PARLEY_ASSERT(*again == json);
  PARLEY_ASSERT(again->to_text() == text);
}

// A message that was understood says the same after a round trip.
void check_message(const Json& json) {
  const auto message = from_json<Everything>(json);
  if (!message) return;
  const Json written = to_json(*message);
  const auto again = from_json<Everything>(written);
  PARLEY_ASSERT(again.has_value());
  PARLEY_ASSERT(to_json(*again) == written);
}

}  // namespace
}  // namespace parley

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto json = parley::Json::parse(parley::as_text({data, size}));
  if (!json) return 0;
  parley::check_round_trip(*json);
  parley::check_message(*json);
  return 0;
}
