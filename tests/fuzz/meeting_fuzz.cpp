// A client says whatever the input holds, line by line, in the presence of another:
//   +             an hour passes
//   !             the client's connection is lost
//   ?             it is lost and recovers
//   event {json}  the client says it
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "meeting/rooms.h"

namespace {

using namespace parley;
using namespace parley::meeting;

constexpr ConnectionId kClient{1};
constexpr ConnectionId kOther{2};

// Whatever was said, what comes out can be written, and an answer to an event is one answer.
void drain_all(Rooms& rooms) {
  std::size_t answers = 0;
  drain(rooms, [&](Rooms::Output output) {
    if (const auto* const tell = std::get_if<Rooms::Tell>(&output)) {
      PARLEY_ASSERT(!tell->to.empty());
      PARLEY_ASSERT(Json::parse(body_of(tell->event).to_text()).has_value());
    } else {
      ++answers;
    }
  });
  PARLEY_ASSERT(answers <= 1);
}

void say(Rooms& rooms, Time now, ConnectionId who, std::string_view line) {
  const std::size_t space = line.find(' ');
  if (space == line.npos) return;
  auto body = Json::parse(line.substr(space + 1));
  if (!body) return;
  rooms.handle_input(now, Rooms::Said{.connection = who,
                                      .event = std::string(line.substr(0, space)),
                                      .body = *std::move(body),
                                      .ack = 1});
}

void play(Rooms& rooms, Time& now, std::string_view line) {
  if (line == "+") {
    now += std::chrono::hours{1};
    rooms.handle_timeout(now);
  } else if (line == "!" || line == "?") {
    rooms.handle_input(now, Rooms::Lost{.connection = kClient, .may_recover = line == "?"});
    if (line == "?") rooms.handle_input(now, Rooms::Recovered{kClient});
  } else {
    say(rooms, now, kClient, line);
  }
  drain_all(rooms);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  SeededRandom random(1);
  Rooms rooms({}, random);
  Time now = Time() + std::chrono::hours{1};
  say(rooms, now, kOther, R"(join {"room":"r","name":"Other","micinf":true,"vidinf":true})");
  drain_all(rooms);
  std::string_view rest = as_text({data, size});
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    play(rooms, now, rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  const auto& counters = rooms.counters();
  PARLEY_ASSERT(counters.participants <= 2 && counters.away <= 1 + 1 && counters.rooms <= 2);
  return 0;
}
