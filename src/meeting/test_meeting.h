#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meeting/test_clients.h"

namespace parley::meeting {

inline constexpr ConnectionId kAda{1};
inline constexpr ConnectionId kBob{2};
inline constexpr ConnectionId kCy{3};
inline constexpr ConnectionId kDan{4};
inline constexpr ConnectionId kAdaAgain{11};
inline constexpr ConnectionId kBobAgain{12};

// For tests: a meeting in the room "daily". Who is the first there owns it.
class MeetingTest : public testing::Test {
 protected:
  using Heard = std::vector<std::string>;

  TestClients& clients() { return *clients_; }
  FakeStore& store() { return clients_->store(); }

  // A new server on the same store, a while later.
  void restart(RoomsConfig config = {}) {
    FakeStore kept = std::move(clients_->store());
    const Time now = clients_->now() + std::chrono::minutes{1};
    config.started =
        UnixMillis(std::chrono::floor<std::chrono::milliseconds>(now.time_since_epoch()));
    clients_.emplace(config, ++seed_, std::move(kept));
    clients_->advance(now - clients_->now());
  }
  void configure(RoomsConfig config) { clients_.emplace(config, ++seed_); }

  // A room that account 7 owns.
  FakeStore::Kept& keep_room(RoomSettings settings = {}) {
    FakeStore::Kept& kept = store().at("daily");
    kept.room.owner = UserId{7};
    kept.room.settings = settings;
    return kept;
  }
  void log_in(ConnectionId who, std::uint64_t user, std::string address = {}) {
    clients().came(who, {.user = {user}, .account = fmt::format("user{}", user)},
                   std::move(address));
  }

  Json try_join(ConnectionId who, std::string_view name, std::string_view resume = {},
                std::optional<JoinClaim> token = {}) {
    Json body = Json::parse(R"({"room":"daily","micinf":true,"vidinf":true})").value();
    body.set("name", name);
    if (!resume.empty()) body.set("resume", resume);
    if (token) body.set("token", "a token");
    return clients().ask_with(who, "join", std::move(body), std::move(token));
  }
  Welcome join(ConnectionId who, std::string_view name, std::string_view resume = {},
               std::optional<JoinClaim> token = {}) {
    return welcome_of(try_join(who, name, resume, std::move(token)));
  }

  Json ask(ConnectionId who, std::string_view event, std::string_view body = "{}") {
    return clients().ask(who, event, body);
  }
  std::string try_to(ConnectionId who, std::string_view event, std::string_view body = "{}") {
    return code(ask(who, event, body));
  }

  static std::string code(const Json& answer) {
    if (answer.is_null()) return "none";
    if (answer.find("waiting") != nullptr && answer.find("sid") == nullptr) return "waiting";
    const Json* const error = answer.find("error");
    if (error == nullptr) return "ok";
    const Json* const field = error->find("field");
    return *error->find("code")->as_string() + (field ? " " + *field->as_string() : "");
  }
  static std::string text(const Json& json, std::string_view field) {
    return *json.find(field)->as_string();
  }

  // What was heard since the last call: the names of the events, or the events of that name.
  Heard names_heard(ConnectionId who) {
    Heard names;
    for (const std::string& event : clients().heard(who)) {
      names.push_back(event.substr(0, event.find(' ')));
    }
    return names;
  }
  Heard heard(ConnectionId who, std::string_view name) {
    Heard found;
    for (const std::string& event : clients().heard(who)) {
      const std::size_t space = event.find(' ');
      if (event.substr(0, space) == name) found.push_back(event.substr(space + 1));
    }
    return found;
  }
  void forget() {
    for (const ConnectionId who : {kAda, kBob, kCy, kDan, kAdaAgain, kBobAgain}) {
      clients().heard(who);
    }
  }

 private:
  std::uint64_t seed_ = 1;
  std::optional<TestClients> clients_{std::in_place};
};

}  // namespace parley::meeting
