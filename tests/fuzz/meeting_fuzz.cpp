// A client says whatever the input holds, line by line, in the presence of the room's owner:
//   +             an hour passes
//   !             the client's connection is lost
//   ?             it is lost and recovers
//   ~             the store fails from now on, or works again
//   =             media answers what it was asked first, well or badly by turns
//   #             it has lost the connection of who that was
//   >event {json} the owner says it
//   event {json}  the client says it
#include <cstddef>
#include <cstdint>
#include <deque>
#include <set>
#include <string_view>

#include "base/assert.h"
#include "meeting/fake_store.h"
#include "meeting/rooms.h"

namespace {

using namespace parley;
using namespace parley::meeting;

constexpr ConnectionId kClient{1};
constexpr ConnectionId kOther{2};

class Meeting {
 public:
  Meeting() {
    say(kOther, R"(join {"room":"r","name":"Other","micinf":true,"vidinf":true})");
    drain_all();
  }

  void play(std::string_view line) {
    if (line == "+") {
      now_ += std::chrono::hours{1};
      rooms_.handle_timeout(now_);
    } else if (line == "!" || line == "?") {
      rooms_.handle_input(now_, Rooms::Lost{.connection = kClient, .may_recover = line == "?"});
      if (line == "?") rooms_.handle_input(now_, Rooms::Recovered{kClient});
    } else if (line == "~") {
      store_.failing = !store_.failing;
    } else if (line == "=" || line == "#") {
      if (!asked_.empty()) hear_media(line == "=");
    } else if (line.starts_with('>')) {
      say(kOther, line.substr(1));
    } else {
      say(kClient, line);
    }
    drain_all();
  }

  void check() const {
    const auto& counters = rooms_.counters();
    PARLEY_ASSERT(counters.participants + counters.waiting <= 4 && counters.away <= 2);
    PARLEY_ASSERT(counters.rooms <= counters.participants + counters.waiting);
  }

 private:
  void say(ConnectionId who, std::string_view line) {
    const std::size_t space = line.find(' ');
    if (space == line.npos) return;
    auto body = Json::parse(line.substr(space + 1));
    const Json event(std::string(line.substr(0, space)));
    // Doors read events as JSON too: a name is UTF-8.
    if (!body || !Json::parse(event.to_text())) return;
    rooms_.handle_input(now_, Rooms::Said{.connection = who,
                                          .event = *event.as_string(),
                                          .body = *std::move(body),
                                          .ack = ++last_ack_});
  }

  void hear_media(bool answer) {
    const ToMedia asked = std::move(asked_.front());
    asked_.pop_front();
    MediaEvent event = ConnectionChanged{ConnectionChanged::State::kFailed};
    if (answer) {
      good_ = !good_;
      Answered answered{.ticket = asked.ticket, .answer = "v=0"};
      if (!good_) answered.answer = std::unexpected("not so");
      event = std::move(answered);
    }
    rooms_.handle_input(now_, FromMedia{asked.room, asked.sid, std::move(event)});
    rooms_.handle_input(now_, FromMedia{asked.room, asked.sid,
                                        SlotsChanged{{{"1", asked.sid, Source::kCamera},
                                                      {.mid = "2", .one_stream = true}}}});
    rooms_.handle_input(now_, FromMedia{asked.room, {}, SpeakersChanged{{asked.sid}}});
  }

  // Whatever was said, what comes out can be written, and an event is answered once.
  void drain_all() {
    while (auto output = rooms_.poll_output()) {
      std::visit(
          overloaded{
              [&](const Tell& tell) {
                PARLEY_ASSERT(!tell.to.empty());
                PARLEY_ASSERT(Json::parse(body_of(tell.event).to_text()).has_value());
              },
              [&](const Answer& answer) {
                PARLEY_ASSERT(answered_.insert(answer.ack).second);
                PARLEY_ASSERT(Json::parse(answer_body(answer.reply).text).has_value());
              },
              [&](const Admit& admit) {
                PARLEY_ASSERT(!admit.ack || answered_.insert(*admit.ack).second);
              },
              [&](const GiveIceServers& give) { PARLEY_ASSERT(answered_.insert(give.ack).second); },
              [](const Forget&) {},
              [&](const ToStore& asked) {
                rooms_.handle_input(
                    now_,
                    Rooms::FromStore{asked.ticket, store_.perform(asked.room, asked.request)});
              },
              [&](const ToMedia& asked) { asked_.push_back(asked); },
          },
          *output);
    }
  }

  // Alone one is peer to peer, and two go by the server.
  static RoomsConfig config() {
    RoomsConfig config;
    config.topology = {.media = true, .one_stream = true, .mesh_limit = 1};
    return config;
  }

  SeededRandom random_{1};
  Rooms rooms_{config(), random_};
  FakeStore store_;
  std::deque<ToMedia> asked_;  // Of media, that is not answered yet.
  bool good_ = false;
  Time now_ = Time() + std::chrono::hours{1};
  std::int64_t last_ack_ = 0;
  std::set<std::int64_t> answered_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Meeting meeting;
  std::string_view rest = as_text({data, size});
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    meeting.play(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  meeting.check();
  return 0;
}
