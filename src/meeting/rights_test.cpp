#include "meeting/rights.h"

#include "meeting/test_meeting.h"

namespace parley::meeting {
namespace {

// The table of docs/protocol.md: an event that is well-formed, and who may say it of an owner, a
// cohost, a participant with all permissions and one with none.
struct Row {
  std::string_view event;
  std::string_view body;
  std::string_view allowed;  // Of "ocpn".
};

constexpr Row kTable[] = {
    {"media", R"({"micinf":true,"vidinf":false,"scrinf":false})", "ocp"},
    {"media", R"({"micinf":false,"vidinf":true,"scrinf":false})", "ocp"},
    {"media", R"({"micinf":false,"vidinf":false,"scrinf":true})", "ocp"},
    {"media", R"({"micinf":false,"vidinf":false,"scrinf":false})", "ocpn"},
    {"description", R"({"sid":"SID","type":"offer","sdp":"x"})", "ocpn"},
    {"description", R"({"sid":"SID","type":"offer","sdp":"x","sources":{"0":"microphone"}})",
     "ocp"},
    {"description", R"({"sid":"SID","type":"offer","sdp":"x","sources":{"0":"camera"}})", "ocp"},
    {"description", R"({"sid":"SID","type":"offer","sdp":"x","sources":{"0":"screen"}})", "ocp"},
    {"description", R"({"sid":"SID","type":"offer","sdp":"x","sources":{"0":"screen-audio"}})",
     "ocp"},
    {"candidate", R"({"sid":"SID","candidate":null})", "ocpn"},
    {"iceServers", "{}", "ocpn"},
    {"unconnected", R"({"sid":"SID"})", "ocpn"},
    {"view", R"({"tiles":[{"sid":"SID","source":"camera","width":640,"height":360}]})", "ocpn"},
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
    {"hand", R"({"raised":true})", "ocpn"},
    {"hand", R"({"raised":false,"sid":"SID"})", "oc"},
    {"react", R"({"emoji":"👍"})", "ocpn"},
    {"chat", R"({"key":"k","text":"x"})", "ocp"},
    {"chatHistory", "{}", "ocpn"},
    {"todoList", "{}", "ocpn"},
    {"todo", R"({"changes":[{"item":"12345678","age":0,"text":"x"}]})", "ocp"},
    {"remove", R"({"sid":"SID"})", "oc"},
    {"end", "{}", "oc"},
    {"leave", "{}", "ocpn"},
};

class RightsTest : public MeetingTest {
 protected:
  static constexpr ConnectionId kTarget{9};

  // A room in which kBob is what `who` says, and kTarget somebody else. Gives the latter's sid.
  std::string furnish(char who) {
    configure({});
    join(kAda, "Ada");
    const std::string bob = join(kBob, "Bob").sid;
    const std::string target = join(kTarget, "Target").sid;
    const auto about_bob = [&](std::string_view more) {
      return fmt::format(R"({{"sid":"{}",{}}})", bob, more);
    };
    if (who == 'o') ask(kAda, "role", about_bob(R"("role":"owner")"));
    if (who == 'c') ask(kAda, "role", about_bob(R"("role":"cohost")"));
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
    for (const char who : {'o', 'c', 'p', 'n'}) {
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
  EXPECT_EQ(permissions_of(Role::kOwner, none, strict), Permissions());
  EXPECT_EQ(permissions_of(Role::kCohost, none, strict), Permissions());
  EXPECT_EQ(permissions_of(Role::kParticipant, std::nullopt, strict), none);
  EXPECT_EQ(permissions_of(Role::kParticipant, Permissions(), strict), Permissions());
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
