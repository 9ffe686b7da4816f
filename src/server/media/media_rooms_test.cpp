#include "server/media/media_rooms.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

#include "base/overloaded.h"

namespace parley::server {
namespace {

using meeting::FromMedia;
using meeting::ToMedia;
using Node = sfu::Node;
using State = meeting::ConnectionChanged::State;

// What came of something; what is to be told sorted by whom, too.
struct Came {
  explicit Came(MediaRooms::Outcome outcome)
      : in_order(std::move(outcome.calls)),
        events(std::move(outcome.events)),
        gone(std::move(outcome.gone)) {
    for (const ForMedia& next : in_order) {
      std::visit(overloaded{[&](const ForWorker& one) { calls.push_back(one); },
                            [&](const ForMixer& one) { mixes.push_back(one); }},
                 next);
    }
  }

  std::vector<ForMedia> in_order;
  std::vector<meeting::FromMedia> events;
  std::vector<sfu::ParticipantId> gone;
  std::vector<ForWorker> calls = {};
  std::vector<ForMixer> mixes = {};
};

struct MediaRoomsTest : testing::Test {
  Came ask(std::string sid, meeting::MediaRequest request, std::uint64_t ticket = 0,
           std::string room = "tea") {
    return Came(rooms.handle_request({.ticket = ticket,
                                      .room = std::move(room),
                                      .sid = std::move(sid),
                                      .request = std::move(request)}));
  }

  // Asks for a connection; its call.
  media_call::Connect connect(std::string sid, std::uint64_t ticket, std::string room = "tea") {
    auto outcome = ask(std::move(sid), meeting::Connect{}, ticket, std::move(room));
    EXPECT_FALSE(outcome.calls.empty());
    last_worker = outcome.calls.front().worker;
    return std::get<media_call::Connect>(outcome.calls.front().call);
  }
  Came answer(const media_call::Connect& to) {
    return Came(rooms.handle_notice(0, MediaAnswer{to.ticket, to.participant, "v=0"}));
  }
  Came fail(const media_call::Connect& to) {
    return Came(
        rooms.handle_notice(0, MediaAnswer{to.ticket, to.participant, std::unexpected("bad")}));
  }
  // In the room, connected and answered.
  sfu::ParticipantId join(std::string sid, std::string room = "tea") {
    const auto call = connect(std::move(sid), ++tickets, std::move(room));
    answer(call);
    return call.participant;
  }

  template <class Event, class Outcome>
  static const Event& event(const Outcome& outcome) {
    return std::get<Event>(outcome.events.at(0).event);
  }
  template <class Call>
  static const Call& call(const Came& outcome, std::size_t index = 0) {
    return std::get<Call>(outcome.calls.at(index).call);
  }

  MediaRooms rooms{2};
  std::uint64_t tickets = 100;
  std::size_t last_worker = 0;
};

TEST_F(MediaRoomsTest, SendsAnOfferToTheWorkerAndItsAnswerBack) {
  meeting::Connect request{
      .offer = {.sdp = "v=0 offer",
                .sources = {{"0", meeting::Source::kMicrophone},
                            {"1", meeting::Source::kScreenAudio}}},
      .sending = {.microphone = true, .camera = false, .screen = true, .screen_audio = false}};
  const auto asked = ask("ada", request, 7);
  const auto& connect = call<media_call::Connect>(asked);
  EXPECT_EQ(connect.ticket, 7u);
  EXPECT_EQ(connect.label, "ada");
  EXPECT_EQ(connect.offer.sdp, "v=0 offer");
  EXPECT_EQ(connect.offer.sources.at("0"), sfu::Source::kMicrophone);
  EXPECT_EQ(connect.offer.sources.at("1"), sfu::Source::kScreenAudio);
  EXPECT_FALSE(connect.renegotiate);
  EXPECT_EQ(connect.permitted, (std::vector{sfu::Source::kMicrophone, sfu::Source::kScreen}));
  const auto answered = answer(connect);
  EXPECT_EQ(answered.events.at(0).room, "tea");
  EXPECT_EQ(answered.events.at(0).sid, "ada");
  EXPECT_EQ(event<meeting::Answered>(answered).ticket, 7u);
  EXPECT_EQ(*event<meeting::Answered>(answered).answer, "v=0");
}

TEST_F(MediaRoomsTest, KeepsARoomOnOneWorkerAndGivesNewOnesToTheEmptiest) {
  join("ada");
  const std::size_t tea = last_worker;
  join("bob");
  EXPECT_EQ(last_worker, tea);
  join("eve", "milk");
  EXPECT_NE(last_worker, tea);
  join("dan", "sugar");  // Two people there, one here.
  EXPECT_NE(last_worker, tea);
  EXPECT_EQ(rooms.people_on(tea), 2u);
  EXPECT_EQ(rooms.people_on(1 - tea), 2u);
}

TEST_F(MediaRoomsTest, GoesWithTheLastOne) {
  const auto ada = join("ada");
  const auto bob = join("bob");
  const auto first = ask("ada", meeting::Disconnect{});
  EXPECT_EQ(call<media_call::Disconnect>(first).participant, ada);
  EXPECT_EQ(first.calls.size(), 1u);
  EXPECT_EQ(first.gone, std::vector{ada});
  const auto last = ask("bob", meeting::Disconnect{});
  EXPECT_EQ(call<media_call::Disconnect>(last).participant, bob);
  EXPECT_TRUE(call<media_call::CloseRoom>(last, 1).room);
  EXPECT_EQ(rooms.rooms(), 0u);
  EXPECT_EQ(rooms.people_on(last_worker), 0u);
  EXPECT_TRUE(ask("bob", meeting::Disconnect{}).calls.empty());
}

TEST_F(MediaRoomsTest, ClosesARoomWithAllInIt) {
  const auto ada = join("ada");
  const auto late = connect("bob", 8);
  const auto closed = ask("", meeting::CloseRoom{});
  EXPECT_EQ(closed.calls.size(), 1u);
  EXPECT_EQ(call<media_call::CloseRoom>(closed).room, late.room);
  EXPECT_EQ(closed.gone, (std::vector{ada, late.participant}));
  EXPECT_EQ(rooms.people_on(last_worker), 0u);
  EXPECT_TRUE(rooms.handle_notice(0, Node::StateChanged{ada, Node::State::kFailed}).events.empty());
  const auto answered = answer(late);  // Answered even so.
  EXPECT_EQ(event<meeting::Answered>(answered).ticket, 8u);
  EXPECT_NE(connect("ada", 9).room, late.room);
}

TEST_F(MediaRoomsTest, DropsWhatIsToldOfAConnectionThatIsBeingReplaced) {
  const auto ada = join("ada");
  const Node::StateChanged lost{ada, Node::State::kDisconnected};
  EXPECT_EQ(event<meeting::ConnectionChanged>(rooms.handle_notice(0, lost)).state, State::kLost);
  const auto first = connect("ada", 1);
  const auto second = connect("ada", 2);
  EXPECT_EQ(first.participant, ada);  // So the others' views and slots still mean her.
  EXPECT_TRUE(rooms.handle_notice(0, lost).events.empty());
  answer(first);
  EXPECT_TRUE(rooms.handle_notice(0, lost).events.empty());
  answer(second);
  EXPECT_EQ(rooms.handle_notice(0, lost).events.size(), 1u);
}

TEST_F(MediaRoomsTest, DropsWhatIsToldOfWhoHasGone) {
  const auto ada = join("ada");
  join("bob");
  ask("ada", meeting::Disconnect{});
  EXPECT_TRUE(
      rooms.handle_notice(0, Node::StateChanged{ada, Node::State::kConnected}).events.empty());
  EXPECT_TRUE(rooms.handle_notice(0, Node::SlotsChanged{ada, {}}).events.empty());
  EXPECT_TRUE(rooms.handle_notice(0, Node::QualityChanged{ada, {}, {}}).events.empty());
  EXPECT_TRUE(
      rooms.handle_notice(0, Node::LayersWanted{ada, sfu::Source::kCamera, {}}).events.empty());
  EXPECT_TRUE(rooms.handle_notice(0, Node::SpeakersChanged{{12345}, {}}).events.empty());
  EXPECT_NE(join("ada"), ada);
}

TEST_F(MediaRoomsTest, ForgetsWhoseOfferWasRefused) {
  const auto refused = connect("ada", 1);
  const auto outcome = fail(refused);
  EXPECT_EQ(event<meeting::Answered>(outcome).answer.error(), "bad");
  EXPECT_EQ(rooms.rooms(), 0u);
  EXPECT_EQ(outcome.gone, std::vector{refused.participant});
  const auto first = connect("ada", 2);
  const auto second = connect("ada", 3);
  fail(first);  // Not the one in force.
  EXPECT_TRUE(rooms.knows(second.participant));
}

TEST_F(MediaRoomsTest, RestartsOnlyWhatIsThere) {
  const auto refused = ask("ada", meeting::Connect{.renegotiate = true}, 5);
  EXPECT_TRUE(refused.calls.empty());
  EXPECT_EQ(event<meeting::Answered>(refused).ticket, 5u);
  EXPECT_FALSE(event<meeting::Answered>(refused).answer);
  EXPECT_EQ(rooms.rooms(), 0u);
  const auto ada = join("ada");
  const auto restarted = ask("ada", meeting::Connect{.renegotiate = true}, 6);
  EXPECT_TRUE(call<media_call::Connect>(restarted).renegotiate);
  // The connection goes on meanwhile, and after it failed.
  const Node::StateChanged lost{ada, Node::State::kDisconnected};
  EXPECT_EQ(rooms.handle_notice(0, lost).events.size(), 1u);
  fail(call<media_call::Connect>(restarted));
  EXPECT_EQ(rooms.handle_notice(0, lost).events.size(), 1u);
}

TEST_F(MediaRoomsTest, TakesAFailedConnectionAway) {
  const auto ada = join("ada");
  const Came outcome(rooms.handle_notice(0, Node::StateChanged{ada, Node::State::kFailed}));
  EXPECT_EQ(event<meeting::ConnectionChanged>(outcome).state, State::kFailed);
  EXPECT_EQ(call<media_call::Disconnect>(outcome).participant, ada);
  EXPECT_FALSE(rooms.knows(ada));
}

TEST_F(MediaRoomsTest, SaysWhatMayBeSent) {
  const auto ada = join("ada");
  const auto outcome =
      ask("ada", meeting::SetSending{.microphone = false, .screen = false, .messages = false});
  EXPECT_EQ(call<media_call::Permit>(outcome).participant, ada);
  EXPECT_EQ(call<media_call::Permit>(outcome).sources,
            (std::vector{sfu::Source::kCamera, sfu::Source::kScreenAudio}));
  EXPECT_FALSE(call<media_call::Permit>(outcome).messages);
  EXPECT_TRUE(ask("nobody", meeting::SetSending{}).calls.empty());
}

TEST_F(MediaRoomsTest, ShowsWhoWasNamedBeforeTheyCame) {
  const auto ada = join("ada");
  const auto bob = join("bob");
  const meeting::SetView view{{{"carol", meeting::PictureSource::kScreen, 1920, 1080},
                               {"bob", meeting::PictureSource::kCamera, 320, 180}}};
  const auto set = ask("ada", view);
  const sfu::Tile bobs{bob, sfu::Source::kCamera, {320, 180}};
  EXPECT_EQ(call<media_call::SetView>(set).participant, ada);
  EXPECT_EQ(call<media_call::SetView>(set).view, (std::vector{bobs}));
  const auto came = ask("carol", meeting::Connect{}, 1);
  const auto carol = call<media_call::Connect>(came).participant;
  EXPECT_EQ(call<media_call::SetView>(came, 1).participant, ada);
  EXPECT_EQ(call<media_call::SetView>(came, 1).view,
            (std::vector{sfu::Tile{carol, sfu::Source::kScreen, {1920, 1080}}, bobs}));
  EXPECT_EQ(ask("dan", meeting::Connect{}, 2).calls.size(), 1u);
  connect("ada", 3);  // A new connection begins without a view.
  ask("carol", meeting::Disconnect{});
  EXPECT_EQ(ask("carol", meeting::Connect{}, 4).calls.size(), 1u);
}

TEST_F(MediaRoomsTest, WhoWantsOneStreamHasTheRoomMixed) {
  rooms = MediaRooms(2, 100, 1);
  const auto ada = join("ada");
  const auto bob = join("bob");
  ask("bob", meeting::Describe{.name = "Bob", .microphone = true});
  const auto wanted = ask("ada", meeting::SetView{.one_stream = meeting::ViewSize{1'280, 720}});
  const auto& one_stream = call<media_call::SetOneStream>(wanted);
  EXPECT_EQ(one_stream.participant, ada);
  EXPECT_EQ(one_stream.size, (codec::PictureSize{1'280, 720}));
  EXPECT_EQ(call<media_call::LinkRoom>(wanted, 1).worker, 2u) << "the mixer, behind two workers";
  EXPECT_EQ(call<media_call::LinkRoom>(wanted, 2).worker, 3u) << "and that of its pictures";
  ASSERT_EQ(wanted.calls.size(), 3u) << "its tiles stay until there is a picture of all";
  ASSERT_EQ(wanted.mixes.size(), 6u);
  const auto& looks = std::get<mix_call::Describe>(wanted.mixes[4].call);
  EXPECT_EQ(looks.participant, bob);
  EXPECT_EQ(looks.looks, (mcu::Looks{.name = "Bob", .muted = false}));
  EXPECT_EQ(std::get<mix_call::Listen>(wanted.mixes[5].call).participant, ada);

  const auto muted = ask("bob", meeting::Describe{.name = "Bob"});
  EXPECT_TRUE(std::get<mix_call::Describe>(muted.mixes.at(0).call).looks.muted);

  const auto back = ask("ada", meeting::SetView{});
  EXPECT_FALSE(call<media_call::SetOneStream>(back).size);
  EXPECT_EQ(call<media_call::SetView>(back, 1).participant, ada);
  EXPECT_TRUE(std::holds_alternative<mix_call::CloseRoom>(back.mixes.at(0).call));
  EXPECT_EQ(ask("ada", meeting::SetView{}).calls.size(), 1u);
}

TEST_F(MediaRoomsTest, MixersKnowOfALecturesStageAlone) {
  rooms = MediaRooms(2, 100, 1);
  const auto ada = join("ada");
  join("bob");
  ask("ada", meeting::Describe{.name = "Ada", .lectures = true});
  ask("bob", meeting::Describe{.name = "Bob", .on_stage = false});
  const auto wanted = ask("bob", meeting::SetView{.one_stream = meeting::ViewSize{1'280, 720}});
  ASSERT_EQ(wanted.mixes.size(), 4u);
  const auto& looks = std::get<mix_call::Describe>(wanted.mixes[3].call);
  EXPECT_EQ(looks.participant, ada);
  EXPECT_TRUE(looks.looks.lectures);
  EXPECT_TRUE(ask("bob", meeting::Describe{.name = "Bob", .on_stage = false}).mixes.empty());
  EXPECT_EQ(ask("bob", meeting::Describe{.name = "Bob"}).mixes.size(), 2u) << "let up";
}

TEST_F(MediaRoomsTest, WhoGoesListensNoMore) {
  rooms = MediaRooms(2, 100, 1);
  join("ada");
  join("bob");
  ask("ada", meeting::SetView{.one_stream = meeting::ViewSize{640, 360}});
  // A new connection begins without a view.
  auto again = ask("ada", meeting::Connect{}, 1);
  EXPECT_TRUE(std::holds_alternative<mix_call::CloseRoom>(again.mixes.at(0).call));
  rooms.handle_notice(0, MediaAnswer{1, call<media_call::Connect>(again).participant, "v=0"});
  ask("ada", meeting::SetView{.one_stream = meeting::ViewSize{640, 360}});
  auto left = ask("ada", meeting::Disconnect{});
  EXPECT_TRUE(std::holds_alternative<mix_call::CloseRoom>(left.mixes.at(0).call));
  ask("bob", meeting::SetView{.one_stream = meeting::ViewSize{640, 360}});
  EXPECT_EQ(ask("bob", meeting::CloseRoom{}).mixes.size(), 2u);
}

TEST_F(MediaRoomsTest, TellsWhichSlotCarriesEveryone) {
  const auto ada = join("ada");
  const auto slots =
      rooms.handle_notice(0, Node::SlotsChanged{ada, {{"4", {}, sfu::Source::kCamera, true}}});
  const auto& slot = event<meeting::SlotsChanged>(slots).slots.at(0);
  EXPECT_TRUE(slot.one_stream);
  EXPECT_EQ(slot.sid, "");
  Node::QualityChanged quality{.participant = ada};
  quality.tiles.push_back({.mid = "4", .size = {640, 360}, .limit = sfu::Limit::kSender});
  const auto told = rooms.handle_notice(0, std::move(quality));
  const auto& tile = event<meeting::QualityChanged>(told).tiles.at(0);
  EXPECT_TRUE(tile.one_stream);
  EXPECT_EQ(tile.width, 640);
  EXPECT_EQ(tile.limit, meeting::QualityLimit::kServer) << "which sends it";
}

TEST_F(MediaRoomsTest, TellsOfSlotsSpeakersAndLayersByName) {
  const auto ada = join("ada");
  const auto bob = join("bob");
  const auto slots = rooms.handle_notice(
      0, Node::SlotsChanged{ada,
                            {{"4", bob, sfu::Source::kScreen},
                             {"5", {}, sfu::Source::kCamera},
                             {"6", sfu::ParticipantId{999}, sfu::Source::kCamera}}});
  using Slot = meeting::SlotsChanged::Slot;
  EXPECT_EQ(event<meeting::SlotsChanged>(slots).slots,
            (std::vector<Slot>{{"4", "bob", meeting::Source::kScreen},
                               {"5", "", meeting::Source::kCamera},
                               {"6", "", meeting::Source::kCamera}}));
  EXPECT_EQ(slots.events[0].sid, "ada");
  const auto room = connect("carol", 1).room;
  const auto speakers =
      rooms.handle_notice(0, Node::SpeakersChanged{room, {bob, sfu::ParticipantId{999}, ada}});
  EXPECT_EQ(event<meeting::SpeakersChanged>(speakers).sids,
            (std::vector<std::string>{"bob", "ada"}));
  EXPECT_EQ(speakers.events[0].room, "tea");
  EXPECT_EQ(speakers.events[0].sid, "");
  const auto layers =
      rooms.handle_notice(0, Node::LayersWanted{bob, sfu::Source::kScreen, {"h", "f"}});
  EXPECT_EQ(event<meeting::LayersChanged>(layers).source, meeting::PictureSource::kScreen);
  EXPECT_EQ(event<meeting::LayersChanged>(layers).active, (std::vector<std::string>{"h", "f"}));
}

TEST_F(MediaRoomsTest, TellsWhatLimitsEachTile) {
  const auto ada = join("ada");
  const auto bob = join("bob");
  const sfu::TileQuality tile{.mid = "4",
                              .participant = bob,
                              .source = sfu::Source::kCamera,
                              .size = {640, 360},
                              .frames_per_second = 29.7,
                              .rate = DataRate::kbps(500),
                              .limit = sfu::Limit::kDownlink,
                              .paused = true};
  const auto outcome =
      rooms.handle_notice(0, Node::QualityChanged{ada, DataRate::kbps(900), {tile}});
  const auto& quality = event<meeting::QualityChanged>(outcome);
  EXPECT_EQ(quality.estimate, 900'000);
  EXPECT_EQ(quality.tiles,
            (std::vector<meeting::TileQuality>{{.sid = "bob",
                                                .source = meeting::PictureSource::kCamera,
                                                .mid = "4",
                                                .width = 640,
                                                .height = 360,
                                                .fps = 30,
                                                .bitrate = 500'000,
                                                .limit = meeting::QualityLimit::kDownlink,
                                                .paused = true}}));
}

TEST_F(MediaRoomsTest, NamesTheLargestRooms) {
  join("a", "one");
  for (const char* sid : {"a", "b", "c"}) join(sid, "three");
  for (const char* sid : {"a", "b"}) join(sid, "two");
  const auto two = rooms.largest(2);
  ASSERT_EQ(two.size(), 2u);
  EXPECT_EQ(two[0].name, "three");
  EXPECT_EQ(two[0].people, 3u);
  EXPECT_EQ(two[1].name, "two");
  EXPECT_EQ(rooms.name_of(two[1].id), "two");
  EXPECT_EQ(rooms.name_of({12345}), "");
  EXPECT_EQ(rooms.largest(9).size(), 3u);
}

// --- A room on several workers

class SpreadRoom : public testing::Test {
 protected:
  // Which worker the newcomer is put on; `calls` is all that had to be done for it.
  std::size_t join(const std::string& sid, const std::string& room = "tea") {
    Came came(rooms.handle_request(
        {.ticket = ++ticket_, .room = room, .sid = sid, .request = meeting::Connect{}}));
    calls = std::move(came.calls);
    in_order = std::move(came.in_order);
    const auto& connect = std::get<media_call::Connect>(calls.back().call);
    rooms.handle_notice(calls.back().worker, MediaAnswer{ticket_, connect.participant, "v=0"});
    ids[sid] = connect.participant;
    room_id = connect.room;
    return calls.back().worker;
  }
  auto leave(const std::string& sid) {
    return Came(rooms.handle_request({.room = "tea", .sid = sid, .request = meeting::Disconnect{}}))
        .calls;
  }

  MediaRooms rooms{3, 2};
  std::vector<ForWorker> calls;
  std::vector<ForMedia> in_order;
  std::map<std::string, sfu::ParticipantId> ids;
  sfu::RoomId room_id;

 private:
  std::uint64_t ticket_ = 0;
};

TEST_F(SpreadRoom, GoesToAnotherWorkerOnceItHasItsShareOfOne) {
  EXPECT_EQ(join("a"), 0u);
  EXPECT_EQ(join("b"), 0u);
  EXPECT_EQ(calls.size(), 1u);
  EXPECT_EQ(join("c"), 1u);
  ASSERT_EQ(calls.size(), 3u);  // The one that comes to it hears of the other first.
  EXPECT_EQ(calls[0].worker, 1u);
  EXPECT_EQ(std::get<media_call::LinkRoom>(calls[0].call).worker, 0u);
  EXPECT_EQ(calls[1].worker, 0u);
  EXPECT_EQ(std::get<media_call::LinkRoom>(calls[1].call).worker, 1u);
  EXPECT_EQ(std::get<media_call::LinkRoom>(calls[1].call).room, room_id);
  EXPECT_EQ(join("d"), 1u);
  EXPECT_EQ(calls.size(), 1u);
  EXPECT_EQ(join("e"), 2u);
  EXPECT_EQ(calls.size(), 5u);
}

// What the mixer says to a worker that does not have the room is lost.
TEST_F(SpreadRoom, AMixerHearsOfAWorkerOnceThatHasTheRoom) {
  rooms = MediaRooms(3, 2, 1);
  join("a");
  join("b");
  rooms.handle_request({.room = "tea",
                        .sid = "a",
                        .request = meeting::SetView{.one_stream = meeting::ViewSize{640, 360}}});
  ASSERT_EQ(join("c"), 1u);
  const auto is_for_it = [](const ForMedia& next) {
    const auto* const one = std::get_if<ForWorker>(&next);
    return one != nullptr && one->worker == 1;
  };
  const auto is_for_a_mixer = [](const ForMedia& next) {
    return std::holds_alternative<ForMixer>(next);
  };
  ASSERT_TRUE(std::ranges::any_of(in_order, is_for_a_mixer));
  EXPECT_LT(std::ranges::find_if(in_order, is_for_it),
            std::ranges::find_if(in_order, is_for_a_mixer));
}

TEST_F(SpreadRoom, FillsPlacesThatAreFreeBeforeIt) {
  for (const char* sid : {"a", "b", "c"}) join(sid);
  leave("a");
  EXPECT_EQ(join("d"), 0u);
  EXPECT_EQ(join("e"), 1u);
}

TEST_F(SpreadRoom, StaysWhereOthersHaveMoreToDo) {
  for (const char* sid : {"x", "y", "z"}) join(sid, "one");
  for (const char* sid : {"p", "q", "r"}) join(sid, "two");
  for (const char* sid : {"a", "b"}) join(sid);
  const std::size_t before = rooms.people_on(0) + rooms.people_on(1) + rooms.people_on(2);
  EXPECT_EQ(before, 8u);
  for (int i = 0; i < 6; ++i) join("more" + std::to_string(i));
  for (std::size_t worker = 0; worker < 3; ++worker) {
    EXPECT_GE(rooms.people_on(worker), 4u) << worker;
  }
}

TEST_F(SpreadRoom, ARequestGoesWhereThePersonIs) {
  for (const char* sid : {"a", "b", "c"}) join(sid);
  const Came view(rooms.handle_request(
      {.room = "tea", .sid = "c", .request = meeting::SetView{{{.sid = "a"}}}}));
  ASSERT_EQ(view.calls.size(), 1u);
  EXPECT_EQ(view.calls[0].worker, 1u);
  ASSERT_EQ(std::get<media_call::SetView>(view.calls[0].call).view->size(), 1u);
  EXPECT_EQ(std::get<media_call::SetView>(view.calls[0].call).view->at(0).participant, ids["a"]);
  const auto sending =
      Came(rooms.handle_request({.room = "tea", .sid = "c", .request = meeting::SetSending{}}));
  ASSERT_EQ(sending.calls.size(), 1u);
  EXPECT_EQ(sending.calls[0].worker, 1u);
  EXPECT_EQ(leave("c").at(0).worker, 1u);
}

TEST_F(SpreadRoom, OneOfItsWorkersSaysWhoSpeaks) {
  for (const char* sid : {"a", "b", "c"}) join(sid);
  const sfu::Node::SpeakersChanged told{room_id, {ids["c"]}};
  EXPECT_EQ(rooms.handle_notice(0, told).events.size(), 1u);
  EXPECT_TRUE(rooms.handle_notice(1, told).events.empty());
  leave("a");
  leave("b");
  EXPECT_TRUE(rooms.handle_notice(0, told).events.empty());
  EXPECT_EQ(rooms.handle_notice(1, told).events.size(), 1u);
}

TEST_F(SpreadRoom, EndsOnAllOfThem) {
  for (const char* sid : {"a", "b", "c"}) join(sid);
  leave("a");
  leave("b");
  const auto last = leave("c");
  ASSERT_EQ(last.size(), 3u);
  EXPECT_TRUE(std::holds_alternative<media_call::CloseRoom>(last[1].call));
  EXPECT_EQ(last[1].worker, 0u);
  EXPECT_TRUE(std::holds_alternative<media_call::CloseRoom>(last[2].call));
  EXPECT_EQ(last[2].worker, 1u);
  for (const char* sid : {"a", "b", "c"}) join(sid);
  const Came closed(rooms.handle_request({.room = "tea", .request = meeting::CloseRoom{}}));
  EXPECT_EQ(closed.calls.size(), 2u);
  EXPECT_EQ(closed.gone.size(), 3u);
  for (std::size_t worker = 0; worker < 3; ++worker) EXPECT_EQ(rooms.people_on(worker), 0u);
}

}  // namespace
}  // namespace parley::server
