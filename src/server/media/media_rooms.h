#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "meeting/media_requests.h"
#include "server/media/media_calls.h"
#include "server/media/mixing.h"

namespace parley::server {

// Which worker has which room, and by what ids the workers know rooms and people: the meeting's
// requests become calls of workers here, and what workers tell becomes the meeting's events. The
// contract is MediaDesk's; it lives on the control thread and touches no other.
//
// A room goes to the worker with the fewest people. Once it has `room_share` of its people there,
// the next ones go to another worker, which is linked with those that have the room already. Who is
// somewhere stays there, and a room stays on its workers until it ends. Which rooms are mixed as
// well, Mixing knows.
class MediaRooms {
 public:
  // What is to be done now, in this order.
  struct Outcome {
    std::vector<ForMedia> calls = {};
    std::vector<meeting::FromMedia> events = {};
    std::vector<sfu::ParticipantId> gone = {};  // They are in no room any more.
  };

  explicit MediaRooms(std::size_t workers, std::size_t room_share = 100, std::size_t mixers = 0)
      : room_share_(room_share), people_on_(workers, 0), mixing_(workers, mixers) {}

  Outcome handle_request(meeting::ToMedia request);
  Outcome handle_notice(std::size_t worker, MediaNotice notice);

  bool knows(sfu::ParticipantId participant) const { return places_.contains(participant); }
  std::size_t rooms() const { return rooms_.size(); }
  std::size_t people_on(std::size_t worker) const { return people_on_[worker]; }
  // The rooms with the most people, at most `most` of them.
  struct Large {
    std::string_view name = {};
    sfu::RoomId id = {};
    std::size_t people = 0;
  };
  std::vector<Large> largest(std::size_t most) const;
  std::uint64_t mixes_refused() const { return mixing_.refused(); }
  // Empty: it has ended.
  std::string_view name_of(sfu::RoomId room) const;

 private:
  struct Person {
    sfu::ParticipantId id = {};
    std::size_t worker = 0;
    // Of the connection that was asked for last, until it is answered: what is told of this person
    // before that, the connection said that this one replaces.
    std::optional<std::uint64_t> awaited = {};
    std::optional<meeting::SetView> view = {};
    mcu::Looks looks = {};
    bool on_stage = true;
  };
  struct Share {
    std::size_t worker = 0;
    std::size_t people = 0;
  };
  struct Room {
    sfu::RoomId id = {};
    std::vector<Share> shares = {};  // The workers that have it, in the order of their coming.
    std::map<std::string, Person, std::less<>> people = {};  // By sid.
  };
  using Rooms = std::map<std::string, Room, std::less<>>;  // By name.
  // Where a person is found; both keys are in the maps above.
  struct Place {
    Rooms::iterator room = {};
    std::string sid = {};
  };
  struct Asker {
    std::string room = {};
    std::string sid = {};
  };

  void on(const meeting::ToMedia& to, meeting::Connect& request, Outcome& outcome);
  void on(const meeting::ToMedia& to, meeting::Disconnect& request, Outcome& outcome);
  void on(const meeting::ToMedia& to, meeting::SetSending& request, Outcome& outcome);
  void on(const meeting::ToMedia& to, meeting::SetView& request, Outcome& outcome);
  void on(const meeting::ToMedia& to, meeting::Describe& request, Outcome& outcome);
  void on(const meeting::ToMedia& to, meeting::CloseRoom& request, Outcome& outcome);

  void on(MediaAnswer& notice, Outcome& outcome);
  void on(sfu::Node::StateChanged& notice, Outcome& outcome);
  void on(sfu::Node::SlotsChanged& notice, Outcome& outcome);
  void on(std::size_t worker, sfu::Node::SpeakersChanged& notice, Outcome& outcome);
  void on(sfu::Node::QualityChanged& notice, Outcome& outcome);
  void on(sfu::Node::LayersWanted& notice, Outcome& outcome);

  std::pair<Rooms::iterator, Person*> find(const meeting::ToMedia& to);
  Rooms::iterator room_named(const std::string& name);  // Made if it is not there.
  Person& add(Rooms::iterator room, const std::string& sid, Outcome& outcome);
  // Where the next of its people goes.
  Share& share_for_newcomer(Room& room, Outcome& outcome);
  Share& spread(Room& room, std::size_t to, Outcome& outcome);
  static Share& share_on(Room& room, std::size_t worker);
  std::optional<std::size_t> idlest_without(const Room& room) const;
  void close(Rooms::iterator room, Outcome& outcome);
  void describe(const Room& room, Person& person, meeting::Describe looks, Outcome& outcome);
  void set_one_stream(const Room& room, const Person& person,
                      const std::optional<meeting::ViewSize>& size, Outcome& outcome);
  // Those whose views named `sid` before it was there.
  void show_newcomer(Rooms::iterator room, std::string_view sid, Outcome& outcome);
  void remove(Rooms::iterator room, const std::string& sid, Outcome& outcome);
  sfu::View view_in(const Room& room, const meeting::SetView& view) const;
  // Empty: it is none of ours any more.
  std::string_view sid_of(sfu::ParticipantId id) const;
  // Of the connection in force; nothing where it is another's.
  const Place* place_of(sfu::ParticipantId id) const;
  void tell(const Place& place, meeting::MediaEvent event, Outcome& outcome) const;

  std::size_t room_share_;
  std::vector<std::size_t> people_on_;  // By worker.
  Mixing mixing_;
  std::uint64_t next_id_ = 1;  // Never used again, of rooms as of people.
  Rooms rooms_;
  std::unordered_map<sfu::ParticipantId, Place> places_;
  std::unordered_map<sfu::RoomId, Rooms::iterator> rooms_by_id_;
  std::unordered_map<std::uint64_t, Asker> askers_;  // By ticket, until it is answered.
};

}  // namespace parley::server
