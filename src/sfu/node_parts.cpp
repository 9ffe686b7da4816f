// What a node does after something has happened to one of its participants.
#include "sfu/node_parts.h"

#include <algorithm>
#include <utility>

#include "ice/credentials.h"
#include "sfu/add_counts.h"

namespace parley::sfu {
namespace {

// As they stand in answers: an agent numbers them.
std::vector<ice::Candidate> numbered(const std::vector<ice::Candidate>& candidates,
                                     Random& random) {
  ice::Agent agent({.lite = true}, random);
  for (const ice::Candidate& candidate : candidates) agent.add_local_candidate({}, candidate);
  return agent.local_candidates();
}

Participant::Config participant_config(const Node::Config& config) {
  Participant::Config made = config.participant;
  made.transport.certificate = config.certificate;
  made.data.association.max_message_size = config.answers.max_message_size;
  made.data.association.max_send_buffer = 2 * made.max_reliable_waiting;
  made.data.association.receive_buffer = 4 * config.answers.max_message_size;
  made.data.max_channels = 2;  // The negotiated ones.
  return made;
}

}  // namespace

void add_link(Node::Links& sum, const Member& member) {
  const Participant& participant = *member.participant;
  ++(participant.is_connected() ? sum.connected
     : member.connected         ? sum.disconnected
                                : sum.connecting);
  if (const auto& path = participant.path()) {
    ++(path->transport == net::Transport::kTcp ? sum.tcp
       : path->remote.ip.is_v4()               ? sum.udp_v4
                                               : sum.udp_v6);
  }
  if (!member.connected) return;
  sum.estimate = sum.estimate + participant.downlink().estimate();
  for (const std::size_t place : member.tile_order) {
    sum.allocated = sum.allocated + member.slots[place].quality.rate;
  }
}

Node::Parts::Parts(Config made_of, Random& random, srtp::Provider& srtp_provider)
    : config(std::move(made_of)),
      participant(participant_config(config)),
      candidates(numbered(config.candidates, random)),
      pool(config.pool),
      around{pool, random, srtp_provider} {}

// --- Who is there

Connection& Node::Parts::add(Time now, RoomId room, std::unique_ptr<Participant> made) {
  Router& router = room_at(room);
  Connection& connection = connections.add(std::move(made));
  router.add(now, connection);
  return connection;
}

Router& Node::Parts::room_at(RoomId room) {
  auto& router = rooms[room];
  if (router == nullptr) {
    router =
        std::make_unique<Router>(room, config.router, Router::Surroundings{awake, outbox, pool});
  }
  return *router;
}

void Node::Parts::take_out(Time now, Connection& connection, bool tell_peer) {
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
  const ParticipantCounters counted = connection.participant->counters();
  add_counts<ParticipantCounters>(counters, counted);
  add_counts(left[router.id()], counted);
  connections.remove(connection);
  settle(now, router);
}

void Node::Parts::remove(Time now, Connection& connection, bool tell_peer) {
  Router& router = *connection.router;
  take_out(now, connection, tell_peer);
  if (router.members().empty() && !router.is_linked()) forget(router);
}

void Node::Parts::forget(Router& router) {
  room_deadlines.set(router, kNever);
  std::erase(due, &router);
  std::erase(awake.forwarding, &router);
  add_counts(counters.relayed, router.relayed_counters());
  left.erase(router.id());
  rooms.erase(router.id());
}

// --- After something has happened

void Node::Parts::pump(Time now, Connection& connection) {
  drain_participant(now, connection);
  settle(now, *connection.router);
  Downlink& downlink = connection.participant->downlink();
  if (!downlink.listed && downlink.has_packets(now)) awake.list(downlink);
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
  MessageCounters& count = counters.messages;
  ++(event.reliable ? count.reliable : count.unreliable);
  const auto message = Message::parse(event.payload);
  const bool receipt = message && message->kind == Message::Kind::kReceipt;
  const MessageLimits& limits = config.messages;
  const std::size_t receivers = message && message->name.empty() ? connection.router->others() : 1;
  if (!message || message->body.size() > (receipt ? limits.max_receipt : limits.max_body) ||
      (receipt && message->name.empty())) {
    ++count.malformed;
  } else if (!receipt && !connection.may_send_messages) {
    ++count.forbidden;
  } else if (!connection.message_budget.take(now, event.payload.size(), receivers, limits)) {
    ++count.too_many;
  } else {
    deliver(now, connection, event, *message);
  }
}

void Node::Parts::deliver(Time now, Connection& from, const Participant::MessageReceived& event,
                          Message message) {
  Connection* const receiver = connections.find_labelled(*from.router, message.name);
  const bool to_one = !message.name.empty();
  relay::Message elsewhere{
      .to = std::string(message.name), .reliable = event.reliable, .kind = event.kind};
  if (to_one && receiver == nullptr && from.router->is_linked()) {
    message.name = from.label;
    elsewhere.payload = message.write();
    return from.router->relay_message(elsewhere);
  }
  if (to_one && (receiver == nullptr || !receiver->participant->has_channel(event.reliable))) {
    ++counters.messages.no_receiver;
    return;
  }
  message.name = from.label;
  const std::vector<std::uint8_t> payload = message.write();
  if (to_one) return send(now, *receiver, event, payload);
  for (Member* const member : from.router->members()) {
    if (member == &from || !member->participant->has_channel(event.reliable)) continue;
    send(now, static_cast<Connection&>(*member), event, payload);
  }
  if (!from.router->is_linked()) return;
  elsewhere.payload = payload;
  from.router->relay_message(elsewhere);
}

// One who is named is on one of the nodes, and has no channel or is not named at all on the others.
void Node::Parts::deliver(Time now, Router& room, const relay::Message& relayed) {
  const Participant::MessageReceived event{.reliable = relayed.reliable, .kind = relayed.kind};
  const Connection* const receiver = connections.find_labelled(room, relayed.to);
  for (Member* const member : room.members()) {
    if (!relayed.to.empty() && member != receiver) continue;
    if (!member->participant->has_channel(event.reliable)) continue;
    send(now, static_cast<Connection&>(*member), event, relayed.payload);
  }
}

void Node::Parts::send(Time now, Connection& to, const Participant::MessageReceived& event,
                       Bytes payload) {
  MessageCounters& count = counters.messages;
  const bool sent = to.participant->send_message(now, event.reliable, event.kind, payload);
  ++(sent ? count.delivered : event.reliable ? count.skipped_reliable : count.skipped_unreliable);
  awake.due.push_back(&to);
  drain_participant(now, to);
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

// --- Datagrams

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

void Node::Parts::protect() {
  srtp::protect_rtp(work);
  counters.forwarded += work.size();
  for (const srtp::Protection& each : work) {
    if (each.result) continue;
    std::ranges::fill(each.out, std::uint8_t{0});  // It leaves nevertheless, but says nothing.
  }
  work.clear();
}

}  // namespace parley::sfu
