#include "sfu/node.h"

#include <algorithm>
#include <array>
#include <bit>
#include <deque>
#include <unordered_map>
#include <utility>

#include "base/assert.h"
#include "base/overloaded.h"
#include "ice/credentials.h"
#include "net/demux.h"
#include "sfu/connections.h"
#include "sfu/deadline_queue.h"

namespace parley::sfu {
namespace {

using Connection = Connections::Connection;

// Every field of it is a count.
template <class Counters>
void add(Counters& sum, const Counters& more) {
  using Counts = std::array<std::uint64_t, sizeof(Counters) / sizeof(std::uint64_t)>;
  auto counts = std::bit_cast<Counts>(sum);
  const auto others = std::bit_cast<Counts>(more);
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += others[i];
  sum = std::bit_cast<Counters>(counts);
}

void add_counters(Node::Counters& sum, Participant& participant) {
  add(sum.uplink, participant.uplink().counters());
  add(sum.downlink, participant.downlink().counters());
  for (const Publication* const publication : participant.uplink().publications()) {
    add(sum.publications, publication->counters());
  }
}

// As they stand in answers: an agent numbers them.
std::vector<std::string> to_text(const std::vector<ice::Candidate>& candidates, Random& random) {
  ice::Agent agent({.lite = true}, random);
  for (const ice::Candidate& candidate : candidates) agent.add_local_candidate({}, candidate);
  std::vector<std::string> texts;
  for (const ice::Candidate& candidate : agent.local_candidates()) {
    texts.push_back(candidate.to_string());
  }
  return texts;
}

Participant::Config participant_config(const Node::Config& config) {
  Participant::Config made = config.participant;
  made.transport.certificate = config.certificate;
  made.data.association.max_message_size = config.answers.max_message_size;
  return made;
}

}  // namespace

struct Node::Parts {
  Parts(Config made_of, Random& random, srtp::Provider& srtp_provider)
      : config(std::move(made_of)),
        participant(participant_config(config)),
        candidates(to_text(config.candidates, random)),
        pool(config.pool),
        around{pool, random, srtp_provider} {}

  // --- Who is there
  Connection& add(RoomId room, std::unique_ptr<Participant> made);
  void remove(Time now, Connection& connection, bool tell_peer);

  // --- After something has happened to one
  void pump(Time now, Connection& connection);
  void drain_participant(Time now, Connection& connection);
  void settle(Time now, Router& router);
  void schedule(Member& member);
  void remove_failed(Time now);

  void on(Time now, Connection& connection, Participant::RtpArrived& event);
  void on(Time now, Connection& connection, Participant::FeedbackArrived& event);
  void on(Time now, Connection& connection, Participant::MessageReceived& event);
  void on(Time now, Connection& connection, Participant::Connected& event);
  void on(Time now, Connection& connection, Participant::Disconnected& event);
  void on(Time now, Connection& connection, Participant::Failed& event);
  void on(Time now, Connection& connection, Transmit& event);
  void on(Time now, Connection& connection, CloseTcp& event);

  void handle_check(Time now, const Datagram& datagram);
  void protect();

  Config config;
  Participant::Config participant;
  std::vector<std::string> candidates;
  PacketPool pool;  // Outlives all that holds packets.
  Participant::Surroundings around;
  Awake awake;
  Connections connections;
  std::unordered_map<RoomId, std::unique_ptr<Router>> rooms;
  DeadlineQueue member_deadlines;
  DeadlineQueue room_deadlines;
  std::vector<Connection*> failed;
  std::vector<Timed*> due;
  std::vector<srtp::Protection> work;
  std::deque<Output> outputs;
  Counters counters;  // Those of the participants: of the ones who left.
};

// --- Who is there

Connection& Node::Parts::add(RoomId room, std::unique_ptr<Participant> made) {
  auto& router = rooms[room];
  if (router == nullptr) router = std::make_unique<Router>(room, config.router, awake);
  Connection& connection = connections.add(std::move(made));
  router->add(connection);
  return connection;
}

void Node::Parts::remove(Time now, Connection& connection, bool tell_peer) {
  Router& router = *connection.router;
  router.remove(now, connection);
  std::erase(awake.sending, &connection.participant->downlink());
  std::erase(awake.due, &connection);
  std::erase(failed, &connection);
  std::erase(due, &connection);
  member_deadlines.set(connection, kNever);
  if (tell_peer) {
    connection.participant->close(now);
    drain(*connection.participant, [&](Participant::Output output) {
      if (auto* const sent = std::get_if<Transmit>(&output)) outputs.push_back(std::move(*sent));
      if (auto* const tcp = std::get_if<CloseTcp>(&output)) outputs.push_back(*tcp);
    });
  }
  add_counters(counters, *connection.participant);
  connections.remove(connection);
  settle(now, router);
  if (!router.members().empty()) return;
  room_deadlines.set(router, kNever);
  std::erase(due, &router);
  rooms.erase(router.id());
}

// --- After something has happened

void Node::Parts::pump(Time now, Connection& connection) {
  drain_participant(now, connection);
  settle(now, *connection.router);
  Downlink& downlink = connection.participant->downlink();
  if (!downlink.listed && downlink.has_packets(now)) {
    downlink.listed = true;
    awake.sending.push_back(&downlink);
  }
  schedule(connection);
}

void Node::Parts::drain_participant(Time now, Connection& connection) {
  drain(*connection.participant, [&](Participant::Output output) {
    std::visit([&](auto& event) { on(now, connection, event); }, output);
  });
}

void Node::Parts::settle(Time now, Router& router) {
  router.settle(now);
  for (Router::Output& output : router.take_outputs()) {
    std::visit([&](auto& event) { outputs.emplace_back(std::move(event)); }, output);
  }
  room_deadlines.hasten(router, router.next_deadline());
  for (Member* const member : awake.due) schedule(*member);
  awake.due.clear();
}

void Node::Parts::schedule(Member& member) {
  const Time deadline =
      std::min(member.participant->next_deadline(), Router::next_deadline(member));
  member_deadlines.hasten(member, deadline);
}

void Node::Parts::remove_failed(Time now) {
  while (!failed.empty()) remove(now, *failed.back(), false);
}

// --- What participants say

void Node::Parts::on(Time now, Connection& connection, Participant::RtpArrived& event) {
  connection.router->handle_packet(now, connection, *event.publication, event.packet);
}

void Node::Parts::on(Time now, Connection& connection, Participant::FeedbackArrived&) {
  connection.router->handle_feedback(now, connection);
}

void Node::Parts::on(Time now, Connection& connection, Participant::MessageReceived& event) {
  std::vector<std::uint8_t> message(connection.label.begin(), connection.label.end());
  message.insert(message.end(), event.payload.begin(), event.payload.end());
  for (Member* const member : connection.router->members()) {
    if (member == &connection || !member->participant->has_channel()) continue;
    const bool sent = member->participant->send_message(now, event.kind, message);
    ++(sent ? counters.messages : counters.messages_skipped);
    auto& other = static_cast<Connection&>(*member);
    awake.due.push_back(&other);
    drain_participant(now, other);
  }
}

void Node::Parts::on(Time now, Connection& connection, Participant::Connected&) {
  outputs.push_back(StateChanged{.participant = connection.id(), .state = State::kConnected});
  if (!connection.connected) connection.router->handle_connected(now, connection);
}

void Node::Parts::on(Time, Connection& connection, Participant::Disconnected&) {
  outputs.push_back(StateChanged{.participant = connection.id(), .state = State::kDisconnected});
}

void Node::Parts::on(Time, Connection& connection, Participant::Failed& event) {
  outputs.push_back(StateChanged{
      .participant = connection.id(), .state = State::kFailed, .reason = event.reason});
  failed.push_back(&connection);
}

void Node::Parts::on(Time, Connection&, Transmit& event) {
  outputs.push_back(std::move(event));
}

void Node::Parts::on(Time, Connection& connection, CloseTcp& event) {
  connections.unbind(connection, event.path);
  outputs.push_back(event);
}

// --- Node

Node::Node(Config config, Random& random, srtp::Provider& provider) {
  PARLEY_ASSERT(config.certificate != nullptr);
  parts_ = std::make_unique<Parts>(std::move(config), random, provider);
}

Node::~Node() = default;

std::expected<std::string, std::string> Node::connect(Time now, RoomId room,
                                                      ParticipantId participant,
                                                      const Offer& offer) {
  Parts& parts = *parts_;
  Connection* const before = parts.connections.find(participant);
  const auto in_room = parts.rooms.find(room);
  if (before == nullptr && parts.connections.size() >= parts.config.max_participants) {
    return std::unexpected("This server takes no more participants.");
  }
  if (in_room == parts.rooms.end() && parts.rooms.size() >= parts.config.max_rooms) {
    return std::unexpected("This server takes no more rooms.");
  }
  if (before == nullptr && in_room != parts.rooms.end() &&
      in_room->second->members().size() >= parts.config.max_in_room) {
    return std::unexpected("This room takes no more participants.");
  }
  auto accepted = Participant::accept(now, participant, parts.participant, offer, parts.candidates,
                                      parts.config.answers, parts.around);
  if (!accepted) return std::unexpected(accepted.error());
  if (before != nullptr) parts.remove(now, *before, true);
  parts.pump(now, parts.add(room, std::move(accepted->participant)));
  return std::move(accepted->answer);
}

std::expected<std::string, std::string> Node::restart_ice(Time now, ParticipantId participant,
                                                          const Offer& offer) {
  Parts& parts = *parts_;
  Connection* const connection = parts.connections.find(participant);
  if (connection == nullptr) return std::unexpected("There is no connection to be restarted.");
  auto answer =
      connection->participant->restart_ice(now, offer, parts.candidates, parts.config.answers);
  if (!answer) return answer;
  parts.connections.note_ufrag(*connection);
  parts.pump(now, *connection);
  return answer;
}

void Node::disconnect(Time now, ParticipantId participant) {
  Connection* const connection = parts_->connections.find(participant);
  if (connection != nullptr) parts_->remove(now, *connection, true);
}

void Node::close_room(Time now, RoomId room) {
  const auto it = parts_->rooms.find(room);
  if (it == parts_->rooms.end()) return;
  const std::vector<Member*> members = it->second->members();
  for (Member* const member : members) parts_->remove(now, static_cast<Connection&>(*member), true);
}

void Node::set_permitted(Time now, ParticipantId participant, std::span<const Source> sources) {
  Connection* const connection = parts_->connections.find(participant);
  if (connection == nullptr) return;
  connection->router->set_permitted(now, *connection, sources);
  parts_->settle(now, *connection->router);
}

void Node::set_view(Time now, ParticipantId participant, View view) {
  Connection* const connection = parts_->connections.find(participant);
  if (connection == nullptr) return;
  connection->router->set_view(now, *connection, std::move(view));
  parts_->settle(now, *connection->router);
}

void Node::set_label(ParticipantId participant, std::string label) {
  Connection* const connection = parts_->connections.find(participant);
  if (connection != nullptr) connection->label = std::move(label);
}

void Node::tcp_closed(Time now, const net::Path& path) {
  Connection* const connection = parts_->connections.find(path);
  if (connection == nullptr) return;
  parts_->connections.unbind(*connection, path);
  connection->participant->tcp_closed(now, path);
  parts_->pump(now, *connection);
  parts_->remove_failed(now);
}

// --- The engine

bool Node::knows_ufrag(std::string_view ufrag) const {
  return parts_->connections.find(ufrag) != nullptr;
}

void Node::handle_input(Time now, Datagram datagram) {
  Parts& parts = *parts_;
  ++parts.counters.datagrams;
  switch (net::protocol_of(datagram.payload)) {
    case net::Protocol::kStun: parts.handle_check(now, datagram); break;
    case net::Protocol::kDtls:
    case net::Protocol::kRtp:
    case net::Protocol::kRtcp:
      if (Connection* const connection = parts.connections.find(datagram.path)) {
        connection->participant->handle_input(now, {datagram.path, datagram.payload});
        parts.pump(now, *connection);
      } else {
        ++parts.counters.unknown_path;
      }
      break;
    default: ++parts.counters.not_webrtc; break;
  }
  parts.remove_failed(now);
}

// The user name counts more than the path: whoever has the address of one who left is another.
void Node::Parts::handle_check(Time now, const Datagram& datagram) {
  const auto ufrag = ice::addressed_ufrag(datagram.payload);
  Connection* const connection = ufrag ? connections.find(*ufrag) : connections.find(datagram.path);
  if (connection == nullptr) {
    ++(ufrag ? counters.unknown_ufrag : counters.unknown_path);
    return;
  }
  connection->participant->handle_input(now, {datagram.path, datagram.payload});
  if (connection->participant->is_validated(datagram.path)) {
    connections.bind(*connection, datagram.path);
  }
  pump(now, *connection);
}

void Node::handle_timeout(Time now) {
  Parts& parts = *parts_;
  while (Timed* const timed = parts.room_deadlines.take_due(now)) parts.due.push_back(timed);
  while (!parts.due.empty()) {
    auto& router = static_cast<Router&>(*parts.due.back());
    parts.due.pop_back();
    router.handle_timeout(now);
    parts.settle(now, router);
  }
  while (Timed* const timed = parts.member_deadlines.take_due(now)) parts.due.push_back(timed);
  while (!parts.due.empty()) {
    auto& connection = static_cast<Connection&>(static_cast<Member&>(*parts.due.back()));
    parts.due.pop_back();
    if (connection.participant->next_deadline() <= now) {
      connection.participant->handle_timeout(now);
    }
    connection.router->handle_timeout(now, connection);
    parts.pump(now, connection);
  }
  parts.remove_failed(now);
}

void Node::fill(Time now, net::DatagramBatch& batch) {
  Parts& parts = *parts_;
  auto& sending = parts.awake.sending;
  std::size_t done = 0;
  for (; done < sending.size(); ++done) {
    Downlink& downlink = *sending[done];
    if (!downlink.member->participant->fill(now, batch, parts.work)) break;
    downlink.listed = false;
    parts.schedule(*downlink.member);
  }
  sending.erase(sending.begin(), sending.begin() + static_cast<std::ptrdiff_t>(done));
  parts.protect();
}

void Node::Parts::protect() {
  srtp::protect_rtp(work);
  counters.forwarded += work.size();
  for (const srtp::Protection& each : work) {
    if (each.result) continue;
    ++counters.dropped_srtp;
    std::ranges::fill(each.out, std::uint8_t{0});  // It leaves nevertheless, but says nothing.
  }
  work.clear();
}

std::optional<Node::Output> Node::poll_output() {
  if (parts_->outputs.empty()) return std::nullopt;
  std::optional<Output> output(std::in_place, std::move(parts_->outputs.front()));
  parts_->outputs.pop_front();
  return output;
}

Time Node::next_deadline() const {
  return std::min(parts_->member_deadlines.next_deadline(), parts_->room_deadlines.next_deadline());
}

Node::Counters Node::counters() const {
  Counters sum = parts_->counters;
  for (const auto& [id, connection] : parts_->connections.all()) {
    add_counters(sum, *connection->participant);
    for (const Member::Slot& slot : connection->slots)
      sum.subscriptions_now += slot.shows ? 1u : 0u;
  }
  for (const auto& [id, router] : parts_->rooms) sum.publications_now += router->publications();
  sum.rooms = parts_->rooms.size();
  sum.participants = parts_->connections.size();
  sum.packets_held = parts_->pool.in_use();
  return sum;
}

}  // namespace parley::sfu
