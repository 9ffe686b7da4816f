#pragma once

#include <optional>
#include <string>

#include "meeting/state.h"

namespace parley::meeting {

// Carries out how a room's media travels: asks media for the connections that the room's
// TopologyController wants, hands their answers to who waits for them, and tells people what media
// says of what they see.
//
// Nobody waits for media for long: past `answer_wait` things go on without an answer, and the
// client asks again by "negotiate". What media says of somebody whose signalling is broken is kept
// as far as it still matters when they are back.
class Switchboard {
 public:
  using Outcome = std::optional<Refusal>;

  explicit Switchboard(State& state) : state_(state) {}

  // ---- The room
  // The first came in, and has asked for that topology.
  void open(Room& room, Topology asked);
  // Who is there, or what they may send, has changed: if another topology follows, everyone is told
  // who has been welcomed.
  void review(Time now, Room& room);
  // All have left.
  void close(Room& room);
  void handle_timeout(Time now, Room& room, const Deadline& deadline);

  // ---- People
  // Gives them their welcome; where it is to hold an answer, once that is there.
  void welcome(Time now, Room& room, Participant& who, Admit admit);
  // They come back by another connection, with another offer or none.
  void come_back(Room& room, Participant& who, std::optional<MediaOffer> offer);
  // They are about to be taken out.
  void leave(Room& room, Participant& who);
  // They have said what of theirs is on, which lifts what hosts have switched off of it.
  void media_told(const Room& room, Participant& who);
  // What may be forwarded of them may have changed.
  void sending_changed(const Room& room, Participant& who);
  // Their name, hand or what of theirs is on may have.
  void person_changed(const Room& room, Participant& who);

  // ---- What they say
  void connect(Time now, Seat from, const Request& request, ConnectMedia& connect);
  Outcome on(Time now, Seat from, const ReportUnconnected& report);
  Outcome on(Time now, Seat from, ChangeView& view);

  // ---- What media says
  void hear(Time now, FromMedia& from);

 private:
  enum class Settled : std::uint8_t {
    kAnswered,   // `text` is the answer.
    kBadOffer,   // `text` says why.
    kNoAnswer,   // In time.
    kOvertaken,  // Nobody needs it any more.
  };

  void follow(Time now, Room& room, Time deadline_before,
              const std::optional<TopologyController::Change>& change);
  void announce(Time now, Room& room, TopologyController::Change change);
  bool is_seated(const Participant& who) const;

  void ask_for_connection(Time now, Room& room, Participant& who, Connect connect,
                          AwaitedAnswer awaited);
  void settle(Room& room, Participant& who, Settled how, std::string text = {});
  bool is_heard(const Participant& who, const AwaitedAnswer& awaited) const;
  void disconnect(const Room& room, Participant& who);
  void close_connections(Room& room);
  static void forget_connection(Participant& who);
  void ask(const Room& room, const Participant& who, MediaRequest request,
           std::uint64_t ticket = 0);

  void on(Room& room, Participant& who, Answered& answered);
  void on(Room& room, Participant& who, SlotsChanged& changed);
  void on(Room& room, Participant& who, QualityChanged& changed);
  void on(Room& room, Participant& who, LayersChanged& changed);
  void on(Room& room, Participant& who, const ConnectionChanged& changed);
  void on(Room& room, SpeakersChanged& changed);
  void tell_again(Room& room, Participant& who);

  State& state_;
};

}  // namespace parley::meeting
