#include <gtest/gtest.h>

#include <array>
#include <random>
#include <set>

#include "meeting/rooms.h"
#include "meeting/test_clients.h"

namespace parley::meeting {
namespace {

using namespace std::chrono_literals;

// People who join three rooms, do to each other whatever hosts and participants can, chat and plan,
// while the store is slow, and fails at times.
class Crowd {
 public:
  explicit Crowd(std::uint64_t seed)
      : random_(seed), clients_({.max_participants = 5, .max_waiting = 3}, seed) {
    clients_.on_event = [this](ConnectionId to, const Event& event) { hear(to, event); };
    clients_.on_admitted = [this](ConnectionId to, const Welcome& welcome) {
      sids_.push_back(welcome.sid);
      last_chat_.erase(to);
    };
    clients_.hold_store();
  }

  void step() {
    clients_.advance(std::chrono::milliseconds(random_() % 3'000));
    if (random_() % 50 == 0) clients_.store().failing = !clients_.store().failing;
    while (clients_.asked() > 0 && random_() % 4 != 0) clients_.release_one();
    ConnectionId& who = connections_[random_() % connections_.size()];
    if (!who || clients_.forgot(who)) who = ConnectionId{++last_connection_};
    switch (random_() % 12) {
      case 0: clients_.lose(who, random_() % 2 == 0); break;
      case 1: clients_.input_recovered_late(who); break;
      case 2:
      case 3:
        last_chat_.erase(who);
        say(who, "join", join_body());
        break;
      default: say(who, "", {}); break;
    }
    collect();
  }

  void check() const {
    const Counters& counters = clients_.rooms_now().counters();
    std::size_t participants = 0;
    std::size_t away = 0;
    for (const char* name : {"room-0", "room-1", "room-2"}) {
      const RoomView room = clients_.rooms_now().view(name);
      ASSERT_LE(room.participants.size(), 5u);
      participants += room.participants.size();
      away +=
          static_cast<std::size_t>(std::ranges::count(room.participants, true, &Occupant::away));
    }
    ASSERT_EQ(counters.participants, participants);
    ASSERT_EQ(counters.away, away);
    ASSERT_LE(counters.waiting, 9u);
    ASSERT_LE(counters.rooms, 3u);
  }

  // Everyone goes: nothing is left, and every event was answered once.
  void finish() {
    clients_.store().failing = false;
    clients_.release_store();
    for (const ConnectionId who : connections_) clients_.lose(who);
    clients_.advance(2h);
    collect();
    const Counters& counters = clients_.rooms().counters();
    EXPECT_EQ(counters.rooms + counters.participants + counters.away + counters.waiting, 0u);
    EXPECT_EQ(clients_.rooms().next_deadline(), kNever);
    EXPECT_GT(counters.messages, 10u);
    EXPECT_GT(counters.todo_changes, 10u);
    EXPECT_GT(counters.admitted, 0u);
    EXPECT_GT(counters.removed, 0u);
    EXPECT_GT(counters.ended, 0u);
    EXPECT_GT(counters.role_changes, 10u);
    EXPECT_GT(counters.store_failures, 10u);
  }

 private:
  std::string join_body() {
    std::string resume;
    if (!resumes_.empty() && random_() % 2 == 0) {
      resume = fmt::format(R"(,"resume":"{}")", resumes_[random_() % resumes_.size()]);
    }
    return fmt::format(R"({{"room":"room-{}","name":"P","micinf":true,"vidinf":true{}}})",
                       random_() % 3, resume);
  }

  // One of the latest, who are likely to be there.
  std::string recent(const std::vector<std::string>& of, std::size_t count) {
    if (of.empty()) return "nobody";
    return of[of.size() - 1 - random_() % std::min(of.size(), count)];
  }
  std::string sid() { return recent(sids_, 15); }
  std::string waiting() { return recent(waiting_, 6); }
  std::string yes() { return random_() % 2 == 0 ? "true" : "false"; }

  // Something that anybody may try to say.
  void say(ConnectionId who, std::string_view event, std::string body) {
    if (!event.empty()) return ask(who, event, body);
    switch (random_() % 16) {
      case 0: return ask(who, "leave", "{}");
      case 1:
        return ask(who, "settings",
                   fmt::format(R"({{"waitingRoom":{},"locked":{}}})", yes(),
                               random_() % 8 == 0 ? "true" : "false"));
      case 2:
      case 3: return ask(who, "admit", fmt::format(R"({{"sids":["{}","{}"]}})", sid(), waiting()));
      case 4: return ask(who, "refuse", fmt::format(R"({{"sids":["{}"]}})", waiting()));
      case 5: return ask(who, "remove", fmt::format(R"({{"sid":"{}"}})", sid()));
      case 6: return ask(who, "mute", R"({"source":"microphone"})");
      case 7:
        return ask(who, "permit",
                   fmt::format(R"({{"sid":"{}","permissions":{{"microphone":{},"camera":true,)"
                               R"("screen":true,"chat":true,"todo":{}}}}})",
                               sid(), yes(), yes()));
      case 8:
        return ask(who, "role",
                   fmt::format(R"({{"sid":"{}","role":"{}"}})", sid(),
                               random_() % 3 == 0 ? "owner" : "cohost"));
      case 9:
        if (random_() % 6 != 0) return;
        return ask(who, "end", "{}");
      case 10: return ask(who, "hand", fmt::format(R"({{"raised":{}}})", yes()));
      case 11: return ask(who, "chatHistory", "{}");
      case 12:
        return ask(who, "todo",
                   fmt::format(R"({{"changes":[{{"item":"item-{:04}","age":{},"text":"x"}}]}})",
                               random_() % 20, random_() % 5'000));
      default:
        return ask(who, "chat", fmt::format(R"({{"key":"{}","text":"x"}})", random_() % 10'000));
    }
  }

  void ask(ConnectionId who, std::string_view event, std::string_view body) {
    const Json answer = clients_.ask(who, event, body);
    if (answer.is_null()) {
      open_.insert(clients_.last_ack());
    } else {
      learn(answer);
    }
  }

  // What was answered since.
  void collect() {
    std::erase_if(open_, [&](std::int64_t ack) {
      const Json answer = clients_.answer_to(ack);
      if (!answer.is_null()) learn(answer);
      return !answer.is_null();
    });
  }

  void learn(const Json& answer) {
    if (const Json* const resume = answer.find("resume")) {
      resumes_.push_back(*resume->as_string());
      sids_.push_back(resume->as_string()->substr(0, 12));
    }
  }

  void hear(ConnectionId to, const Event& event) {
    std::visit(overloaded{
                   [&](const ChatPosted& chat) {
                     // All hear it in the order of the store.
                     EXPECT_GT(chat.message.id, last_chat_[to]);
                     last_chat_[to] = chat.message.id;
                   },
                   [&](const WaitingChanged& waiting) {
                     for (const WaitingPerson& person : waiting.people) {
                       waiting_.push_back(person.sid);
                     }
                   },
                   [&](const ParticipantChanged& changed) {
                     const ParticipantView& who = changed.participant;
                     EXPECT_TRUE(!who.micinf || who.permissions.microphone);
                   },
                   [&](const auto&) {},
               },
               event);
    if (std::holds_alternative<Ended>(event) || std::holds_alternative<Removed>(event)) {
      last_chat_.erase(to);
    }
  }

  std::mt19937_64 random_;
  TestClients clients_;
  std::array<ConnectionId, 12> connections_ = {};
  std::uint64_t last_connection_ = 0;
  std::vector<std::string> resumes_, sids_, waiting_;
  std::set<std::int64_t> open_;  // Acks of what is not answered yet.
  std::map<ConnectionId, std::int64_t> last_chat_;
};

TEST(RoomsStoreSimulation, NothingIsLostOrSaidTwiceOrLeftBehind) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    Crowd crowd(seed);
    for (int i = 0; i < 5'000; ++i) {
      crowd.step();
      crowd.check();
      if (testing::Test::HasFailure()) FAIL() << "seed " << seed << ", step " << i;
    }
    crowd.finish();
    if (testing::Test::HasFailure()) FAIL() << "seed " << seed;
  }
}

}  // namespace
}  // namespace parley::meeting
