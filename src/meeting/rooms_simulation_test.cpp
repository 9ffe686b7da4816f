#include <gtest/gtest.h>

#include <random>

#include "meeting/rooms.h"
#include "meeting/test_clients.h"

namespace parley::meeting {
namespace {

using namespace std::chrono_literals;

// One page that is joined, and what it believes about its room from what it was told.
struct Page {
  ConnectionId connection = {};
  std::string room = {};
  std::string sid = {};
  std::string resume = {};
  std::map<std::string, ParticipantView> others = {};
  bool replaced = false;
};

// A crowd that joins, breaks off, comes back in time or too late, leaves and toggles its
// microphones, in a few rooms, at random.
class Crowd {
 public:
  explicit Crowd(std::uint64_t seed) : random_(seed), clients_({.max_participants = 6}, seed) {
    clients_.on_event = [this](ConnectionId to, const Event& event) { hear(to, event); };
  }

  void step() {
    clients_.advance(std::chrono::milliseconds(random_() % 2'000));
    switch (random_() % 10) {
      case 0:
      case 1:
      case 2: join({}); break;
      case 3: leave(); break;
      case 4:
      case 5: break_off(); break;
      case 6:
      case 7: come_back(); break;
      case 8: toggle(); break;
      case 9: recover(); break;
    }
  }

  // Everyone's picture of the room is the room; nobody is there who is not connected or away.
  void check() {
    std::map<std::string, std::size_t> sizes;
    for (const auto& [id, page] : pages_) ++sizes[page.room];
    for (const auto& [id, page] : pages_) {
      ASSERT_FALSE(page.replaced);
      const RoomView room = clients_.rooms().view(page.room);
      ASSERT_EQ(room.participants.size(), page.others.size() + 1);
      std::size_t away = 0;
      for (const auto& [sid, other] : page.others) {
        ASSERT_NE(sid, page.sid);
        const Occupant seen{.name = other.name,
                            .micinf = other.micinf,
                            .vidinf = other.vidinf,
                            .scrinf = other.scrinf,
                            .away = other.away};
        ASSERT_TRUE(std::ranges::count(room.participants, seen) >= 1);
        away += other.away;
      }
      ASSERT_EQ(sizes[page.room] + away, room.participants.size()) << "a ghost in " << page.room;
    }
    const auto& counters = clients_.rooms().counters();
    ASSERT_EQ(counters.participants, pages_.size() + counters.away);
  }

  bool empty_after_an_hour() {
    while (!pages_.empty()) break_off();
    clients_.advance(1h);
    const auto& counters = clients_.rooms().counters();
    return counters.rooms == 0 && counters.participants == 0 && counters.away == 0 &&
           clients_.rooms().next_deadline() == kNever;
  }

  const Counters& counters() { return clients_.rooms().counters(); }

 private:
  void join(std::optional<Page> as) {
    const ConnectionId connection{++last_connection_};
    Json body;
    body.set("room", as ? as->room : fmt::format("room-{}", random_() % 3));
    body.set("name", fmt::format("P{}", random_() % 100));
    body.set("micinf", random_() % 2 == 0);
    body.set("vidinf", random_() % 2 == 0);
    if (as) body.set("resume", as->resume);
    const Json answer = clients_.ask_with(connection, "join", std::move(body));
    if (!*answer.find("ok")->as_bool()) return;
    const Welcome welcome = welcome_of(answer);
    Page page{.connection = connection,
              .room = welcome.room,
              .sid = welcome.sid,
              .resume = welcome.resume};
    for (const ParticipantView& other : welcome.participants) page.others[other.sid] = other;
    if (as) {
      EXPECT_EQ(page.sid, as->sid);
      std::erase_if(pages_, [](const auto& entry) { return entry.second.replaced; });
    }
    pages_[connection] = std::move(page);
  }

  void leave() {
    if (pages_.empty()) return;
    const ConnectionId who = any()->first;
    clients_.say(who, "leave");
    if (random_() % 2 == 0) broken_.push_back(pages_.at(who));  // Thinks better of it later.
    pages_.erase(who);
  }

  void break_off() {
    if (pages_.empty()) return;
    const ConnectionId who = any()->first;
    const bool may_recover = random_() % 2 == 0;
    const Page page = pages_.at(who);
    pages_.erase(who);
    (may_recover ? recoverable_ : broken_).push_back(page);
    clients_.lose(who, may_recover);
  }

  // By resume: after a break of any length, or while the server still holds the old connection.
  void come_back() {
    if (random_() % 4 == 0 && !pages_.empty()) return join(any()->second);
    auto& from = random_() % 2 == 0 ? broken_ : recoverable_;
    if (from.empty()) return;
    const std::size_t i = random_() % from.size();
    const Page page = from[i];
    from.erase(from.begin() + static_cast<std::ptrdiff_t>(i));
    join(page);
  }

  // By the transport: it has kept all that was told, which this crowd then hears at once.
  void recover() {
    if (recoverable_.empty()) return;
    const Page page = recoverable_.back();
    recoverable_.pop_back();
    clients_.input_recovered_late(page.connection);
    Json body = Json::parse(R"({"micinf":true,"vidinf":true,"scrinf":true})").value();
    if (*clients_.ask_with(page.connection, "media", std::move(body)).find("ok")->as_bool()) {
      pages_[page.connection] = page;
    }
  }

  void toggle() {
    if (pages_.empty()) return;
    Json body;
    for (const char* what : {"micinf", "vidinf", "scrinf"}) body.set(what, random_() % 2 == 0);
    clients_.ask_with(any()->first, "media", std::move(body));
  }

  void hear(ConnectionId to, const Event& event) {
    const auto it = pages_.find(to);
    if (it != pages_.end()) return hear(it->second, event);
    for (Page& page : recoverable_) {
      if (page.connection == to) return hear(page, event);
    }
  }

  static void hear(Page& page, const Event& event) {
    std::visit(
        overloaded{
            [&](const Joined& joined) {
              EXPECT_TRUE(page.others.emplace(joined.participant.sid, joined.participant).second);
            },
            [&](const Left& left) { EXPECT_EQ(page.others.erase(left.sid), 1u); },
            [&](const MediaChanged& media) {
              ParticipantView& other = page.others.at(media.sid);
              other.micinf = media.micinf;
              other.vidinf = media.vidinf;
              other.scrinf = media.scrinf;
            },
            [&](const Away& away) { page.others.at(away.sid).away = true; },
            [&](const Back& back) { page.others.at(back.participant.sid) = back.participant; },
            [&](const ParticipantChanged& changed) {
              const ParticipantView& who = changed.participant;
              if (who.sid != page.sid) page.others.at(who.sid) = who;
            },
            [&](const NewResume& resume) { page.resume = resume.resume; },
            [&](const Replaced&) { page.replaced = true; },
            [](const auto&) { ADD_FAILURE() << "nobody negotiates here"; },
        },
        event);
  }

  std::map<ConnectionId, Page>::iterator any() {
    return std::next(pages_.begin(), static_cast<std::ptrdiff_t>(random_() % pages_.size()));
  }

  std::mt19937_64 random_;
  TestClients clients_;
  std::uint64_t last_connection_ = 0;
  std::map<ConnectionId, Page> pages_;
  std::vector<Page> broken_;       // Lost for good: only a resume brings them back.
  std::vector<Page> recoverable_;  // Lost, but their transport may recover.
};

// About an hour of it, for each of a few seeds.
TEST(RoomsSimulation, EveryonesPictureOfTheRoomIsTheRoom) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    Crowd crowd(seed);
    for (int i = 0; i < 3'600; ++i) {
      crowd.step();
      crowd.check();
      if (testing::Test::HasFailure()) FAIL() << "seed " << seed << ", step " << i;
    }
    const auto& counters = crowd.counters();
    EXPECT_GT(counters.joins, 100u);
    EXPECT_GT(counters.resumes, 100u);
    EXPECT_GT(counters.recoveries, 10u);
    EXPECT_GT(counters.timeouts, 10u);
    EXPECT_GT(counters.replaced, 10u);
    EXPECT_TRUE(crowd.empty_after_an_hour()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace parley::meeting
