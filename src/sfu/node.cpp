#include "sfu/node.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "base/prefetch.h"
#include "net/demux.h"
#include "sfu/add_counts.h"
#include "sfu/node_parts.h"

namespace parley::sfu {

namespace {

// Who has something to send has it in a hundred places of memory, which something else was done
// with since he was there last. They are fetched while others send, step by step, as each tells
// where the next ones are.
void prefetch_ahead(std::span<Downlink* const> sending) {
  if (sending.size() > 8) sending[8]->prefetch_self();
  if (sending.size() > 6) {
    sending[6]->prefetch_slots();
    prefetch(sending[6]->member, sizeof(Timed) + sizeof(Member::participant));
  }
  if (sending.size() > 4) {
    sending[4]->prefetch_streams();
    sending[4]->member->participant->prefetch_transport();
  }
  if (sending.size() > 2) sending[2]->member->participant->prefetch_keys();
}

}  // namespace

Node::Node(Config config, Random& random, srtp::Provider& provider) {
  PARLEY_ASSERT(config.certificate != nullptr);
  PARLEY_ASSERT(config.answers.max_slots <= Downlink::kMaxSlots);
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
  if (before != nullptr) {
    const bool stays = before->router->id() == room;
    stays ? parts.take_out(now, *before, true) : parts.remove(now, *before, true);
  }
  parts.pump(now, parts.add(now, room, std::move(accepted->participant)));
  return std::move(accepted->answer);
}

std::expected<std::string, std::string> Node::renegotiate(Time now, ParticipantId participant,
                                                          const Offer& offer) {
  Parts& parts = *parts_;
  Connection* const connection = parts.connections.find(participant);
  if (connection == nullptr)
    return std::unexpected("There is no connection that could be renegotiated.");
  auto answer =
      connection->participant->renegotiate(now, offer, parts.candidates, parts.config.answers);
  if (!answer) return answer;
  parts.connections.note_ufrag(*connection);
  connection->router->add_slots(*connection);
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
  const auto left = parts_->rooms.find(room);
  if (left != parts_->rooms.end()) parts_->forget(*left->second);
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

void Node::set_one_stream(Time now, ParticipantId participant,
                          std::optional<codec::PictureSize> size) {
  Connection* const connection = parts_->connections.find(participant);
  if (connection == nullptr) return;
  connection->router->set_one_stream(*connection, size);
  parts_->settle(now, *connection->router);
}

void Node::set_label(ParticipantId participant, std::string label) {
  Connection* const connection = parts_->connections.find(participant);
  if (connection != nullptr) parts_->connections.set_label(*connection, std::move(label));
}

void Node::set_may_send_messages(ParticipantId participant, bool may) {
  Connection* const connection = parts_->connections.find(participant);
  if (connection != nullptr) connection->may_send_messages = may;
}

void Node::tcp_closed(Time now, const net::Path& path) {
  Connection* const connection = parts_->connections.find(path);
  if (connection == nullptr) return;
  parts_->connections.unbind(*connection, path);
  connection->participant->tcp_closed(now, path);
  parts_->pump(now, *connection);
  parts_->remove_failed(now);
}

// --- Other nodes

void Node::link_room(RoomId room, NodeId other) {
  parts_->room_at(room).link(other);
}

void Node::handle_relay(Time now, NodeId from, RelayBatch batch) {
  Parts& parts = *parts_;
  std::vector<Router*> touched;
  Bytes bytes = batch.bytes;
  for (RelayMessage& message : batch.messages) {
    const auto* const packet = std::get_if<relay::Packet>(&message.what);
    const std::size_t size = packet == nullptr ? 0 : packet->size;
    PARLEY_ASSERT(size <= bytes.size());
    ++parts.counters.relayed_in;
    const auto room = parts.rooms.find(message.room);
    if (room == parts.rooms.end()) {
      ++parts.counters.relayed_stale;
    } else {
      const bool taken = room->second->handle_relayed(now, from, message, bytes.first(size));
      parts.counters.relayed_unusable += taken ? 0 : 1;
      if (auto* const sent = std::get_if<relay::Message>(&message.what)) {
        parts.deliver(now, *room->second, *sent);
      }
      if (std::ranges::find(touched, room->second.get()) == touched.end()) {
        touched.push_back(room->second.get());
      }
    }
    bytes = bytes.subspan(size);
  }
  for (Router* const router : touched) parts.settle(now, *router);
  parts.remove_failed(now);
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
  PARLEY_ASSERT(parts.outputs.empty());
  for (Router* const router : parts.awake.forwarding) router->hand_out();
  auto& sending = parts.awake.sending;
  std::size_t done = 0;
  for (; done < sending.size(); ++done) {
    prefetch_ahead(std::span(sending).subspan(done));
    Downlink& downlink = *sending[done];
    downlink.forward_arrived(now);
    if (!downlink.member->participant->fill(now, batch, parts.work)) break;
    downlink.listed = false;
    parts.member_deadlines.hasten(*downlink.member, downlink.next_deadline());
  }
  sending.erase(sending.begin(), sending.begin() + static_cast<std::ptrdiff_t>(done));
  if (sending.empty()) {
    for (Router* const router : parts.awake.forwarding) router->forget_arrived();
    parts.awake.forwarding.clear();
  }
  parts.protect();
}

std::optional<Node::Output> Node::poll_output() {
  std::optional<Output> output;
  if (!parts_->outputs.empty()) {
    output.emplace(std::move(parts_->outputs.front()));
    parts_->outputs.pop_front();
  } else if (auto relay = parts_->outbox.take()) {
    output.emplace(*std::move(relay));
  }
  return output;
}

Time Node::next_deadline() const {
  return std::min(parts_->member_deadlines.next_deadline(), parts_->room_deadlines.next_deadline());
}

Node::Counters Node::counters() const {
  Counters sum = parts_->counters;
  for (const auto& [id, connection] : parts_->connections.all()) {
    add_counts<ParticipantCounters>(sum, connection->participant->counters());
    add_link(sum.links, *connection);
    for (const Member::Slot& slot : connection->slots)
      sum.subscriptions_now += slot.shows ? 1u : 0u;
  }
  for (const auto& [id, router] : parts_->rooms) {
    sum.publications_now += router->publications();
    add_counts(sum.relayed, router->relayed_counters());
  }
  sum.rooms = parts_->rooms.size();
  sum.participants = parts_->connections.size();
  sum.packets_held = parts_->pool.in_use();
  sum.packets_given_up = parts_->pool.given_up();
  return sum;
}

std::optional<Node::RoomCounters> Node::room_counters(RoomId room) const {
  const auto found = parts_->rooms.find(room);
  if (found == parts_->rooms.end()) return std::nullopt;
  const Router& router = *found->second;
  const auto left = parts_->left.find(room);
  RoomCounters sum;
  if (left != parts_->left.end()) add_counts<ParticipantCounters>(sum, left->second);
  Links links;
  for (const Member* const member : router.members()) {
    add_counts<ParticipantCounters>(sum, member->participant->counters());
    add_link(links, *member);
  }
  sum.room = room;
  sum.participants = router.members().size();
  sum.estimate = links.estimate;
  sum.allocated = links.allocated;
  return sum;
}

}  // namespace parley::sfu
