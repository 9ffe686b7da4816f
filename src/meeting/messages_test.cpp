#include "meeting/messages.h"

#include <gtest/gtest.h>

#include "meeting/answers.h"

namespace parley::meeting {
namespace {

Json json(std::string_view text) {
  return Json::parse(text).value();
}

std::string refusal(std::string_view event, std::string_view body) {
  const auto command = parse_command(event, json(body));
  return command ? "accepted" : to_json(command.error()).to_text();
}

template <class T>
T accepted(std::string_view event, std::string_view body) {
  const auto command = parse_command(event, json(body));
  EXPECT_TRUE(command.has_value()) << command.error().message;
  return std::get<T>(command.value());
}

TEST(Commands, AreReadAsTheProtocolShowsThem) {
  EXPECT_EQ(accepted<Join>("join", R"({"room":"daily","name":"Bob","micinf":true,"vidinf":false})"),
            (Join{.room = "daily", .name = "Bob", .micinf = true}));
  EXPECT_EQ(accepted<Join>("join", R"({"room":"D","name":" Bob ","micinf":false,"vidinf":true,
                                       "topology":"sfu","resume":"x.1.y"})"),
            (Join{.room = "d",
                  .name = "Bob",
                  .vidinf = true,
                  .topology = Topology::kSfu,
                  .resume = "x.1.y"}));
  EXPECT_EQ(accepted<Leave>("leave", "{}"), Leave{});
  EXPECT_EQ(accepted<SetMedia>("media", R"({"micinf":false,"vidinf":true,"scrinf":false})"),
            (SetMedia{.vidinf = true}));
  EXPECT_EQ(accepted<SendDescription>("description",
                                      R"({"sid":"c9","type":"offer","sdp":"v=0\r\n",
                                          "sources":{"0":"microphone","1":"screen-audio"}})"),
            (SendDescription{
                .sid = "c9",
                .type = SdpType::kOffer,
                .sdp = "v=0\r\n",
                .sources = Sources{{"0", Source::kMicrophone}, {"1", Source::kScreenAudio}}}));
  EXPECT_EQ(accepted<SendCandidate>("candidate", R"({"sid":"c9","candidate":null})"),
            (SendCandidate{.sid = "c9"}));
}

TEST(Commands, PassACandidateOnAsItCame) {
  const std::string_view candidate =
      R"({"candidate":"candidate:1 1 udp 2122260223 192.0.2.7 51234 typ host","sdpMid":"0",)"
      R"("sdpMLineIndex":0,"usernameFragment":null})";
  const auto message = accepted<SendCandidate>(
      "candidate", R"({"sid":"c9","candidate":)" + std::string(candidate) + "}");
  EXPECT_EQ(message.candidate.to_text(), candidate);
}

TEST(Commands, MayHoldAnOfferToTheServer) {
  const MediaOffer offer{.sdp = "v=0", .sources = {{"1", Source::kCamera}}};
  EXPECT_EQ(accepted<Join>("join", R"({"room":"d","name":"B","micinf":true,"vidinf":false,
                                       "offer":{"sdp":"v=0","sources":{"1":"camera"}}})")
                .offer,
            offer);
  EXPECT_EQ(accepted<ConnectMedia>("negotiate", R"({"offer":{"sdp":"v=0","sources":{"1":"camera"}},
                                                  "renegotiate":true})"),
            (ConnectMedia{.offer = offer, .renegotiate = true}));
  EXPECT_EQ(accepted<ReportUnconnected>("unconnected", R"({"sid":"c9"})"), ReportUnconnected{"c9"});
  EXPECT_EQ(accepted<ChangeView>("view", R"({"tiles":[
              {"sid":"c9","source":"screen","width":1920,"height":1080}]})"),
            (ChangeView{{{"c9", PictureSource::kScreen, 1920, 1080}}}));
}

TEST(Commands, KeepTheBoundsOfAnOfferAndAView) {
  const auto refused = [](std::string_view event, std::string_view body) {
    const auto command = parse_command(event, json(body));
    return command ? "accepted" : command.error().message;
  };
  EXPECT_EQ(refused("negotiate", R"({"offer":{"sdp":"","sources":{}}})"),
            "offer.sdp: its length in bytes must be at least 1");
  EXPECT_EQ(refused("negotiate", R"({"offer":{"sdp":"x"}})"), "offer.sources: is missing");
  const std::string long_mid(65, 'm');
  EXPECT_EQ(
      refused("negotiate", R"({"offer":{"sdp":"x","sources":{")" + long_mid + R"(":"camera"}}})"),
      "offer.sources: a mid must be at most 64 bytes");
  EXPECT_EQ(refused("join", R"({"room":"d","name":"B","micinf":true,"vidinf":false,
                               "offer":{"sdp":"x","sources":{")" +
                                long_mid + R"(":"camera"}}})"),
            "offer.sources: a mid must be at most 64 bytes");
  const std::string tile = R"({"sid":"c9","source":"camera","width":640,"height":360})";
  const auto view_of_many = [&](int count) {
    std::string tiles;
    for (int i = 0; i < count; ++i) tiles += (i == 0 ? "" : ",") + tile;
    return refused("view", R"({"tiles":[)" + tiles + "]}");
  };
  EXPECT_EQ(view_of_many(0), "accepted");
  EXPECT_EQ(view_of_many(64), "accepted");
  EXPECT_EQ(view_of_many(65), "tiles: its length must be at most 64");
  EXPECT_EQ(refused("view", R"({"tiles":[],"oneStream":{"width":1280,"height":720}})"), "accepted");
  EXPECT_EQ(refused("view", R"({"tiles":[],"oneStream":{"width":1280}})"),
            "oneStream.height: is missing");
  EXPECT_EQ(refused("view", R"({"tiles":[{"sid":"c9","source":"camera","width":1,"height":1}],)"
                            R"("oneStream":{"width":1280,"height":720}})"),
            "tiles: must be empty where everyone is one stream");
  EXPECT_EQ(refused("view", R"({"tiles":[{"sid":"c9","source":"camera","width":0,"height":1}]})"),
            "tiles[0].width: the number must be at least 1");
  EXPECT_EQ(
      refused("view", R"({"tiles":[{"sid":"c9","source":"microphone","width":1,"height":1}]})"),
      "tiles[0].source: must be one of camera, screen");
}

TEST(Commands, NameTheFieldThatIsAtFault) {
  EXPECT_EQ(refusal("join", R"({"room":"d","micinf":true,"vidinf":true})"),
            R"({"code":"invalid","message":"name: is missing","field":"name"})");
  EXPECT_EQ(refusal("join", R"({"room":"d","name":"A","micinf":"yes","vidinf":true})"),
            R"({"code":"invalid","message":"micinf: must be a boolean, not a string",)"
            R"("field":"micinf"})");
  EXPECT_EQ(refusal("join", R"({"room":"d/e","name":"A","micinf":true,"vidinf":true})"),
            R"({"code":"invalid","message":"room: may hold only A-Z a-z 0-9 . _ -",)"
            R"("field":"room"})");
  EXPECT_EQ(refusal("join", R"({"room":"d","name":" ","micinf":true,"vidinf":true})"),
            R"({"code":"invalid","message":"name: must not be only white space","field":"name"})");
  EXPECT_EQ(refusal("join", R"({"room":"d","name":"A","micinf":true,"vidinf":true,"age":1})"),
            R"({"code":"invalid","message":"age: is not known here","field":"age"})");
  EXPECT_EQ(refusal("join", R"({"room":"d","name":"A","micinf":true,"vidinf":true,
                                "topology":"star"})"),
            R"({"code":"invalid","message":"topology: must be one of auto, p2p, sfu, mcu",)"
            R"("field":"topology"})");
  EXPECT_EQ(refusal("description", R"({"sid":"c9","type":"offer","sdp":"x",
                                       "sources":{"0":"telescope"}})"),
            R"({"code":"invalid","message":"sources.0: must be one of microphone, camera, screen, )"
            R"(screen-audio","field":"sources.0"})");
  EXPECT_EQ(refusal("candidate", R"({"sid":"c9"})"),
            R"({"code":"invalid","message":"candidate: is missing","field":"candidate"})");
  EXPECT_EQ(refusal("candidate", R"({"sid":"c9","candidate":{"candidate":"","sdpMLineIndex":-1}})"),
            R"({"code":"invalid","message":"candidate.sdpMLineIndex: is out of range",)"
            R"("field":"candidate.sdpMLineIndex"})");
  EXPECT_EQ(refusal("candidate", R"({"sid":"c9","candidate":"candidate:1"})"),
            R"({"code":"invalid","message":"candidate: must be an object, not a string",)"
            R"("field":"candidate"})");
}

TEST(Commands, AreObjects) {
  EXPECT_EQ(refusal("leave", "null"),
            R"({"code":"invalid","message":"must be an object, not null"})");
  EXPECT_EQ(refusal("join", "[]"),
            R"({"code":"invalid","message":"must be an object, not an array"})");
}

TEST(Commands, ThatNobodyKnowsAreNamedShort) {
  EXPECT_EQ(refusal("dance", "{}"),
            R"({"code":"unknown-event","message":"The server does not know this event.",)"
            R"("field":"dance"})");
  const auto command = parse_command(std::string(1000, 'x'), Json::Object{});
  EXPECT_EQ(command.error().field, std::string(64, 'x'));
}

TEST(Commands, KeepTheirBounds) {
  const auto description = [](std::string sdp, std::string_view type) {
    Json body = json(R"({"sid":"c9"})");
    body.set("type", type);
    body.set("sdp", std::move(sdp));
    const auto command = parse_command("description", body);
    return command ? "accepted" : command.error().message;
  };
  EXPECT_EQ(description(std::string(64 << 10, 'x'), "offer"), "accepted");
  EXPECT_EQ(description(std::string((64 << 10) + 1, 'x'), "offer"),
            "sdp: its length in bytes must be at most 65536");
  EXPECT_EQ(description("", "rollback"), "accepted");
  EXPECT_EQ(description("v=0", "rollback"), "sdp: must be empty in a rollback");
  EXPECT_EQ(description("", "answer"), "sdp: must not be empty");
}

TEST(Commands, TakeAtMostThirtyTwoSourcesOfShortMids) {
  const auto with_sources = [](int count, std::size_t length) {
    Json sources = Json::Object{};
    for (int i = 0; i < count; ++i) {
      std::string mid = std::to_string(i);
      mid.resize(std::max(length, mid.size()), 'm');
      sources.set(std::move(mid), "camera");
    }
    Json body = json(R"({"sid":"c9","type":"offer","sdp":"x"})");
    body.set("sources", std::move(sources));
    const auto command = parse_command("description", body);
    return command ? "accepted" : command.error().message;
  };
  EXPECT_EQ(with_sources(32, 0), "accepted");
  EXPECT_EQ(with_sources(33, 0), "sources: its size must be at most 32");
  EXPECT_EQ(with_sources(1, 64), "accepted");
  EXPECT_EQ(with_sources(1, 65), "sources: a mid must be at most 64 bytes");
}

TEST(Commands, AreThoseOfTheProtocol) {
  EXPECT_EQ(
      command_names(),
      (std::vector<std::string_view>{
          "join",           "leave",        "media",    "description", "candidate", "iceServers",
          "negotiate",      "unconnected",  "view",     "settings",    "admit",     "refuse",
          "remove",         "mute",         "ask",      "permit",      "role",      "end",
          "stage",          "roster",       "hand",     "react",       "chat",      "chatEdit",
          "chatDelete",     "chatHistory",  "todoList", "todo",        "question",  "questionState",
          "questionDelete", "questionVote", "questions"}));
}

TEST(Events, AreWrittenAsTheProtocolShowsThem) {
  const auto text = [](const Event& event) {
    return std::string(name_of(event)) + " " + body_of(event).to_text();
  };
  const ParticipantView bob{.sid = "pB7", .name = "Bob", .micinf = true};
  EXPECT_EQ(text(Joined{bob}),
            R"(joined {"participant":{"sid":"pB7","name":"Bob","micinf":true,"vidinf":false,)"
            R"("scrinf":false,"away":false,"role":"participant","hand":null,"permissions":)"
            R"({"microphone":true,"camera":true,"screen":true,"chat":true,"todo":true},)"
            R"("account":false,"joinedAt":0}})");
  EXPECT_EQ(text(Left{"pB7", LeaveReason::kTimeout}), R"(left {"sid":"pB7","reason":"timeout"})");
  EXPECT_EQ(text(MediaChanged{.sid = "pB7", .scrinf = true}),
            R"(media {"sid":"pB7","micinf":false,"vidinf":false,"scrinf":true})");
  EXPECT_EQ(text(Away{"pB7"}), R"(away {"sid":"pB7"})");
  EXPECT_EQ(text(Description{.sid = "pB7", .cname = "Bob", .type = SdpType::kRollback}),
            R"(description {"sid":"pB7","cname":"Bob","type":"rollback","sdp":""})");
  EXPECT_EQ(text(Candidate{.sid = "pB7", .cname = "Bob"}),
            R"(candidate {"sid":"pB7","cname":"Bob","candidate":null})");
  EXPECT_EQ(text(TopologyChanged{Topology::kSfu, TopologyReason::kUnconnected, "v=0"}),
            R"(topology {"topology":"sfu","reason":"unconnected","answer":"v=0"})");
  EXPECT_EQ(text(TopologyChanged{Topology::kP2p, TopologyReason::kAlone, {}}),
            R"(topology {"topology":"p2p","reason":"alone"})");
  EXPECT_EQ(text(SlotsTold{{{"5", "pB7", Source::kCamera}, {"6", {}, {}}}}),
            R"(slots {"slots":[{"mid":"5","sid":"pB7","source":"camera"},{"mid":"6"}]})");
  EXPECT_EQ(text(SlotsTold{{view_of(SlotsChanged::Slot{.mid = "5", .one_stream = true})}}),
            R"(slots {"slots":[{"mid":"5","oneStream":true}]})");
  EXPECT_EQ(text(QualityTold{1, {view_of(TileQuality{.mid = "5", .fps = 30, .one_stream = true})}}),
            R"(quality {"estimate":1,"tiles":[{"mid":"5","width":0,"height":0,"fps":30,)"
            R"("bitrate":0,"limit":"none","paused":false,"oneStream":true}]})");
  EXPECT_EQ(text(SpeakersTold{{"pB7", "c9"}}), R"(speakers {"sids":["pB7","c9"]})");
  EXPECT_EQ(text(QualityTold{800'000,
                             {{"pB7", PictureSource::kCamera, "5", 320, 180, 15, 150'000,
                               QualityLimit::kDownlink, false}}}),
            R"(quality {"estimate":800000,"tiles":[{"sid":"pB7","source":"camera","mid":"5",)"
            R"("width":320,"height":180,"fps":15,"bitrate":150000,"limit":"downlink",)"
            R"("paused":false}]})");
  EXPECT_EQ(text(LayersTold{PictureSource::kScreen, {"h"}}),
            R"(layers {"source":"screen","active":["h"]})");
  EXPECT_EQ(text(Replaced{}), "replaced {}");
  EXPECT_EQ(text(Closing{"Bye."}), R"(closing {"reason":"Bye."})");
  EXPECT_EQ(text(Error{Refusal::of(Code::kRoomFull)}),
            R"(error {"code":"room-full","message":"The room is full."})");
}

TEST(Answers, SayOkOrWhatWentWrong) {
  EXPECT_EQ(answer_body(Done{}).text, R"({"ok":true})");
  EXPECT_EQ(answer_body(MustWait{.room = "daily", .resume = "x"}).text,
            R"({"ok":true,"waiting":true,"room":"daily","resume":"x"})");
  EXPECT_EQ(answer_body(Refusal::of(FieldError{"name", "is missing"})).text,
            R"({"ok":false,"error":{"code":"invalid","message":"name: is missing",)"
            R"("field":"name"}})");
}

TEST(Refusals, EachHaveACodeAndASentence) {
  for (const auto& [code, name] : names_of(Code{})) {
    const Refusal refusal = Refusal::of(code);
    EXPECT_EQ(refusal.code, code);
    EXPECT_TRUE(refusal.message.ends_with('.')) << name;
  }
}

}  // namespace
}  // namespace parley::meeting
