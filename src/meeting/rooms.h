#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/random.h"
#include "base/sans_io.h"
#include "meeting/clerk.h"
#include "meeting/conversation.h"
#include "meeting/entrance.h"
#include "meeting/host_controls.h"
#include "meeting/identity.h"
#include "meeting/messages.h"
#include "meeting/presence.h"
#include "meeting/privileges.h"
#include "meeting/state.h"
#include "meeting/switchboard.h"
#include "meeting/vote_counter.h"

namespace parley::meeting {

// Everything that goes on in all rooms: who joins, leaves, breaks off and comes back, what hosts do
// and what participants say to each other. docs/protocol.md is its contract.
//
// It knows connections by their ids only. Its owner tells it what came from each (Input) and
// carries out what it says (Output). It decides nothing by itself: it hands each event to the part
// whose subject it is.
class Rooms {
 public:
  // A connection was opened by somebody. A connection that was not told of is a guest's.
  struct Came {
    ConnectionId connection = {};
    Identity identity = {};
    std::string address = {};  // The peer's, without the port.
  };

  // A client said something.
  struct Said {
    ConnectionId connection = {};
    std::string event = {};
    Json body = {};
    std::optional<std::int64_t> ack = {};  // Whatever the owner knows the request by.
    std::optional<JoinClaim> token = {};   // Of a join, if its token was found good.
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

  // The store's reply to a request.
  struct FromStore {
    std::uint64_t ticket = 0;
    StoreReply reply = {};
  };

  // What is stored of that room was changed, or the room deleted, by somebody else than us.
  struct RoomChanged {
    std::string room = {};
  };
  struct RoomDeleted {
    std::string room = {};
  };

  // Nobody comes in from now on, and everyone is told why.
  struct Close {
    std::string reason = {};
  };

  using Input = std::variant<Came, Said, Lost, Recovered, FromStore, FromMedia, RoomChanged,
                             RoomDeleted, Close>;
  using Output = meeting::Output;

  Rooms(RoomsConfig config, Random& random);
  Rooms(const Rooms&) = delete;
  Rooms& operator=(const Rooms&) = delete;

  void handle_input(Time now, Input input);
  void handle_timeout(Time now);
  std::optional<Output> poll_output();
  Time next_deadline() const {
    return std::min(state_.deadlines.next(), state_.announcements.next_deadline());
  }

  // The room of that name, which is empty where nobody is in it.
  RoomView view(std::string_view room) const;
  // What holds in a room where somebody is; none where nobody is, and the store knows.
  struct Live {
    RoomSettings settings = {};
    bool kept = false;
  };
  std::optional<Live> live(std::string_view room) const;

  const Counters& counters() const { return state_.counters; }

 private:
  using Outcome = std::optional<Refusal>;

  void on(Time now, const Came& came);
  void on(Time now, Said& said);
  void on(Time now, const Lost& lost);
  void on(Time now, const Recovered& recovered);
  void on(Time now, FromStore& reply);
  void on(Time now, FromMedia& event);
  void on(Time now, const RoomChanged& changed);
  void on(Time now, const RoomDeleted& deleted);
  void on(Time now, const Close& close);

  Connection& connection_of(ConnectionId id);
  void carry_out(Time now, const Request& request, Connection& connection, Command& command);
  void leave(Time now, const Request& request, Connection& connection);
  void give_ice_servers(const Request& request, Seat seat);

  State state_;
  Switchboard switchboard_;
  Privileges privileges_;
  Presence presence_;
  Entrance entrance_;
  HostControls host_controls_;
  Conversation conversation_;
  Clerk clerk_;
  VoteCounter vote_counter_;
};

static_assert(SansIo<Rooms>);

}  // namespace parley::meeting
