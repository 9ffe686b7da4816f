#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/deadline_queue.h"
#include "sfu/connections.h"
#include "sfu/message.h"
#include "sfu/node.h"
#include "srtp/sender.h"

namespace parley::sfu {

using Connection = Connections::Connection;

void add_link(Node::Links& sum, const Member& member);

struct Node::Parts {
  Parts(Config made_of, Random& random, srtp::Provider& srtp_provider);

  // --- Who is there
  Connection& add(Time now, RoomId room, std::unique_ptr<Participant> made);
  Router& room_at(RoomId room);  // Made if it is not there.
  void remove(Time now, Connection& connection, bool tell_peer);
  // Its room stays, with what it has counted, even if nobody is left.
  void take_out(Time now, Connection& connection, bool tell_peer);
  void forget(Router& router);

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

  void deliver(Time now, Connection& from, const Participant::MessageReceived& event,
               Message message);
  void send(Time now, Connection& to, const Participant::MessageReceived& event, Bytes payload);
  void deliver(Time now, Router& room, const relay::Message& relayed);

  void handle_check(Time now, const Datagram& datagram);
  void protect();

  Config config;
  Participant::Config participant;
  std::vector<ice::Candidate> candidates;
  PacketPool pool;  // Outlives all that holds packets.
  Participant::Surroundings around;
  Awake awake;
  RelayOutbox outbox;
  Connections connections;
  std::unordered_map<RoomId, std::unique_ptr<Router>> rooms;
  // Of those who left a room that is still here.
  std::unordered_map<RoomId, ParticipantCounters> left;
  DeadlineQueue member_deadlines;
  DeadlineQueue room_deadlines;
  std::vector<Connection*> failed;
  std::vector<Timed*> due;
  std::vector<srtp::Protection> work;
  std::deque<Output> outputs;
  Counters counters;  // Those of the participants: of the ones who left.
};

}  // namespace parley::sfu
