#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/random.h"
#include "base/token_bucket.h"
#include "meeting/announcements.h"
#include "meeting/answers.h"
#include "meeting/deadlines.h"
#include "meeting/ledger.h"
#include "meeting/media_requests.h"
#include "meeting/messages.h"
#include "meeting/output.h"
#include "meeting/resume_tokens.h"
#include "meeting/room.h"
#include "meeting/store_requests.h"
#include "meeting/topology.h"

namespace parley::meeting {

struct RoomsConfig {
  std::size_t max_rooms = 10'000;
  std::size_t max_participants = 1'024;  // In one room.
  // In one that never goes over the server: each sends to every other, 15 uplinks.
  std::size_t max_mesh_participants = 16;
  std::size_t max_waiting = 64;  // In one room; a host goes through them by hand.
  // Of a lecture, hosts and programs counted: each person there is told to everyone in the room.
  std::size_t max_stage = 32;
  // How often a lecture is told of its audience.
  Duration audience_pace = std::chrono::milliseconds{500};
  bool guests = true;  // Whether people come in who are not logged in.
  Duration grace = std::chrono::seconds{30};
  Duration max_wait = std::chrono::minutes{30};  // To be admitted.
  // How often the store hears that a room is in use: well within the time after which it is
  // forgotten.
  Duration use_interval = std::chrono::hours{1};
  // For how long after the start people are expected back from before it.
  std::chrono::seconds return_window = std::chrono::minutes{2};
  std::chrono::seconds resume = std::chrono::hours{24};  // How long a resume token is good.
  TopologyController::Config topology = {};
  // How long a join waits for the answer of media: it takes 2 ms, so past this there will be none.
  Duration answer_wait = std::chrono::seconds{2};
  // How long media goes on once the room is peer to peer: for that to come up everywhere.
  Duration media_idle = std::chrono::seconds{15};
  // Who comes and goes is told at once to so few. Where more are to hear of it, what happens within
  // this time of each other is told together: a crowd that comes in is one packet for each, not a
  // packet for each of each.
  std::size_t told_at_once = 16;
  Duration gather = std::chrono::milliseconds{50};
  // Or, where it is longer, within so long for each who is to hear of it: so a room of any size has
  // a thousand packets a second sent to tell of this.
  Duration gather_each = std::chrono::milliseconds{1};
  // How often numbers of votes are told to a room: a hall of a thousand votes within a second.
  Duration tell_votes = std::chrono::milliseconds{500};
  // Of one connection. A person makes a handful, a page that calls fifteen peers hundreds, but only
  // once: each candidate of each peer is one event.
  RateLimit events = {.per_second = 100, .burst = 1'000};
  ResumeTokens::Key key = {};         // Signs the resume tokens.
  UnixMillis unix_time_at_zero = {};  // The calendar's time when the loop's clock was zero.
  UnixMillis started = {};            // When the server was.
};

struct Counters {
  std::size_t rooms = 0, participants = 0, away = 0, waiting = 0;  // Now.
  std::uint64_t joins = 0, resumes = 0, recoveries = 0, replaced = 0;
  std::uint64_t leaves = 0, timeouts = 0, removed = 0, ended = 0;  // ended: meetings.
  std::uint64_t waited = 0, admitted = 0, refused = 0, wait_timeouts = 0, wait_left = 0;
  std::uint64_t mutes = 0, asks = 0, permits = 0, role_changes = 0, settings_changes = 0;
  std::uint64_t descriptions = 0, candidates = 0;  // Passed on.
  std::uint64_t hands = 0, reactions = 0;
  std::size_t audience = 0;                                        // Of all lectures, now.
  std::uint64_t stage_up = 0, stage_down = 0, stage_left_out = 0;  // left_out: it was full.
  std::uint64_t audience_told = 0, roster_pages = 0;
  std::uint64_t reactions_summed = 0, reactions_dropped = 0;
  std::uint64_t messages = 0, repeated_messages = 0, edits = 0, deletions = 0;
  std::uint64_t todo_changes = 0;
  std::uint64_t questions = 0, repeated_questions = 0, questions_judged = 0;
  std::uint64_t questions_deleted = 0, questions_forgotten = 0;
  std::uint64_t votes = 0, vote_writes = 0, vote_tellings = 0;  // Counted; to the store; to rooms.
  std::uint64_t store_requests = 0, store_failures = 0;
  std::uint64_t shared_reads = 0;  // Answered from what was read for another.
  std::size_t sfu_rooms = 0;       // Now, by the server.
  std::array<std::uint64_t, kTopologyReasons> topology_changes = {};  // By TopologyReason.
  std::uint64_t unconnected = 0;                                      // Reports.
  std::uint64_t media_requests = 0, media_timeouts = 0, media_bad_offers = 0;
  std::uint64_t media_connected = 0, media_lost = 0, media_failed = 0;
  std::uint64_t missed_dropped = 0, bad_resumes = 0;  // Too much for one away; not ours or old.
  std::array<std::uint64_t, kCodes> refusals = {};    // By Code.
};

// A participant and the room they are in.
struct Seat {
  Room* room = nullptr;
  Participant* participant = nullptr;
};

// What is known of a connection: at most one of the last three is set.
struct Connection {
  TokenBucket bucket;
  Identity identity = {};
  std::string address = {};
  Seat seat = {};            // In a room.
  Room* waits_in = nullptr;  // To be admitted, under the sid `waits_as`.
  std::string waits_as = {};
  std::string joins = {};  // The room that it will join once that is loaded.
};

// A welcome that waits for an answer of media, and what was told to that connection meanwhile.
struct HeldWelcome {
  Admit admit = {};
  MissedEvents later = {};
};

// All that the engine holds, and the verbs by which its parts act on it. Each part (Entrance,
// Presence, ...) decides about one subject; none knows the others' decisions.
struct State {
  State(RoomsConfig the_config, Random& the_random)
      : config(the_config), random(the_random), tokens(the_config.key) {}

  Room* find_room(std::string_view name);
  UnixMillis unix_millis(Time now) const;

  // Where `due` is given, it may wait until then, to be told with others.
  void tell(std::vector<ConnectionId> to, Event event, Time due = kAtOnce);
  void tell(ConnectionId to, Event event);
  // Tells all others of a coming or going; of somebody in the audience nobody.
  void announce(Time now, Room& room, const Participant& who, Event event);
  void announce(Time now, Room& room, std::string_view sid, Event event);  // Whoever it is.
  // Tells all others of what somebody did; of somebody in the audience nobody.
  void tell_others(Room& room, const Participant& who, Event event);
  // Tells everyone; of somebody in the audience themselves alone.
  void tell_of(Room& room, const Participant& who, Event event);
  // Refusals are counted, and are told as an event to who asked for no answer.
  void reply(const Request& request, Reply reply);
  // Nothing else is told to that connection before its welcome is released.
  void hold(Admit admit);
  // Lets it go, if it is held, with what was told since.
  void release(ConnectionId connection, std::optional<std::string> answer);
  void tell_participant(Room& room, const Participant& participant);
  void tell_waiting(Room& room);
  // Who is in the audience of the lecture, or has a hand up there, has changed: told in time.
  void audience_changed(Time now, Room& room);
  // They have shown this in the audience.
  void sum_reaction(Time now, Room& room, const std::string& emoji);
  // What waits to be told of the audience is due, or the lecture is over.
  void tell_audience(Time now, Room& room, Deadline::Kind what);
  void forget_audience(Room& room);
  // To a host, who is told of raised hands as well.
  void tell_raised(const Room& room, const Participant& host);
  // Gives the ticket.
  std::uint64_t ask_store(const std::string& room, StoreRequest request);

  // The signed permission to come back as this participant.
  std::string resume_of(Time now, const Room& room, const Participant& who, bool waits) const;

  RoomsConfig config;
  Random& random;
  ResumeTokens tokens;
  std::unordered_map<std::string, Room> rooms = {};               // None is without people.
  std::unordered_map<ConnectionId, Connection> connections = {};  // Those that came, or spoke.
  // The rooms of requests whose reply is awaited. At most one each loading room, one each room.
  std::unordered_map<std::uint64_t, std::string> tickets = {};
  std::unordered_map<ConnectionId, HeldWelcome> held = {};  // Each for `answer_wait` at most.
  Deadlines deadlines = {};
  std::deque<Output> outputs = {};
  Announcements announcements = {};
  Counters counters = {};
  std::uint64_t last_ticket = 0;
  UnixMillis last_life = {};
  bool closing = false;
};

}  // namespace parley::meeting
