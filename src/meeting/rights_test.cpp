#include "meeting/rights.h"

#include "meeting/test_meeting.h"

namespace parley::meeting {
namespace {

// The table of docs/protocol.md: an event that is well-formed, and who may say it of an owner, a
// cohost, a participant with all permissions, one with none, and one in the audience of a lecture.
struct Row {
  std::string_view event;
  std::string_view body;
  std::string_view allowed;  // Of "ocpna".
};

constexpr Row kTable[] = {
    {"media", R"({"micinf":true,"vidinf":false,"scrinf":false})", "ocp"},
    {"media", R"({"micinf":false,"vidinf":true,"scrinf":false})", "ocp"},
    {"media", R"({"micinf":false,"vidinf":false,"scrinf":true})", "ocp"},
    {"media", R"({"micinf":false,"vidinf":false,"scrinf":false})", "ocpna"},
    {"description", R"({"sid":"SID","type":"offer","sdp":"x"})", "ocpn"},
    {"description", R"({"sid":"SID","type":"offer","sdp":"x","sources":{"0":"microphone"}})",
     "ocp"},
    {"description", R"({"sid":"SID","type":"offer","sdp":"x","sources":{"0":"camera"}})", "ocp"},
    {"description", R"({"sid":"SID","type":"offer","sdp":"x","sources":{"0":"screen"}})", "ocp"},
    {"description", R"({"sid":"SID","type":"offer","sdp":"x","sources":{"0":"screen-audio"}})",
     "ocp"},
    {"candidate", R"({"sid":"SID","candidate":null})", "ocpn"},
    {"iceServers", "{}", "ocpna"},
    {"unconnected", R"({"sid":"SID"})", "ocpna"},
    {"view", R"({"tiles":[{"sid":"SID","source":"camera","width":640,"height":360}]})", "ocpna"},
    {"settings", R"({"locked":false})", "oc"},
    {"admit", R"({"sids":["x"]})", "oc"},
    {"refuse", R"({"sids":["x"]})", "oc"},
    {"mute", R"({"source":"microphone"})", "oc"},
    {"mute", R"({"source":"screen","sid":"SID"})", "oc"},
    {"ask", R"({"sid":"SID","source":"camera","on":true})", "oc"},
    {"permit",
     R"({"sid":"SID","permissions":{"microphone":true,"camera":true,"screen":true,)"
     R"("chat":true,"todo":true}})",
     "oc"},
    {"role", R"({"sid":"SID","role":"participant"})", "o"},
    {"stage", R"({"sid":"SID","on":true})", "oc"},
    {"stage", R"({"on":true})", ""},
    {"roster", "{}", "ocpn"},
    {"hand", R"({"raised":true})", "ocpna"},
    {"hand", R"({"raised":false,"sid":"SID"})", "oc"},
    {"react", R"({"emoji":"👍"})", "ocpna"},
    {"chat", R"({"key":"k","text":"x"})", "ocpa"},
    {"chatHistory", "{}", "ocpna"},
    {"todoList", "{}", "ocpna"},
    {"todo", R"({"changes":[{"item":"12345678","age":0,"text":"x"}]})", "ocpa"},
    {"question", R"({"key":"k","text":"x"})", "ocpa"},
    {"questionState", R"({"id":1,"state":"answered"})", "oc"},
    {"questionVote", R"({"id":1,"on":true})", "ocpna"},
    {"questionDelete", R"({"id":1})", "oc"},  // The owner's; their own: question_desk_test.cpp.
    {"questions", "{}", "ocpna"},
    {"remove", R"({"sid":"SID"})", "oc"},
    {"end", "{}", "oc"},
    {"leave", "{}", "ocpna"},
};

class RightsTest : public MeetingTest {
 protected:
  static constexpr ConnectionId kTarget{9};

  // A room in which kBob is what `who` says, and kTarget somebody else. Gives the latter's sid.
  std::string furnish(char who) {
    RoomsConfig config;
    config.topology.media = true;
    configure(config);
    join(kAda, "Ada");
    ask(kAda, "question", R"({"key":"k","text":"Ada's"})");
    const std::string bob = join(kBob, "Bob").sid;
    const std::string target = join(kTarget, "Target").sid;
    const auto about_bob = [&](std::string_view more) {
      return fmt::format(R"({{"sid":"{}",{}}})", bob, more);
    };
    if (who == 'o') ask(kAda, "role", about_bob(R"("role":"owner")"));
    if (who == 'c') ask(kAda, "role", about_bob(R"("role":"cohost")"));
    if (who == 'a') ask(kAda, "settings", R"({"lecture":true})");
    if (who == 'n') {
      ask(kAda, "permit",
          about_bob(R"("permissions":{"microphone":false,"camera":false,"screen":false,)"
                    R"("chat":false,"todo":false})"));
    }
    return target;
  }

  static std::string with(std::string_view body, std::string_view sid) {
    std::string text(body);
    const std::size_t at = text.find("SID");
    return at == text.npos ? text : text.replace(at, 3, sid);
  }
};

TEST_F(RightsTest, AreThoseOfTheTable) {
  for (const Row& row : kTable) {
    for (const char who : {'o', 'c', 'p', 'n', 'a'}) {
      const std::string target = furnish(who);
      const std::string code = try_to(kBob, row.event, with(row.body, target));
      const bool allowed = row.allowed.find(who) != row.allowed.npos;
      EXPECT_EQ(code.substr(0, code.find(' ')), allowed ? "ok" : "forbidden")
          << who << " says " << row.event << " " << row.body;
    }
  }
}

TEST_F(RightsTest, NobodyOutsideHasAny) {
  furnish('p');
  for (const Row& row : kTable) EXPECT_EQ(try_to(kDan, row.event, row.body), "not-joined");
}

TEST_F(RightsTest, EveryCommandIsInTheTable) {
  for (const std::string_view name : command_names()) {
    const bool listed = std::ranges::count(kTable, name, &Row::event) > 0;
    // The right to these depends on whose message it is: chat_desk_test.cpp.
    const bool elsewhere =
        name == "join" || name == "negotiate" || name == "chatEdit" || name == "chatDelete";
    EXPECT_TRUE(listed || elsewhere) << name;
  }
}

TEST(Permissions, OfHostsAreAllWhateverWasSet) {
  const Permissions none{false, false, false, false, false};
  const RoomSettings strict{.permissions = none};
  EXPECT_EQ(permissions_of(Role::kOwner, none, strict, true), Permissions());
  EXPECT_EQ(permissions_of(Role::kCohost, none, strict, true), Permissions());
  EXPECT_EQ(permissions_of(Role::kParticipant, std::nullopt, strict, true), none);
  EXPECT_EQ(permissions_of(Role::kParticipant, Permissions(), strict, true), Permissions());
}

TEST(Permissions, OfTheAudienceAreNeitherSoundNorPicture) {
  EXPECT_EQ(permissions_of(Role::kParticipant, std::nullopt, {}, false),
            (Permissions{.microphone = false, .camera = false, .screen = false}));
  EXPECT_EQ(permissions_of(Role::kParticipant, Permissions{.chat = false}, {}, false),
            (Permissions{.microphone = false, .camera = false, .screen = false, .chat = false}));
  EXPECT_EQ(permissions_of(Role::kCohost, std::nullopt, {}, false), Permissions());
}

TEST(Stages, AreForHostsAndWhoIsInvited) {
  const RoomSettings lecture{.lecture = true};
  EXPECT_TRUE(belongs_on_stage(Role::kParticipant, false, {}));
  EXPECT_FALSE(belongs_on_stage(Role::kParticipant, false, lecture));
  EXPECT_TRUE(belongs_on_stage(Role::kParticipant, true, lecture));
  EXPECT_TRUE(belongs_on_stage(Role::kCohost, false, lecture));
}

TEST(Permissions, LetThroughThePartThatIsPermitted) {
  const SetMedia all{true, true, true};
  EXPECT_EQ(permitted_part(all, {.microphone = false}), (SetMedia{false, true, true}));
  EXPECT_EQ(permitted_part(all, {.camera = false}), (SetMedia{true, false, true}));
  EXPECT_EQ(permitted_part(all, {.screen = false}), (SetMedia{true, true, false}));
  EXPECT_EQ(permitted_part({}, {}), SetMedia());
  EXPECT_FALSE(permits({.screen = false}, Source::kScreenAudio));
}

}  // namespace
}  // namespace parley::meeting
