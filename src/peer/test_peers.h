#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/overloaded.h"
#include "net/address.h"
#include "peer/peer_connection.h"
#include "sim/link.h"
#include "srtp/provider.h"

// For tests of this folder: two peer connections with a link each way between them, in virtual
// time, and a signalling that delivers at once.
namespace parley::peer {

struct PeerSide {
  PeerSide(std::string_view where, PeerConnection::Configuration configuration, std::uint64_t seed)
      : address(net::SocketAddress::parse(where).value()),
        random(seed),
        connection(std::move(configuration), random, *provider) {}

  template <class Event>
  std::size_t count() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        events, [](const auto& each) { return std::holds_alternative<Event>(each); }));
  }
  template <class Event>
  const Event* last() const {
    const Event* found = nullptr;
    for (const auto& each : events) {
      if (const Event* const event = std::get_if<Event>(&each)) found = event;
    }
    return found;
  }

  net::SocketAddress address;
  SeededRandom random;
  std::unique_ptr<srtp::Provider> provider = srtp::Provider::make();
  PeerConnection connection;
  std::vector<PeerConnection::Output> events;  // But for Transmit, candidates and frames.
  std::vector<IceCandidate> candidates;
  std::vector<IncomingFrame> frames;
  std::vector<std::string> messages;
  std::uint64_t datagrams = 0;
};

class PeerPair {
 public:
  explicit PeerPair(const sim::LinkConfig& link = {.latency = std::chrono::milliseconds{20}},
                    std::uint64_t seed = 1, PeerConnection::Configuration base = {})
      : ada("192.0.2.1:4000", with_certificate(base, false), seed * 2),
        bob("192.0.2.2:5000", with_certificate(base, true), seed * 2 + 1),
        to_bob(link, seed * 2),
        to_ada(link, seed * 2 + 1) {
    for (PeerSide* side : {&ada, &bob}) {
      side->connection.add_local_candidate(now, ice::Candidate::host(side->address));
      drain(*side);
    }
  }

  // An offer and its answer, with the candidates that follow.
  void negotiate() { negotiate(ada, bob); }
  void negotiate(PeerSide& offerer, PeerSide& answerer) {
    set_local(offerer);
    set_remote(answerer, offerer);
    set_local(answerer);
    set_remote(offerer, answerer);
    trickle();
  }
  void set_local(PeerSide& side) {
    const auto set = side.connection.set_local_description(now);
    ASSERT_TRUE(set) << set.error().message;
    drain(side);
  }
  void set_remote(PeerSide& side, const PeerSide& from) {
    const auto set =
        side.connection.set_remote_description(now, from.connection.local_description().value());
    ASSERT_TRUE(set) << set.error().message;
    drain(side);
  }
  void trickle() {
    for (auto [from, to] : {std::pair{&ada, &bob}, std::pair{&bob, &ada}}) {
      for (const IceCandidate& candidate : std::exchange(from->candidates, {})) {
        const auto added = to->connection.add_ice_candidate(now, candidate);
        EXPECT_TRUE(added) << added.error().message;
      }
      drain(*to);
    }
  }

  // Until `done`, or for so long. Returns whether it was done.
  bool run(
      Duration limit, const std::function<bool()>& done = [] { return false; }) {
    const Time end = now + limit;
    while (!done()) {
      const Time next = std::min({ada.connection.next_deadline(), bob.connection.next_deadline(),
                                  to_bob.next_deadline(), to_ada.next_deadline()});
      if (next > end) {
        now = end;
        return done();
      }
      now = std::max(now, next);
      step();
      if (++turns_ > 3'000'000) {
        ADD_FAILURE() << "it never rests";
        return false;
      }
    }
    return true;
  }
  bool connect() {
    negotiate();
    return run(std::chrono::seconds{20}, [&] { return are_connected(); });
  }
  bool are_connected() const {
    return ada.connection.connection_state() == ConnectionState::kConnected &&
           bob.connection.connection_state() == ConnectionState::kConnected;
  }

  void drain(PeerSide& side) {
    while (auto output = side.connection.poll_output()) {
      std::visit(overloaded{[&](PeerConnection::Transmit& event) { transmit(side, event); },
                            [&](PeerConnection::IceCandidateFound& event) {
                              side.candidates.push_back(std::move(event.candidate));
                            },
                            [&](PeerConnection::FrameReceived& event) {
                              side.frames.push_back(std::move(event.frame));
                            },
                            [&](PeerConnection::MessageReceived& event) {
                              side.messages.emplace_back(as_text(event.payload));
                            },
                            [&](auto& event) { side.events.emplace_back(std::move(event)); }},
                 *output);
    }
  }

  Time now{std::chrono::hours{1}};
  PeerSide ada;
  PeerSide bob;
  sim::Link to_bob;
  sim::Link to_ada;

 private:
  static PeerConnection::Configuration with_certificate(PeerConnection::Configuration base,
                                                        bool of_bob) {
    // Made once: a key costs as much as a handshake.
    const auto make = [](std::uint64_t seed) {
      SeededRandom random(seed);
      return dtls::Certificate::make(crypto::WallTime{} + std::chrono::years{60}, random);
    };
    static const auto kAda = make(1);
    static const auto kBob = make(2);
    base.certificate = of_bob ? kBob : kAda;
    return base;
  }

  void transmit(PeerSide& side, const PeerConnection::Transmit& event) {
    ++side.datagrams;
    (&side == &ada ? to_bob : to_ada).send(now, event.payload);
  }

  void step() {
    while (auto datagram = to_bob.poll(now)) hand_in(bob, ada, *datagram);
    while (auto datagram = to_ada.poll(now)) hand_in(ada, bob, *datagram);
    for (PeerSide* side : {&ada, &bob}) {
      if (side->connection.next_deadline() <= now) side->connection.handle_timeout(now);
      drain(*side);
    }
  }
  void hand_in(PeerSide& side, const PeerSide& from, sim::Datagram& datagram) {
    side.connection.handle_input(
        now, {.path = {.local = side.address, .remote = from.address}, .payload = datagram});
    drain(side);
  }

  int turns_ = 0;
};

}  // namespace parley::peer
