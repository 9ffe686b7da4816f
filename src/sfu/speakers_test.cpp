#include "sfu/speakers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <random>
#include <vector>

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};
constexpr ParticipantId kAda{1}, kBob{2}, kCleo{3}, kDan{4}, kEve{5};

// What a microphone's packets tell over time: words of varying loudness with short pauses between
// them, as recordings of speech have them.
class Microphone {
 public:
  enum class Does { kNothing, kSpeaks, kCoughs, kHums };

  Microphone(std::uint32_t seed, int loudness) : random_(seed), loudness_(loudness) {}

  void does(Does what) {
    does_ = what;
    left_ = 0ms;
    quiet_ = true;
  }

  // The level of the next 20 ms; nothing while discontinuous transmission sends no packet.
  std::optional<std::uint8_t> next() {
    if (does_ == Does::kNothing) return silence();
    if (does_ == Does::kHums) return level(0);
    if (left_ <= 0ms) turn();
    left_ -= 20ms;
    if (quiet_) return silence();
    return level(static_cast<int>(random_() % 9) - 4);
  }

 private:
  // Syllables of 150 to 400 ms; gaps of 40 to 200 ms between them, and a breath now and then.
  void turn() {
    quiet_ = !quiet_;
    if (does_ == Does::kCoughs) {
      if (quiet_) does_ = Does::kNothing;
      left_ = 240ms;
    } else if (!quiet_) {
      left_ = std::chrono::milliseconds{150 + random_() % 250};
    } else {
      left_ = std::chrono::milliseconds{random_() % 8 == 0 ? 700 : 40 + random_() % 160};
    }
  }
  std::uint8_t level(int more) const { return static_cast<std::uint8_t>(loudness_ + more); }
  // Comfort noise every 400 ms.
  std::optional<std::uint8_t> silence() {
    if (++silent_ % 20 != 0) return std::nullopt;
    return static_cast<std::uint8_t>(70 + random_() % 57);
  }

  std::mt19937 random_;
  int loudness_;  // -dBov.
  Does does_ = Does::kNothing;
  Duration left_ = 0ms;
  bool quiet_ = true;
  int silent_ = 0;
};

using Does = Microphone::Does;

class SpeakersTest : public testing::Test {
 protected:
  SpeakersTest() {
    for (const ParticipantId who : {kAda, kBob, kCleo, kDan, kEve}) {
      microphones.emplace(who, Microphone(static_cast<std::uint32_t>(who.value), 25));
    }
  }

  void run(Duration time, Duration step = 20ms) {
    for (const Time end = now + time; now < end; now += step) {
      for (auto& [who, microphone] : microphones) {
        if (const auto level = microphone.next()) {
          speakers.handle_level(now, who, {.minus_dbov = *level});
        }
      }
      if (now < speakers.next_deadline()) continue;
      const auto heard = speakers.heard();
      const auto speaking = speakers.speaking();
      speakers.handle_timeout(now);
      heard_changes += !std::ranges::is_permutation(heard, speakers.heard());
      order_changes += heard != speakers.heard();
      speaking_changes += speaking != speakers.speaking();
      EXPECT_LE(speakers.heard().size(), 3u);
    }
  }
  bool hears(ParticipantId who) const {
    return std::ranges::find(speakers.heard(), who) != speakers.heard().end();
  }
  void speak(std::initializer_list<ParticipantId> who) {
    for (const ParticipantId one : who) microphones.at(one).does(Does::kSpeaks);
  }
  void stop(std::initializer_list<ParticipantId> who) {
    for (const ParticipantId one : who) microphones.at(one).does(Does::kNothing);
  }

  Time now = kStart;
  Speakers speakers;
  std::map<ParticipantId, Microphone> microphones;
  int heard_changes = 0;
  int order_changes = 0;
  int speaking_changes = 0;
};

TEST_F(SpeakersTest, IsAtRestWhileNobodySpeaks) {
  run(10s);
  EXPECT_TRUE(speakers.heard().empty());
  EXPECT_TRUE(speakers.speaking().empty());
  EXPECT_EQ(speakers.next_deadline(), kNever);
}

TEST_F(SpeakersTest, HearsTheFirstWordWithin200Milliseconds) {
  speak({kAda});
  run(200ms);
  EXPECT_TRUE(hears(kAda));
  run(400ms);
  EXPECT_EQ(speakers.speaking(), std::vector{kAda});
}

TEST_F(SpeakersTest, HearsANewVoiceAtOnceThoughAllPlacesWereTaken) {
  speak({kAda, kBob, kCleo});
  run(3s);
  stop({kBob});
  run(2s);
  speak({kDan});
  run(200ms);
  EXPECT_TRUE(hears(kDan));
  EXPECT_TRUE(hears(kAda));
  EXPECT_FALSE(hears(kBob));
  EXPECT_TRUE(hears(kCleo));
}

TEST_F(SpeakersTest, KeepsThePlaceOfWhoIsSilentUntilItIsNeeded) {
  speak({kAda});
  run(2s);
  stop({kAda});
  run(1min);
  EXPECT_TRUE(hears(kAda));
  EXPECT_TRUE(speakers.speaking().empty());
  EXPECT_EQ(speakers.next_deadline(), kNever);
  speak({kBob, kCleo});
  run(2s);
  EXPECT_TRUE(hears(kAda));
  EXPECT_EQ(heard_changes, 2);
}

TEST_F(SpeakersTest, CutsNobodyOffForACough) {
  speak({kAda, kBob, kCleo});
  run(3s);
  const auto before = speakers.heard();
  heard_changes = 0;
  for (int i = 0; i < 20; ++i) {
    microphones.at(kDan).does(Does::kCoughs);
    run(2s);
  }
  EXPECT_EQ(heard_changes, 0);
  EXPECT_TRUE(std::ranges::is_permutation(speakers.heard(), before));
  EXPECT_EQ(std::ranges::count(speakers.speaking(), kDan), 0);
}

TEST_F(SpeakersTest, TakesNoCoughForASpeaker) {
  for (int i = 0; i < 20; ++i) {
    microphones.at(kDan).does(Does::kCoughs);
    run(3s);
  }
  EXPECT_EQ(speaking_changes, 0);
}

TEST_F(SpeakersTest, DoesNotFlapWhileThreeTalkAtOnce) {
  speak({kAda, kBob, kCleo});
  run(2s);
  heard_changes = speaking_changes = 0;
  run(1min);
  EXPECT_EQ(heard_changes, 0);
  EXPECT_LE(speaking_changes, 4);
  EXPECT_EQ(speakers.speaking().size(), 3u);
}

TEST_F(SpeakersTest, ChangesSeldomWhileFiveTalkAtOnce) {
  speak({kAda, kBob, kCleo, kDan, kEve});
  run(2s);
  heard_changes = 0;
  run(1min);
  EXPECT_LE(heard_changes, 30);
  EXPECT_EQ(speakers.heard().size(), 3u);
}

// Two in a conversation, sentence by sentence, for two minutes.
TEST_F(SpeakersTest, FollowsAConversation) {
  std::mt19937 random{7};
  for (int i = 0; i < 40; ++i) {
    const ParticipantId one = i % 2 == 0 ? kAda : kBob;
    speak({one});
    run(std::chrono::milliseconds{1'500 + random() % 2'000});
    EXPECT_TRUE(hears(one));
    stop({one});
    run(std::chrono::milliseconds{random() % 500});
  }
  EXPECT_EQ(heard_changes, 2);
  EXPECT_LE(speaking_changes, 80);
}

// For who can hear but one of them.
TEST_F(SpeakersTest, PutsWhoSpeaksFirstOfThoseWhoAreHeard) {
  for (const ParticipantId who : {kAda, kBob, kCleo, kBob, kAda, kCleo, kAda}) {
    speak({who});
    run(1s);
    EXPECT_EQ(speakers.heard().front(), who);
    run(2s);
    EXPECT_EQ(speakers.heard().front(), who);
    stop({who});
    run(100ms);
  }
  order_changes = 0;
  run(1min);
  EXPECT_EQ(order_changes, 0) << "silence changes nothing";
}

TEST_F(SpeakersTest, KeepsTheOrderOfThoseWhoTalkAtOnce) {
  speak({kAda, kBob, kCleo});
  run(2s);
  order_changes = 0;
  run(1min);
  EXPECT_LE(order_changes, 30) << "who draws breath may be passed";
}

TEST_F(SpeakersTest, HearsWhoseLevelNobodyTellsAsLongAsTheyCome) {
  microphones.erase(kDan);
  speak({kAda, kBob, kCleo});
  run(2s);
  stop({kAda, kBob, kCleo});
  run(2s);
  const auto send = [&](Duration time) {
    for (const Time end = now + time; now < end;) {
      speakers.handle_unmeasured(now, kDan);
      run(20ms);
    }
  };
  send(300ms);
  EXPECT_TRUE(hears(kDan));
  EXPECT_EQ(speakers.heard().front(), kDan);
  speak({kAda, kBob, kCleo});
  send(3s);
  EXPECT_FALSE(hears(kDan)) << "voices that are known to speak, and louder, come first";
  EXPECT_EQ(std::ranges::count(speakers.speaking(), kDan), 0);
  stop({kAda, kBob, kCleo});
  send(2s);
  EXPECT_TRUE(hears(kDan));
  EXPECT_TRUE(speakers.speaking().empty());
}

TEST_F(SpeakersTest, BelievesALevelOnceThereIsOne) {
  for (const Time end = now + 1s; now < end;) {
    speakers.handle_unmeasured(now, kDan);
    speakers.handle_level(now, kDan, {.minus_dbov = 90});
    run(20ms);
  }
  const Time begin = now;
  while (speakers.next_deadline() != kNever && now < begin + 10s) {
    speakers.handle_unmeasured(now, kDan);
    run(20ms);
  }
  EXPECT_EQ(speakers.next_deadline(), kNever) << "nobody speaks";
}

TEST_F(SpeakersTest, PutsTheLoudestFirst) {
  microphones.at(kBob) = Microphone(2, 40);
  microphones.at(kCleo) = Microphone(3, 15);
  speak({kBob});
  run(2s);
  speak({kAda, kCleo});
  run(3s);
  EXPECT_EQ(speakers.speaking(), (std::vector{kCleo, kAda, kBob}));
}

// Three who hum along take no place from one who talks.
TEST_F(SpeakersTest, GivesThePlaceOfANoiseToAVoice) {
  for (const ParticipantId who : {kAda, kBob, kCleo}) {
    microphones.at(who) = Microphone(9, 50);
    microphones.at(who).does(Does::kHums);
  }
  run(5s);
  EXPECT_EQ(speakers.heard().size(), 3u);
  speak({kDan});
  run(1'500ms);
  EXPECT_TRUE(hears(kDan));
  EXPECT_EQ(speakers.speaking().front(), kDan);
}

TEST_F(SpeakersTest, HearsWhoIsQuietWhereNobodyElseIs) {
  microphones.at(kAda) = Microphone(1, 50);
  speak({kAda});
  run(200ms);
  EXPECT_TRUE(hears(kAda));
}

TEST_F(SpeakersTest, ForgetsWhoIsMutedAfterAWhile) {
  speak({kAda, kBob});
  run(3s);
  stop({kAda});
  run(1'800ms);
  EXPECT_EQ(speakers.speaking(), std::vector{kBob});
}

TEST_F(SpeakersTest, LosesWhoLeavesAtOnce) {
  speak({kAda, kBob});
  run(3s);
  speakers.remove(now, kAda);
  speakers.remove(now, kDan);
  EXPECT_EQ(speakers.heard(), std::vector{kBob});
  EXPECT_EQ(speakers.speaking(), std::vector{kBob});
}

// A thousand who come, speak and leave, in any order.
TEST(Speakers, HoldsUnderAnything) {
  std::mt19937 random{11};
  Speakers speakers;
  Time now = kStart;
  for (int i = 0; i < 100'000; ++i) {
    const ParticipantId who{1 + random() % 1'000};
    if (random() % 50 == 0) {
      speakers.remove(now, who);
    } else {
      speakers.handle_level(now, who, {.minus_dbov = static_cast<std::uint8_t>(random() % 128)});
    }
    now += Duration(random() % 5'000);
    if (now >= speakers.next_deadline()) speakers.handle_timeout(now);
    ASSERT_LE(speakers.heard().size(), 3u);
  }
}

}  // namespace
}  // namespace parley::sfu
