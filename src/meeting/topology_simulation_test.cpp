#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "meeting/rooms.h"
#include "meeting/test_clients.h"

namespace parley::meeting {
namespace {

using namespace std::chrono_literals;

// A page that is joined, and what it knows of how media travels.
struct Page {
  std::string room = {};
  std::string sid = {};
  std::string resume = {};
  Topology topology = Topology::kP2p;
  bool answered = false;        // It has a connection with the server.
  bool may_offer = false;       // The offer of its join waits for an answer.
  std::int64_t connecting = 0;  // The number of its "negotiate" that is under way; 0: none.
  Time since = kNever;          // When it came in.
};

// A crowd that comes, goes, breaks off, returns, cannot reach each other and wants everyone in one
// stream or no longer, in a few rooms of which two people are connected directly, before a media
// server that is mostly quick, sometimes slow and sometimes does not answer at all.
class Crowd {
 public:
  explicit Crowd(std::uint64_t seed) : random_(seed), clients_(config(), seed) {
    clients_.on_event = [this](ConnectionId to, const Event& event) {
      const auto it = pages_.find(to);
      if (it != pages_.end()) return hear(it->second, event);
      if (to == joining_) early_.push_back(event);
    };
  }

  void step() {
    clients_.advance(std::chrono::milliseconds(random_() % 4'000));
    serve();
    switch (random_() % 13) {
      case 0:
      case 1: join({}); break;
      case 2:
      case 3: leave(); break;
      case 4: break_off(); break;
      case 5:
      case 6: come_back(); break;
      case 7: miss_somebody(); break;
      case 8: fail_connection(); break;
      case 9: change_view(); break;
      default: clients_.advance(std::chrono::seconds(random_() % 15)); break;
    }
    serve();
    for (auto& [id, page] : pages_) connect_if_asked(id, page);
    serve();
    for (const std::string& name : rooms()) {
      const RoomView room = clients_.rooms().view(name);
      if (needs_server(room)) last_crowded_[name] = now();
      if (std::exchange(topologies_[name], room.topology) != room.topology) {
        last_change_[name] = now();
      }
    }
  }

  void check() {
    const auto& counters = clients_.rooms().counters();
    for (const auto& [id, page] : pages_) {
      const RoomView room = clients_.rooms().view(page.room);
      ASSERT_TRUE(!needs_server(room) || room.topology == Topology::kSfu)
          << "too many for a mesh, or one stream without who makes it";
      if (now() - last_change_[page.room] <= 2s || now() - page.since <= 2s) continue;
      ASSERT_EQ(page.topology, room.topology) << "two topologies in one room";
      if (page.topology != Topology::kSfu) continue;
      ASSERT_TRUE(page.answered || page.connecting != 0) << "told of the server, and left alone";
      ASSERT_TRUE(!page.answered || connected_[page.room].contains(page.sid))
          << "connected with nobody";
    }
    for (const auto& [room, sids] : connected_) {
      ASSERT_LE(sids.size(), clients_.rooms().view(room).participants.size()) << "a ghost";
    }
    ASSERT_LE(counters.sfu_rooms, counters.rooms);
  }

  bool empty_after_an_hour() {
    while (!pages_.empty()) break_off();
    clients_.advance(1h);
    serve();
    const auto& counters = clients_.rooms().counters();
    return counters.rooms == 0 && counters.sfu_rooms == 0 && connected_.empty() &&
           clients_.rooms().next_deadline() == kNever;
  }

  const Counters& counters() { return clients_.rooms().counters(); }

 private:
  static RoomsConfig config() {
    RoomsConfig config;
    config.max_participants = 5;
    config.topology = {.media = true, .one_stream = true, .mesh_limit = 2};
    return config;
  }
  static bool needs_server(const RoomView& room) {
    const auto people = room.participants.size();
    return people > 2 || (people == 2 && std::ranges::any_of(room.participants, [](auto& who) {
                            return who.one_stream.has_value();
                          }));
  }
  static std::vector<std::string> rooms() { return {"room-0", "room-1"}; }
  Time now() const { return clients_.now(); }

  // ---- People

  void join(std::optional<Page> as) {
    const ConnectionId connection{++last_connection_};
    joining_ = connection;
    early_.clear();
    Json body;
    body.set("room", as ? as->room : rooms()[random_() % 2]);
    body.set("name", "P");
    body.set("micinf", true);
    body.set("vidinf", true);
    const bool offers = as ? !as->answered : random_() % 4 != 0;
    if (offers) body.set("offer", Json::parse(R"({"sdp":"x","sources":{}})").value());
    if (as) body.set("resume", as->resume);
    Json answer = clients_.ask_with(connection, "join", std::move(body));
    const std::int64_t ack = clients_.last_ack();
    for (int i = 0; answer.is_null() && i < 10; ++i) {
      serve();
      answer = clients_.answer_to(ack);
      if (answer.is_null()) clients_.advance(500ms);
      if (answer.is_null()) answer = clients_.answer_to(ack);
    }
    ASSERT_FALSE(answer.is_null()) << "a join waits for media for ever";
    if (!*answer.find("ok")->as_bool()) return;
    const Welcome welcome = welcome_of(answer);
    if (as) std::erase_if(pages_, [&](const auto& entry) { return entry.second.sid == as->sid; });
    const bool lives_on = as && as->answered && welcome.resumed;
    pages_[connection] = {.room = welcome.room,
                          .sid = welcome.sid,
                          .resume = welcome.resume,
                          .topology = welcome.topology,
                          .answered = welcome.answer.has_value() || lives_on,
                          .may_offer = offers && !welcome.answer,
                          .since = now()};
    for (const Event& event : early_) hear(pages_[connection], event);
    joining_ = {};
  }

  void leave() {
    if (pages_.empty()) return;
    const auto who = any();
    clients_.say(who->first, "leave");
    pages_.erase(who);
  }

  void break_off() {
    if (pages_.empty()) return;
    const auto who = any();
    broken_.push_back(who->second);
    const ConnectionId id = who->first;
    pages_.erase(who);
    clients_.lose(id);
  }

  void come_back() {
    if (broken_.empty()) return;
    const Page page = broken_.back();
    broken_.pop_back();
    join(page);
  }

  void miss_somebody() {
    if (pages_.empty()) return;
    const auto who = any();
    for (const auto& [id, page] : pages_) {
      if (page.room != who->second.room || page.sid == who->second.sid) continue;
      clients_.say(who->first, "unconnected", fmt::format(R"({{"sid":"{}"}})", page.sid));
      return;
    }
  }

  void hear(Page& page, const Event& event) {
    const auto* const told = std::get_if<TopologyChanged>(&event);
    if (told == nullptr) return;
    page.topology = told->topology;
    if (told->topology == Topology::kSfu) {
      if (told->answer) {
        EXPECT_TRUE(page.may_offer) << "an answer to no offer";
      }
      page.answered = told->answer.has_value();
      page.may_offer = false;
    } else {
      page.answered = false;
      EXPECT_GE(now() - last_crowded_[page.room], 30s) << "back too early";
    }
  }

  void connect_if_asked(ConnectionId id, Page& page) {
    if (page.connecting != 0) {
      const Json answer = clients_.answer_to(page.connecting);
      if (answer.is_null()) return;
      page.connecting = 0;
      page.answered = *answer.find("ok")->as_bool() && page.topology == Topology::kSfu;
    }
    if (page.topology != Topology::kSfu || page.answered) return;
    page.may_offer = false;
    const Json at_once = clients_.ask(id, "negotiate", R"({"offer":{"sdp":"x","sources":{}}})");
    if (at_once.is_null()) page.connecting = clients_.last_ack();
  }

  // ---- Media

  void serve() {
    for (const ToMedia& asked : clients_.asked_of_media()) {
      if (std::holds_alternative<Connect>(asked.request)) {
        connected_[asked.room].insert(asked.sid);
        if (random_() % 20 == 0) continue;  // Never.
        const auto delay = random_() % 4 == 0 ? random_() % 3'000 : 0;
        answers_.emplace(now() + std::chrono::milliseconds(delay), asked);
      } else if (std::holds_alternative<Disconnect>(asked.request)) {
        connected_[asked.room].erase(asked.sid);
        if (connected_[asked.room].empty()) connected_.erase(asked.room);
      } else if (std::holds_alternative<CloseRoom>(asked.request)) {
        connected_.erase(asked.room);
      }
    }
    while (!answers_.empty() && answers_.begin()->first <= now()) {
      const ToMedia asked = answers_.extract(answers_.begin()).mapped();
      clients_.hear(asked.room, asked.sid, Answered{asked.ticket, "an answer"});
    }
  }

  void change_view() {
    if (pages_.empty()) return;
    clients_.say(any()->first, "view",
                 random_() % 2 == 0 ? R"({"tiles":[]})"
                                    : R"({"tiles":[],"oneStream":{"width":640,"height":360}})");
  }

  void fail_connection() {
    if (pages_.empty()) return;
    Page& page = any()->second;
    if (page.topology != Topology::kSfu || !page.answered) return;
    const bool had = connected_[page.room].erase(page.sid) > 0;
    if (connected_[page.room].empty()) connected_.erase(page.room);
    if (!had) return;
    clients_.hear(page.room, page.sid, ConnectionChanged{ConnectionChanged::State::kFailed});
  }

  std::map<ConnectionId, Page>::iterator any() {
    return std::next(pages_.begin(), static_cast<std::ptrdiff_t>(random_() % pages_.size()));
  }

  std::mt19937_64 random_;
  TestClients clients_;
  std::uint64_t last_connection_ = 0;
  ConnectionId joining_ = {};
  std::vector<Event> early_;  // What it was told before this crowd took note of its welcome.
  std::map<ConnectionId, Page> pages_;
  std::vector<Page> broken_;
  std::map<std::string, std::set<std::string>> connected_;  // Sids by room, as media has them.
  std::multimap<Time, ToMedia> answers_;                    // When they will be given.
  std::map<std::string, Topology> topologies_;
  std::map<std::string, Time> last_change_;
  std::map<std::string, Time> last_crowded_;
};

TEST(TopologySimulation, NobodyIsLeftBehindAndNothingFlaps) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    Crowd crowd(seed);
    for (int i = 0; i < 1'500; ++i) {
      crowd.step();
      crowd.check();
      if (testing::Test::HasFailure()) FAIL() << "seed " << seed << ", step " << i;
    }
    const auto& counters = crowd.counters();
    for (const TopologyReason reason : {TopologyReason::kThird, TopologyReason::kUnconnected,
                                        TopologyReason::kOneStream, TopologyReason::kAlone}) {
      EXPECT_GT(counters.topology_changes[std::to_underlying(reason)], 0u);
    }
    EXPECT_GT(counters.media_timeouts, 10u);
    EXPECT_GT(counters.media_failed, 10u);
    EXPECT_TRUE(crowd.empty_after_an_hour()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace parley::meeting
