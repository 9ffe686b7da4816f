#include <gtest/gtest.h>

#include <random>

#include "meeting/rooms.h"
#include "meeting/test_clients.h"

namespace parley::meeting {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kCrowd = 1'000;

// What somebody believes of the lecture from what they were told.
struct Page {
  std::string sid = {};
  std::string resume = {};
  std::set<std::string> stage = {};  // Of others.
  bool on_stage = false;
  AudienceSize audience = {};
  std::size_t heard = 0;
};

// A lecture to a thousand who come at once, raise their hands, react, go on stage and off, break
// off and come back, at random.
class Lecture {
 public:
  explicit Lecture(std::uint64_t seed) : random_(seed), clients_(std::in_place, config(), seed) {
    begin_hearing();
    host_ = join();
  }

  ConnectionId join(std::string_view resume = {}) {
    const ConnectionId connection{++last_connection_};
    Json body =
        Json::parse(R"({"room":"talk","micinf":true,"vidinf":true,"lecture":true})").value();
    body.set("name", fmt::format("Person {}", connection.value));
    if (!resume.empty()) body.set("resume", resume);
    const Json answer = clients_->ask_with(connection, "join", std::move(body));
    EXPECT_LT(answer.to_text().size(), 20'000u);
    const Welcome welcome = welcome_of(answer);
    Page page{.sid = welcome.sid,
              .resume = welcome.resume,
              .on_stage = welcome.on_stage,
              .audience = welcome.audience.value()};
    for (const ParticipantView& other : welcome.participants) page.stage.insert(other.sid);
    pages_[connection] = std::move(page);
    return connection;
  }

  // The crowd comes within ten seconds.
  void fill() {
    while (pages_.size() < kCrowd) {
      join();
      clients_->advance(10ms);
    }
    clients_->advance(1s);
  }

  void step() {
    clients_->advance(std::chrono::milliseconds(random_() % 100));
    const auto who =
        std::next(pages_.begin(), 1 + static_cast<std::ptrdiff_t>(random_() % (pages_.size() - 1)));
    const ConnectionId id = who->first;
    switch (random_() % 8) {
      case 0:
        clients_->ask(id, "hand", random_() % 2 ? R"({"raised":true})" : R"({"raised":false})");
        break;
      case 1:
      case 2: clients_->ask(id, "react", R"({"emoji":"👏"})"); break;
      case 3: stage(who->second.sid, true); break;
      case 4: stage_one_off(); break;
      case 5: break_off(id); break;
      case 6: come_back(); break;
      case 7: leave(id); break;
    }
  }

  // Everyone's stage is the stage, and everyone's audience the audience.
  void check() {
    settle();
    std::set<std::string> stage;
    for (const auto& [id, page] : pages_) {
      if (page.on_stage) stage.insert(page.sid);
    }
    for (const auto& [sid, resume] : broken_) {
      if (clients_->rooms().counters().away > 0 && pages_.begin()->second.stage.contains(sid)) {
        stage.insert(sid);
      }
    }
    const RoomView room = clients_->rooms().view("talk");
    ASSERT_EQ(stage.size(), room.participants.size());
    for (const auto& [id, page] : pages_) {
      std::set<std::string> others = stage;
      others.erase(page.sid);
      ASSERT_EQ(page.stage, others);
      ASSERT_EQ(page.audience.count, room.audience);
    }
    ASSERT_EQ(counters().audience, static_cast<std::size_t>(*room.audience));
    ASSERT_EQ(counters().participants, stage.size() + counters().audience);
  }

  // Lets time pass until nothing waits to be told: somebody may have been away for too long just
  // now.
  void settle() {
    for (int i = 0; i < 10; ++i) {
      clients_->advance(500ms);
      if (pages_.begin()->second.audience.count == clients_->rooms().view("talk").audience) return;
    }
  }

  // Everybody comes back to a server that knows nothing any more.
  void restart() {
    std::vector<std::pair<std::string, bool>> everyone;
    for (const auto& [id, page] : pages_) everyone.emplace_back(page.resume, page.on_stage);
    FakeStore kept = std::move(clients_->store());
    RoomsConfig again = config();
    again.started = UnixMillis(
        std::chrono::floor<std::chrono::milliseconds>((clients_->now() + 1min).time_since_epoch()));
    const Time then = clients_->now() + 1min;
    clients_.emplace(again, random_(), std::move(kept));
    clients_->advance(then - clients_->now());
    pages_.clear();
    broken_.clear();
    begin_hearing();
    std::ranges::shuffle(everyone, random_);
    for (const auto& [resume, on_stage] : everyone) {
      ASSERT_EQ(pages_[join(resume)].on_stage, on_stage);
    }
  }

  std::size_t most_heard() {
    std::size_t most = 0;
    for (auto& [id, page] : pages_) most = std::max(most, std::exchange(page.heard, 0));
    return most;
  }
  Time now() const { return clients_->now(); }
  const Counters& counters() { return clients_->rooms().counters(); }

 private:
  static RoomsConfig config() {
    RoomsConfig config;
    config.topology = {.media = true, .one_stream = true};
    config.max_stage = 12;
    return config;
  }

  void begin_hearing() {
    clients_->media_answers = true;
    clients_->on_event = [this](ConnectionId to, const Event& event) {
      const auto it = pages_.find(to);
      if (it != pages_.end()) hear(it->second, event);
    };
  }

  void stage(const std::string& sid, bool on) {
    clients_->ask(host_, "stage", fmt::format(R"({{"sid":"{}","on":{}}})", sid, on));
  }
  void stage_one_off() {
    const auto& on_stage = pages_.at(host_).stage;
    if (on_stage.size() > 5) stage(std::string(*on_stage.begin()), false);
  }
  void break_off(ConnectionId id) {
    broken_.emplace_back(pages_.at(id).sid, pages_.at(id).resume);
    pages_.erase(id);
    clients_->lose(id);
  }
  void come_back() {
    if (broken_.empty()) return;
    const std::string resume = std::move(broken_.back().second);
    broken_.pop_back();
    join(resume);
  }
  void leave(ConnectionId id) {
    clients_->ask(id, "leave");
    pages_.erase(id);
    join();
  }

  static void hear(Page& page, const Event& event) {
    ++page.heard;
    std::visit(
        overloaded{
            [&](const Joined& joined) {
              EXPECT_TRUE(page.stage.insert(joined.participant.sid).second);
            },
            [&](const Left& left) { EXPECT_EQ(page.stage.erase(left.sid), 1u); },
            [&](const Away& away) { EXPECT_TRUE(page.stage.contains(away.sid)); },
            [&](const Back& back) { EXPECT_TRUE(page.stage.contains(back.participant.sid)); },
            [&](const StageChanged& changed) { page.on_stage = changed.on_stage; },
            [&](const NewResume& resume) { page.resume = resume.resume; },
            [&](const ParticipantChanged& changed) {
              const std::string& sid = changed.participant.sid;
              EXPECT_TRUE(sid == page.sid || page.stage.contains(sid));
            },
            [&](const AudienceChanged& changed) {
              page.audience = {changed.count, changed.hands};
              EXPECT_LE(changed.raised.value_or(std::vector<AudienceMember>()).size(), 50u);
            },
            [](const auto&) {},
        },
        event);
  }

  std::mt19937_64 random_;
  std::optional<TestClients> clients_;
  std::uint64_t last_connection_ = 0;
  ConnectionId host_ = {};
  std::map<ConnectionId, Page> pages_;                       // The host's is the first.
  std::vector<std::pair<std::string, std::string>> broken_;  // Sids and resumes.
};

TEST(LectureSimulation, AThousandCostEachOfThemFewEvents) {
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    Lecture lecture(seed);
    Time begun = lecture.now();
    // Twice a second, and one for the first and one for the last.
    const auto bound = [&] {
      return 2 * static_cast<std::size_t>((lecture.now() - begun) / 1s) + 3;
    };
    lecture.fill();
    lecture.check();
    EXPECT_LE(lecture.most_heard(), bound());
    begun = lecture.now();
    const Counters before = lecture.counters();
    for (int i = 0; i < 500; ++i) {
      lecture.step();
      if (i % 100 == 0) lecture.check();
      if (testing::Test::HasFailure()) FAIL() << "seed " << seed << ", step " << i;
    }
    lecture.check();
    // The sizes and the reactions are paced. Of those on stage each is told: going up, off, away
    // and back; and one hears of oneself.
    const Counters& after = lecture.counters();
    const std::size_t moves = (after.stage_up - before.stage_up) * 2 + 100;
    EXPECT_LE(lecture.most_heard(), 2 * bound() + 4 * moves);
    EXPECT_GT(after.stage_up, 20u);
    EXPECT_GT(after.stage_down, 20u);
    EXPECT_GT(after.resumes, 20u);
    EXPECT_GT(after.reactions_summed, 60u);
    lecture.restart();
    lecture.check();
  }
}

}  // namespace
}  // namespace parley::meeting
