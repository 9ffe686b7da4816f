#include "server/meeting_binding.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace parley::server {
namespace {

using namespace std::chrono_literals;
using meeting::ConnectionId;
using Notes = std::vector<std::string>;

// A door that writes down what it is asked to do.
class NotingDoor final : public Door {
 public:
  explicit NotingDoor(std::string name) : name_(std::move(name)) {}

  Notes take() { return std::exchange(notes_, {}); }
  Json answered = {};
  std::move_only_function<void()> on_tell = {};

 private:
  void tell(std::span<const ConnectionId> to, std::string_view event, const Json&) override {
    notes_.push_back(fmt::format("{} to {}", event, to.size()));
    if (on_tell) on_tell();
  }
  void answer(ConnectionId, std::int64_t, const Json::Written& body) override {
    answered = Json::parse(body.text).value();
  }
  void forget(ConnectionId) override { notes_.push_back("forget"); }
  std::vector<meeting::IceServer> ice_servers(ConnectionId, std::string_view sid) override {
    return {{.urls = {"stun:" + name_}, .username = std::string(sid)}};
  }

  std::string name_;
  Notes notes_;
};

// Answers every offer, but only when it is told to.
class FakeDesk final : public MediaDesk {
 public:
  std::vector<meeting::ToMedia> asked = {};

  void answer_all() {
    for (const meeting::ToMedia& request : std::exchange(asked, {})) {
      if (!std::holds_alternative<meeting::Connect>(request.request)) continue;
      on_event_({request.room, request.sid, meeting::Answered{request.ticket, "v=0"}});
    }
  }

 private:
  void set_listener(OnEvent on_event) override { on_event_ = std::move(on_event); }
  void carry_out(meeting::ToMedia request) override { asked.push_back(std::move(request)); }

  OnEvent on_event_;
};

class MeetingBindingTest : public testing::Test {
 protected:
  ConnectionId enter(NotingDoor& door, std::string_view room = "daily") {
    const ConnectionId id = meeting_.add(door);
    Json body = Json::parse(R"({"name":"A","micinf":true,"vidinf":true})").value();
    body.set("room", room);
    meeting_.said(id, "join", std::move(body), 1);
    return id;
  }

  io::EventLoop loop_;
  SeededRandom random_{1};
  MeetingBinding meeting_{loop_, {.grace = 1ms}, random_};
  NotingDoor left_{"left"};
  NotingDoor right_{"right"};
};

TEST_F(MeetingBindingTest, GivesEachDoorsClientsIdsOfTheirOwn) {
  const ConnectionId a = meeting_.add(left_);
  const ConnectionId b = meeting_.add(right_);
  const ConnectionId c = meeting_.add(left_);
  EXPECT_TRUE(a && b && c);
  EXPECT_TRUE(a != b && b != c && a != c);
}

TEST_F(MeetingBindingTest, AnswersAJoinWithTheIceServersOfTheDoor) {
  enter(right_);
  const std::string& sid = *right_.answered.find("sid")->as_string();
  EXPECT_EQ(right_.answered.find("iceServers")->to_text(),
            R"([{"urls":["stun:right"],"username":")" + sid + R"("}])");
  EXPECT_EQ(*right_.answered.find("ok")->as_bool(), true);
}

TEST_F(MeetingBindingTest, GivesTheDoorsIceServersToWhoAsksForThemAnew) {
  const ConnectionId id = enter(right_);
  const std::string sid = *right_.answered.find("sid")->as_string();
  meeting_.said(id, "iceServers", Json::Object{}, 2);
  EXPECT_EQ(right_.answered.to_text(),
            R"({"ok":true,"iceServers":[{"urls":["stun:right"],"username":")" + sid + R"("}]})");
}

TEST_F(MeetingBindingTest, TellsEachDoorOnceForAllItsClients) {
  for (int i = 0; i < 3; ++i) enter(left_);
  for (int i = 0; i < 2; ++i) enter(right_);
  left_.take();
  right_.take();
  enter(right_);
  EXPECT_EQ(left_.take(), Notes{"joined to 3"});
  EXPECT_EQ(right_.take(), Notes{"joined to 2"});
}

TEST_F(MeetingBindingTest, RefusesThroughTheDoor) {
  const ConnectionId id = meeting_.add(left_);
  meeting_.said(id, "leave", Json::Object{}, 1);
  EXPECT_EQ(*left_.answered.find("error")->find("code")->as_string(), "not-joined");
  meeting_.said(id, "leave", Json::Object{}, std::nullopt);
  EXPECT_EQ(left_.take(), Notes{"error to 1"});
}

TEST_F(MeetingBindingTest, KeepsTheEnginesDeadlines) {
  enter(left_);
  const ConnectionId gone = enter(right_);
  meeting_.lost(gone, false);
  EXPECT_EQ(left_.take(), (Notes{"joined to 1", "away to 1"}));
  EXPECT_EQ(right_.take(), Notes{"forget"});
  Notes told;
  while (told.empty()) {
    loop_.run_turn(1s);  // Until the timer, a millisecond ahead.
    told = left_.take();
  }
  EXPECT_EQ(told, Notes{"left to 1"});
}

TEST_F(MeetingBindingTest, HandsOnARecovery) {
  enter(left_);
  const ConnectionId id = enter(right_);
  left_.take();
  meeting_.lost(id, true);
  meeting_.recovered(id);
  EXPECT_EQ(left_.take(), (Notes{"away to 1", "back to 1"}));
}

// A slow client is closed while it is told something: that is news for the others in its turn.
TEST_F(MeetingBindingTest, TakesWhatADoorCausesWhileItIsTold) {
  enter(left_);
  const ConnectionId slow = enter(right_);
  left_.take();
  right_.on_tell = [&] { meeting_.lost(slow, false); };
  enter(left_);
  EXPECT_EQ(left_.take(), (Notes{"joined to 1", "away to 2"}));
  EXPECT_EQ(right_.take(), (Notes{"joined to 1", "forget"}));
}

TEST_F(MeetingBindingTest, TellsEveryoneThatItCloses) {
  enter(left_);
  enter(right_, "other");
  meeting_.close("Bye.");
  EXPECT_EQ(left_.take(), Notes{"closing to 1"});
  EXPECT_EQ(right_.take(), Notes{"closing to 1"});
}

// ---- Media

constexpr std::string_view kOfferingJoin =
    R"({"room":"daily","name":"A","micinf":true,"vidinf":true,"topology":"sfu",)"
    R"("offer":{"sdp":"x","sources":{}}})";

TEST_F(MeetingBindingTest, CarriesOffersToMediaAndAnswersBack) {
  FakeDesk desk;
  MeetingBinding meeting(loop_, {.topology = {.media = true}}, random_, nullptr, &desk);
  const ConnectionId id = meeting.add(left_);
  meeting.said(id, "join", Json::parse(kOfferingJoin).value(), 1);
  ASSERT_EQ(desk.asked.size(), 1u);
  EXPECT_EQ(desk.asked[0].room, "daily");
  EXPECT_TRUE(left_.answered.is_null());
  desk.answer_all();
  EXPECT_EQ(*left_.answered.find("topology")->as_string(), "sfu");
  EXPECT_EQ(*left_.answered.find("answer")->as_string(), "v=0");
  EXPECT_EQ(left_.answered.find("iceServers")->as_array()->size(), 1u);
  EXPECT_EQ(to_json(meeting.rooms().view("daily")).find("topology")->to_text(), R"("sfu")");
}

TEST_F(MeetingBindingTest, IsPeerToPeerWithoutMediaOrWhereTheConfigHasNone) {
  FakeDesk desk;
  MeetingBinding off(loop_, {}, random_, nullptr, &desk);
  MeetingBinding without(loop_, {.topology = {.media = true}}, random_);
  for (MeetingBinding* const meeting : {&off, &without}) {
    meeting->said(meeting->add(left_), "join", Json::parse(kOfferingJoin).value(), 1);
    EXPECT_EQ(*left_.answered.find("topology")->as_string(), "p2p");
  }
  EXPECT_TRUE(desk.asked.empty());
}

}  // namespace
}  // namespace parley::server
