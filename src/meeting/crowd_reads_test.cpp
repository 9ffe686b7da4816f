#include <gtest/gtest.h>

#include <random>

#include "meeting/rooms.h"
#include "meeting/test_clients.h"

// A lecture's thousand come back at one moment, as after a restart, and read all that is kept.
namespace parley::meeting {
namespace {

using namespace std::chrono_literals;
using namespace std::string_view_literals;

constexpr std::size_t kCrowd = 1'000;

class Hall {
 public:
  explicit Hall(std::uint64_t seed) : random_(seed), clients_(config(), seed) {
    clients_.media_answers = true;
    clients_.on_event = [this](ConnectionId to, const Event& event) {
      if (const auto* const chat = std::get_if<ChatPosted>(&event)) told_[to] = chat->message.id;
    };
    for (std::size_t n = 0; n < kCrowd; ++n) join();
    clients_.advance(1s);
    fill();
  }

  // In any order, and a host goes on writing meanwhile.
  void read_all() {
    std::vector<std::pair<ConnectionId, std::string_view>> reads;
    for (const auto& [who, sid] : people_) {
      for (const char* const read : {"chatHistory", "todoList", "questions"}) {
        reads.emplace_back(who, read);
      }
    }
    std::ranges::shuffle(reads, random_);
    before_ = clients_.store().performed;
    clients_.hold_store();
    for (const auto& [who, read] : reads) {
      clients_.ask(who, read);
      (read == "chatHistory"sv ? histories_ : others_).emplace(clients_.last_ack(), who);
      if (random_() % 100 == 0) say();
      if (random_() % 10 == 0) answer_one();
    }
    while (clients_.asked() > 0) answer_one();
    collect(others_);
  }

  // By many, who are then too many.
  std::size_t write_until_refused() {
    clients_.hold_store();
    std::size_t written = 0;
    for (const auto& [who, sid] : people_) {
      clients_.ask(who, "chat", fmt::format(R"({{"key":"k{}","text":"x"}})", who.value));
      if (!clients_.answer_to(clients_.last_ack()).is_null() || refusals() > 0) return written;
      ++written;
    }
    return written;
  }

  bool all_are_answered() const { return histories_.empty() && others_.empty(); }
  std::size_t performed() { return clients_.store().performed - before_; }
  std::size_t writes() const { return writes_; }
  std::uint64_t refusals() {
    return counters().refusals[static_cast<std::size_t>(Code::kTooManyRequests)];
  }
  const Counters& counters() { return clients_.rooms().counters(); }
  bool reads(std::string_view what) {
    clients_.ask(people_.back().first, what);
    const std::int64_t ack = clients_.last_ack();
    clients_.release_store();
    return *clients_.answer_to(ack).find("ok")->as_bool();
  }

 private:
  static RoomsConfig config() {
    RoomsConfig config;
    config.topology = {.media = true, .one_stream = true};
    return config;
  }

  void join() {
    const ConnectionId who{people_.size() + 1};
    Json body =
        Json::parse(R"({"room":"talk","micinf":true,"vidinf":true,"lecture":true})").value();
    body.set("name", fmt::format("Person {}", who.value));
    people_.emplace_back(who, welcome_of(clients_.ask_with(who, "join", std::move(body))).sid);
  }

  // Much is there already; to some of them the host has said something in private.
  void fill() {
    for (int n = 0; n < 70; ++n) say();
    for (std::size_t n = 0; n < 30; ++n) say(people_[n * 7 + 1].second);
    for (int n = 0; n < 20; ++n) {
      clients_.ask(people_[0].first, "todo",
                   fmt::format(R"({{"changes":[{{"item":"item-{:04}","age":0,"text":"x"}}]}})", n));
    }
    clients_.ask(people_[0].first, "question", R"({"key":"q","text":"Why?"})");
  }

  void say(std::string_view to = {}) {
    const std::string more = to.empty() ? "" : fmt::format(R"(,"to":"{}")", to);
    clients_.ask(people_[0].first, "chat",
                 fmt::format(R"({{"key":"k{}","text":"x"{}}})", ++writes_, more));
  }

  void answer_one() {
    if (clients_.asked() == 0) return;
    clients_.release_one();
    collect(histories_);
  }
  void collect(std::map<std::int64_t, ConnectionId>& open) {
    std::erase_if(open, [&](const auto& each) {
      const Json answer = clients_.answer_to(each.first);
      if (answer.is_null()) return false;
      EXPECT_TRUE(*answer.find("ok")->as_bool()) << answer.to_text();
      if (const Json* const messages = answer.find("messages")) check(each.second, *messages);
      if (const Json* const items = answer.find("items")) {
        EXPECT_EQ(items->as_array()->size(), 20u);
      }
      return true;
    });
  }

  // A full page of what they may see, and all that they have been told.
  void check(ConnectionId who, const Json& messages) {
    const std::string& sid = people_[who.value - 1].second;
    EXPECT_EQ(messages.as_array()->size(), 50u);
    for (const Json& message : *messages.as_array()) {
      const Json* const to = message.find("to");
      if (to->is_null() || who == people_[0].first) continue;
      EXPECT_EQ(*to->find("sid")->as_string(), sid);
    }
    EXPECT_GE(*messages.as_array()->back().find("id")->as_int(), told_[who]);
  }

  std::mt19937_64 random_;
  TestClients clients_;
  std::vector<std::pair<ConnectionId, std::string>> people_;  // With their sids; the first is host.
  std::map<ConnectionId, std::int64_t> told_;                 // The last message.
  std::map<std::int64_t, ConnectionId> histories_, others_;   // What is read, by ack.
  std::size_t writes_ = 0;
  std::size_t before_ = 0;
};

TEST(CrowdReads, AThousandWhoComeBackAtOnceAllReadWhatIsKept) {
  Hall hall(1);
  const std::size_t before = hall.writes();
  hall.read_all();
  EXPECT_TRUE(hall.all_are_answered());
  EXPECT_EQ(hall.refusals(), 0u);
  EXPECT_GT(hall.writes() - before, 10u);
  // A read of the questions each; of chat and list a few, in all.
  EXPECT_LT(hall.performed(), kCrowd + 200);
  EXPECT_GT(hall.counters().shared_reads, 2 * kCrowd - 200);
}

TEST(CrowdReads, WhatTheyWriteIsBoundedAndKeepsNobodyFromReading) {
  Hall hall(2);
  EXPECT_EQ(hall.write_until_refused(), Ledger::kMaxChanges);
  EXPECT_EQ(hall.refusals(), 1u);
  EXPECT_TRUE(hall.reads("todoList"));
}

}  // namespace
}  // namespace parley::meeting
