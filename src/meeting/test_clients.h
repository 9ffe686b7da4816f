#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/overloaded.h"
#include "meeting/fake_store.h"
#include "meeting/rooms.h"

namespace parley::meeting {

inline Welcome welcome_of(const Json& answer) {
  Json fields = answer;
  std::erase_if(*fields.as_object(), [](const Json::Member& member) { return member.key == "ok"; });
  return from_json<Welcome>(fields).value();
}

// For tests: an engine with its owner, and what each connection has heard from it. The store
// answers at once, unless it is held.
class TestClients {
 public:
  explicit TestClients(RoomsConfig config = {}, std::uint64_t seed = 1, FakeStore store = {})
      : random_(seed), rooms_(config, random_), store_(std::move(store)) {}

  Rooms& rooms() { return rooms_; }
  const Rooms& rooms_now() const { return rooms_; }
  Time now() const { return now_; }
  FakeStore& store() { return store_; }

  void came(ConnectionId who, Identity identity, std::string address = {}) {
    input(Rooms::Came{who, std::move(identity), std::move(address)});
  }

  // What is asked of the store waits until it is released, or all of it.
  void hold_store() { held_ = true; }
  std::size_t asked() const { return asked_.size(); }
  void release_one() {
    ToStore request = std::move(asked_.front());
    asked_.pop_front();
    rooms_.handle_input(
        now_, Rooms::FromStore{request.ticket, store_.perform(request.room, request.request)});
    drain_all();
  }
  void release_store() {
    held_ = false;
    while (!asked_.empty()) release_one();
  }

  // Says it with an acknowledgement asked for, and returns that.
  Json ask_with(ConnectionId who, std::string_view event, Json body,
                std::optional<JoinClaim> token = {}) {
    const std::int64_t ack = ++ack_;
    input(Rooms::Said{who, std::string(event), std::move(body), ack, std::move(token)});
    return answer_to(ack);
  }
  // The answer to the request of that number, the first being 1; null if there is none yet.
  Json answer_to(std::int64_t ack) {
    auto answer = answers_.extract(ack);
    return answer.empty() ? Json() : std::move(answer.mapped());
  }
  std::int64_t last_ack() const { return ack_; }
  Json ask(ConnectionId who, std::string_view event, std::string_view body = "{}") {
    return ask_with(who, event, Json::parse(body).value());
  }

  // Says it without asking for one.
  void say(ConnectionId who, std::string_view event, std::string_view body = "{}") {
    input(Rooms::Said{who, std::string(event), Json::parse(body).value(), {}, {}});
  }

  // The same, and what was heard: "joined {...}", oldest first, since the last call.
  std::vector<std::string> heard(ConnectionId who) { return std::exchange(heard_[who], {}); }

  void input(Rooms::Input input) {
    rooms_.handle_input(now_, std::move(input));
    drain_all();
  }
  // What was asked of media since the last call, unless it answers by itself.
  std::vector<ToMedia> asked_of_media() {
    const auto asked = std::exchange(media_, {});
    return {asked.begin(), asked.end()};
  }
  void hear(std::string room, std::string sid, MediaEvent event) {
    input(FromMedia{std::move(room), std::move(sid), std::move(event)});
  }
  // Every Connect is answered at once, and nothing is kept for asked_of_media().
  bool media_answers = false;
  std::move_only_function<void(const ToMedia&)> on_media = {};

  void lose(ConnectionId who, bool may_recover = false) { input(Rooms::Lost{who, may_recover}); }

  // Lets time pass, stopping at each deadline.
  void advance(Duration duration) {
    const Time end = now_ + duration;
    while (rooms_.next_deadline() <= end) {
      now_ = std::max(now_, rooms_.next_deadline());
      rooms_.handle_timeout(now_);
      drain_all();
    }
    now_ = end;
  }

  bool forgot(ConnectionId who) const { return forgotten_.contains(who); }
  void input_recovered_late(ConnectionId who) {
    forgotten_.erase(who);
    input(Rooms::Recovered{who});
  }

  // Called with each event and each connection that it is for, in order.
  std::move_only_function<void(ConnectionId, const Event&)> on_event = {};
  std::move_only_function<void(ConnectionId, const Welcome&)> on_admitted = {};

 private:
  void drain_all() {
    drain(rooms_, [&](Rooms::Output output) {
      std::visit(overloaded{
                     [&](const Tell& tell) { deliver(tell); },
                     [&](const Answer& answer) { take(answer.ack, answer_body(answer.reply)); },
                     [&](const Admit& admit) { take(admit); },
                     [&](const GiveIceServers& give) {
                       take(give.ack,
                            answer_body(IceServersReply{{{.urls = {"stun:" + give.sid}}}}));
                     },
                     [&](const Forget& forget) { forgotten_.insert(forget.connection); },
                     [&](const ToStore& request) { asked_.push_back(request); },
                     [&](const ToMedia& request) { media_.push_back(request); },
                 },
                 output);
    });
    while (!held_ && !asked_.empty()) release_one();
    while (media_answers && !media_.empty()) answer_media();
  }

  void answer_media() {
    ToMedia request = std::move(media_.front());
    media_.pop_front();
    if (on_media) on_media(request);
    if (std::holds_alternative<Connect>(request.request)) {
      hear(request.room, request.sid,
           Answered{request.ticket, fmt::format("answer {}", request.ticket)});
    }
  }

  void take(std::int64_t ack, const Json::Written& answer) {
    EXPECT_TRUE(answers_.try_emplace(ack, Json::parse(answer.text).value()).second)
        << "answered twice";
  }
  void take(const Admit& admit) {
    if (admit.ack) return take(*admit.ack, answer_body(admit.welcome));
    if (on_admitted) return on_admitted(admit.to, admit.welcome);
    heard_[admit.to].push_back("admitted " + to_json(admit.welcome).to_text());
  }

  void deliver(const Tell& tell) {
    const std::string text = std::string(name_of(tell.event)) + " " + body_of(tell.event).to_text();
    for (const ConnectionId to : tell.to) {
      EXPECT_FALSE(forgotten_.contains(to)) << to.value << " was forgotten";
      if (on_event) {
        on_event(to, tell.event);
      } else {
        heard_[to].push_back(text);
      }
    }
  }

  Time now_ = Time() + std::chrono::hours{1};
  SeededRandom random_;
  Rooms rooms_;
  std::int64_t ack_ = 0;
  FakeStore store_;
  bool held_ = false;
  std::deque<ToStore> asked_;
  std::deque<ToMedia> media_;
  std::map<std::int64_t, Json> answers_;  // By ack.
  std::map<ConnectionId, std::vector<std::string>> heard_;
  std::set<ConnectionId> forgotten_;
};

}  // namespace parley::meeting
