#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/overloaded.h"
#include "dtls/certificate.h"
#include "net/address.h"
#include "peer/transport.h"
#include "sim/link.h"
#include "srtp/provider.h"

// For tests of this folder: two transports with a link each way between them, in virtual time.
namespace parley::peer {

inline net::SocketAddress test_address(std::string_view text) {
  return net::SocketAddress::parse(text).value();
}

// Made once: a key costs as much as a handshake.
inline std::shared_ptr<const dtls::Certificate> test_certificate(bool of_bob) {
  const auto make = [](std::uint64_t seed) {
    SeededRandom random(seed);
    return dtls::Certificate::make(crypto::WallTime{} + std::chrono::years{60}, random);
  };
  static const auto kAda = make(1);
  static const auto kBob = make(2);
  return of_bob ? kBob : kAda;
}

// One side: its transport, where it lives, and what came out of it.
struct TestSide {
  TestSide(std::string_view where, Transport::Config config, std::uint64_t seed)
      : address(test_address(where)),
        seen_as(address),
        random(seed),
        certificate(config.certificate),
        transport(std::move(config), random, *provider) {}

  net::SocketAddress address;
  net::SocketAddress seen_as;  // By the other side, whatever NAT is between them.
  SeededRandom random;
  std::unique_ptr<srtp::Provider> provider = srtp::Provider::make();
  std::shared_ptr<const dtls::Certificate> certificate;
  Transport transport;
  std::vector<ice::Candidate> candidates = {};
  std::vector<std::vector<std::uint8_t>> rtp = {};
  std::vector<std::vector<std::uint8_t>> rtcp = {};
  std::vector<std::vector<std::uint8_t>> data = {};
  std::vector<std::string> refused = {};
  std::vector<ice::State> ice_states = {};
  Time connected = kNever;  // When.
  bool closed_by_peer = false;
  std::optional<dtls::Connection::Reason> failed = {};
};

class TestCall {
 public:
  static constexpr Time kStart{std::chrono::hours{1}};

  struct Setup {
    sim::LinkConfig link = {.latency = std::chrono::milliseconds{20}};
    std::uint64_t seed = 1;
    bool lite = false;  // Bob is a server: ICE-lite, and passive in DTLS.
    Transport::Config config = {};
  };

  TestCall() : TestCall(Setup{}) {}
  explicit TestCall(const Setup& setup)
      : now(kStart),
        ada("192.0.2.1:4000", config_of(setup, false), setup.seed * 2),
        bob("192.0.2.2:5000", config_of(setup, true), setup.seed * 2 + 1),
        to_bob(setup.link, setup.seed * 2),
        to_ada(setup.link, setup.seed * 2 + 1),
        lite_(setup.lite) {
    for (TestSide* side : {&ada, &bob}) {
      side->transport.ice().add_local_candidate(now, ice::Candidate::host(side->address));
      side->transport.ice().gather(now, {});
      take_outputs(*side);
    }
  }

  // What signalling does, in one go. Ada is the DTLS client.
  void connect() {
    connect_ice(ada, bob, lite_);
    connect_ice(bob, ada, false);
    start_dtls(ada, dtls::Role::kClient, bob);
    start_dtls(bob, dtls::Role::kServer, ada);
  }

  void connect_ice(TestSide& side, const TestSide& other, bool lite) {
    side.transport.ice().set_remote(now, other.transport.ice().local_credentials(), lite);
    for (const auto& candidate : other.candidates) {
      side.transport.ice().add_remote_candidate(now, candidate);
    }
    side.transport.ice().end_of_remote_candidates(now);
    take_outputs(side);
  }

  void start_dtls(TestSide& side, dtls::Role role, const TestSide& other) {
    side.transport.start_dtls(now, role, {other.certificate->fingerprint()});
    take_outputs(side);
  }

  // Until `done`, or for so long.
  bool run(
      Duration limit, const std::function<bool()>& done = [] { return false; }) {
    const Time end = now + limit;
    while (!done()) {
      const Time next = std::min({ada.transport.next_deadline(), bob.transport.next_deadline(),
                                  to_bob.next_deadline(), to_ada.next_deadline()});
      if (next > end) break;
      now = std::max(now, next);
      step();
    }
    if (!done()) now = end;
    return done();
  }

  bool run_until_connected(Duration limit = std::chrono::seconds{30}) {
    return run(limit, [&] { return ada.transport.is_connected() && bob.transport.is_connected(); });
  }

  // As if it came to `side` from there.
  void inject(TestSide& side, const net::SocketAddress& from, std::vector<std::uint8_t> datagram) {
    const net::Path path{.local = side.address, .remote = from};
    side.transport.handle_input(now, {.path = path, .payload = datagram});
    take_outputs(side);
  }

  // Everything that `side` has to say. Call it after each command.
  void take_outputs(TestSide& side) {
    sim::Link& link = &side == &ada ? to_bob : to_ada;
    drain(side.transport, [&](Transport::Output output) {
      std::visit(
          overloaded{
              [&](const Transport::Transmit& sent) { link.send(now, sent.payload); },
              [&](const Transport::RtpReceived& got) { keep(side.rtp, got.packet); },
              [&](const Transport::RtcpReceived& got) { keep(side.rtcp, got.packet); },
              [&](const Transport::DataReceived& got) { keep(side.data, got.packet); },
              [&](const Transport::Connected&) { side.connected = now; },
              [&](const Transport::Closed& closed) { side.closed_by_peer = closed.by_peer; },
              [&](const Transport::Failed& failed) { side.failed = failed.reason; },
              [&](const Transport::Refused& refused) { side.refused.emplace_back(refused.reason); },
              [&](const ice::CandidateFound& found) { side.candidates.push_back(found.candidate); },
              [&](const ice::StateChanged& changed) { side.ice_states.push_back(changed.state); },
              [](const auto&) {},
          },
          output);
    });
  }

  Time now;
  TestSide ada;
  TestSide bob;
  sim::Link to_bob;
  sim::Link to_ada;

 private:
  static Transport::Config config_of(const Setup& setup, bool is_bob) {
    Transport::Config config = setup.config;
    config.certificate = test_certificate(is_bob);
    config.ice.controlling = !is_bob;
    config.ice.lite = is_bob && setup.lite;
    return config;
  }

  static void keep(std::vector<std::vector<std::uint8_t>>& list, Bytes packet) {
    list.emplace_back(packet.begin(), packet.end());
  }

  void step() {
    arrive(to_bob, bob, ada.seen_as);
    arrive(to_ada, ada, bob.seen_as);
    for (TestSide* side : {&ada, &bob}) {
      if (side->transport.next_deadline() > now) continue;
      side->transport.handle_timeout(now);
      take_outputs(*side);
    }
  }

  void arrive(sim::Link& link, TestSide& side, const net::SocketAddress& from) {
    while (auto datagram = link.poll(now)) inject(side, from, std::move(*datagram));
  }

  bool lite_;
};

}  // namespace parley::peer
