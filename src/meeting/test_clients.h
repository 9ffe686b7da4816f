#pragma once

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/overloaded.h"
#include "meeting/rooms.h"

namespace parley::meeting {

// For tests: an engine with its owner, and what each connection has heard from it.
class TestClients {
 public:
  explicit TestClients(RoomsConfig config = {}, std::uint64_t seed = 1)
      : random_(seed), rooms_(config, random_) {}

  Rooms& rooms() { return rooms_; }
  Time now() const { return now_; }

  // Says it with an acknowledgement asked for, and returns that.
  Json ask_with(ConnectionId who, std::string_view event, Json body) {
    input(Rooms::Said{who, std::string(event), std::move(body), ++ack_});
    return std::exchange(answer_, {});
  }
  Json ask(ConnectionId who, std::string_view event, std::string_view body = "{}") {
    return ask_with(who, event, Json::parse(body).value());
  }

  // Says it without asking for one.
  void say(ConnectionId who, std::string_view event, std::string_view body = "{}") {
    input(Rooms::Said{who, std::string(event), Json::parse(body).value(), std::nullopt});
  }

  // The same, and what was heard: "joined {...}", oldest first, since the last call.
  std::vector<std::string> heard(ConnectionId who) { return std::exchange(heard_[who], {}); }

  void input(Rooms::Input input) {
    rooms_.handle_input(now_, std::move(input));
    drain_all();
  }
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

 private:
  void drain_all() {
    drain(rooms_, [&](Rooms::Output output) {
      std::visit(overloaded{
                     [&](const Rooms::Tell& tell) { deliver(tell); },
                     [&](const Rooms::Answer& answer) { answer_ = answer_body(answer.refusal); },
                     [&](const Rooms::Admit& admit) { answer_ = to_json(admit.welcome); },
                     [&](const Rooms::Forget& forget) { forgotten_.insert(forget.connection); },
                 },
                 output);
    });
  }

  void deliver(const Rooms::Tell& tell) {
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
  Json answer_;  // To the latest event that asked for one.
  std::map<ConnectionId, std::vector<std::string>> heard_;
  std::set<ConnectionId> forgotten_;
};

}  // namespace parley::meeting
