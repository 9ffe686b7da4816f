#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/random.h"
#include "base/sans_io.h"
#include "meeting/messages.h"
#include "meeting/participant.h"
#include "meeting/resume_tokens.h"
#include "meeting/room.h"
#include "meeting/token_bucket.h"

namespace parley::meeting {

struct RoomsConfig {
  std::size_t max_rooms = 10'000;
  std::size_t max_participants = 16;  // In a mesh each sends to every other: 15 uplinks.
  Duration grace = std::chrono::seconds{30};
  std::chrono::seconds resume = std::chrono::hours{24};  // How long a resume token is good.
  RateLimit events = {};                                 // Of one connection.
  ResumeTokens::Key key = {};                            // Signs the resume tokens.
  UnixTime unix_time_at_zero = {};  // The calendar's time when the loop's clock was zero.
};

// Everything that goes on in all rooms: who joins, leaves, breaks off and comes back, and what
// participants say to each other. docs/protocol.md is its contract.
//
// It knows connections by their ids only. Its owner tells it what came from each (Input) and
// carries out what it says (Output); an event to many is one Tell, to be encoded once.
class Rooms {
 public:
  // A client said something.
  struct Said {
    ConnectionId connection = {};
    std::string event = {};
    Json body = {};
    std::optional<std::int64_t> ack = {};  // Whatever the owner knows the request by.
  };

  // A connection broke. `may_recover`: the transport keeps what is told to it meanwhile and may
  // report Recovered under the same id.
  struct Lost {
    ConnectionId connection = {};
    bool may_recover = false;
  };

  // A connection that was Lost is there again, and has been given what it missed. If its place is
  // gone meanwhile, it is told so by an error "not-joined".
  struct Recovered {
    ConnectionId connection = {};
  };

  // Nobody comes in from now on, and everyone is told why.
  struct Close {
    std::string reason = {};
  };

  using Input = std::variant<Said, Lost, Recovered, Close>;

  // Goes to each of `to`.
  struct Tell {
    std::vector<ConnectionId> to = {};
    Event event = {};

    friend bool operator==(const Tell&, const Tell&) = default;
  };

  // Acknowledges an event: {"ok": true}, or the refusal.
  struct Answer {
    ConnectionId to = {};
    std::int64_t ack = 0;
    std::optional<Refusal> refusal = {};

    friend bool operator==(const Answer&, const Answer&) = default;
  };

  // Acknowledges a join. The owner adds the ice servers, which depend on how the client reached us.
  struct Admit {
    ConnectionId to = {};
    std::int64_t ack = 0;
    Welcome welcome = {};

    friend bool operator==(const Admit&, const Admit&) = default;
  };

  // A lost connection leads nowhere any more: nothing will be told to it.
  struct Forget {
    ConnectionId connection = {};

    friend bool operator==(const Forget&, const Forget&) = default;
  };

  using Output = std::variant<Tell, Answer, Admit, Forget>;

  struct Counters {
    std::size_t rooms = 0, participants = 0, away = 0;  // Now.
    std::uint64_t joins = 0, resumes = 0, recoveries = 0, leaves = 0, timeouts = 0, replaced = 0;
    std::uint64_t descriptions = 0, candidates = 0;      // Passed on.
    std::uint64_t waiting_dropped = 0, bad_resumes = 0;  // Too much for one away; not ours or old.
    std::array<std::uint64_t, kCodes> refusals = {};     // By Code.
  };

  Rooms(RoomsConfig config, Random& random);

  void handle_input(Time now, Input input);
  void handle_timeout(Time now);
  std::optional<Output> poll_output();
  Time next_deadline() const;

  // The room of that name, which is empty where nobody is in it.
  RoomView view(std::string_view room) const;
  const Counters& counters() const { return counters_; }

 private:
  struct Seat {
    Room* room = nullptr;
    Participant* participant = nullptr;
  };

  struct Connection {
    TokenBucket bucket;
    Seat seat = {};  // Empty before a join.
  };

  // Carried out, or refused.
  using Outcome = std::optional<Refusal>;

  void on(Time now, Said& said);
  void on(Time now, const Lost& lost);
  void on(Time now, const Recovered& recovered);
  void on(Time now, const Close& close);

  Outcome carry_out(Time now, const Said& said, Connection& connection);
  Outcome join(Time now, const Said& said, Connection& connection, const Join& join);
  Outcome on(Connection& connection, const Leave& leave);
  Outcome on(Connection& connection, const SetMedia& media);
  Outcome on(Connection& connection, SendDescription& description);
  Outcome on(Connection& connection, SendCandidate& candidate);

  Outcome come_in(Time now, const Said& said, Connection& connection, const Join& join,
                  std::string sid);
  void come_back(Time now, const Said& said, Connection& connection, const Join& join, Seat seat);
  void admit(Time now, const Said& said, Seat seat, bool resumed);
  void unseat(Participant& participant);
  void forget(ConnectionId connection);
  void set_away(Seat seat, Time gone_at);
  void set_present(Seat seat);
  void remove(Seat seat, LeaveReason reason);

  // The sid that the join may come back as; a new one where it may not.
  struct Identity {
    std::string sid = {};
    bool resumes = false;
  };
  Identity identify(Time now, const Join& join);
  Outcome pass_on(Seat from, std::string_view sid, Event event, std::uint64_t& counter);

  void refuse(const Said& said, Refusal refusal);
  void tell(std::vector<ConnectionId> to, Event event);
  Room* find_room(std::string_view name);
  UnixTime unix_time(Time now) const;

  RoomsConfig config_;
  Random& random_;
  ResumeTokens tokens_;
  std::unordered_map<std::string, Room> rooms_;  // None is empty; never more than max_rooms.
  std::unordered_map<ConnectionId, Connection> connections_;   // Those that said something.
  std::set<std::tuple<Time, std::string, std::string>> away_;  // gone_at, room, sid.
  std::deque<Output> outputs_;
  Counters counters_;
  bool closing_ = false;
};

static_assert(SansIo<Rooms>);

}  // namespace parley::meeting
