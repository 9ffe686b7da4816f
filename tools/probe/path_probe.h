#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "base/sans_io.h"
#include "base/time.h"
#include "net/address.h"
#include "probe/meter.h"
#include "probe/nat_discovery.h"
#include "probe/question.h"
#include "probe/report.h"
#include "turn/client.h"

namespace parley::probe {

// Tries one way to one address of a server, from a Binding request to packets through the relay.
// Sans-IO: the owner has two wires to the server, of which the second is the called one's.
//
// Of UDP it also finds out what the NAT does (RFC 4787). Of a server with a second address, by that
// (NatDiscovery, on both wires' sockets). Else the first wire's socket asks other ports of the
// server, and is sent something from a port that it has never written to.
class PathProbe {
 public:
  enum class Wire : std::uint8_t { kCaller, kCalled };

  struct Config {
    Way way = Way::kUdp;
    net::SocketAddress server = {};
    std::optional<turn::Login> login = {};             // None: STUN alone.
    std::vector<net::SocketAddress> other_ports = {};  // That answer STUN over UDP.
    Duration measure_for = std::chrono::seconds{4};
    Duration patience = std::chrono::seconds{4};  // With each step.
  };

  // The wire is there: of UDP at once, of TCP and TLS after their handshakes.
  struct Opened {
    Wire wire = Wire::kCaller;
    net::SocketAddress local = {};
  };
  struct Packet {
    Wire wire = Wire::kCaller;
    net::SocketAddress from = {};
    Bytes packet = {};  // Borrowed.
  };
  struct Broken {
    Wire wire = Wire::kCaller;
    std::string problem = {};  // Half a sentence.
  };
  using Input = std::variant<Opened, Packet, Broken>;

  struct Open {
    Wire wire = Wire::kCaller;
  };
  struct Send {
    Wire wire = Wire::kCaller;
    net::SocketAddress to = {};
    std::vector<std::uint8_t> packet = {};
  };
  struct Done {};
  using Output = std::variant<Open, Send, Done>;

  // `random` outlives it.
  PathProbe(Config config, Random& random);

  void start(Time now);
  void handle_input(Time now, Input input);
  void handle_timeout(Time now);
  std::optional<Output> poll_output();
  Time next_deadline() const;

  const PathReport& report() const { return report_; }
  const Nat& nat() const { return nat_; }

 private:
  enum class Step : std::uint8_t {
    kOpening,      // The caller's wire.
    kBinding,      // To the server.
    kDiscovering,  // By its other address, for the NAT;
    kOtherPorts,   // else by its other ports.
    kAllocating,   // Both.
    kNat,          // Lets the called one's relayed address and our socket meet.
    kJoining,      // Until a packet has come through.
    kMeasuring,
    kFilling,  // The ramp.
    kLeaving,
    kDone,
  };
  struct End {
    turn::Client client;
    std::optional<net::SocketAddress> relayed = {};
  };

  bool is_udp() const { return config_.way == Way::kUdp; }
  void enter(Time now, Step step, Duration at_most);
  void finish(Time now, std::string problem);
  void ask_again(Time now);
  void advance(Time now);
  void after_binding(Time now);
  void discover(Time now);
  void after_discovery(Time now);
  void ask_other_ports(Time now);
  void allocate(Time now);
  void try_filtering(Time now);
  void after_filtering(Time now);
  void join(Time now);
  void say_hello(Time now);
  void send_due(Time now);
  void leave(Time now);

  void on(Time now, const Opened& opened);
  void on(Time now, const Packet& packet);
  void on(Time now, const Broken& broken);
  bool on_binding_answer(Time now, const Packet& packet);
  void settle_discovery();
  void settle_clients(Time now);
  void on_client(Time now, Wire wire, turn::ClientOutput& output);
  void on_relayed(Time now, const turn::Received& received);
  void on_mapping_seen(const net::SocketAddress& mapped);
  std::string overdue() const;
  End& end(Wire wire) { return *ends_[static_cast<std::size_t>(wire)]; }

  Config config_;
  Random* random_;
  PathReport report_;
  Nat nat_;
  bool nat_is_refused_ = false;  // The relay may not write to our address.
  Step step_ = Step::kOpening;
  Time give_up_at_ = kNever;
  Time again_at_ = kNever;  // To repeat what may have been lost.
  std::vector<Question> questions_;
  std::optional<net::SocketAddress> other_address_;  // Of the server, for discovery.
  std::optional<NatDiscovery> discovery_;
  bool called_is_open_ = false;
  std::array<std::optional<End>, 2> ends_;
  Meter meter_;
  Ramp ramp_;
  std::deque<Output> outputs_;
};

static_assert(SansIo<PathProbe>);

}  // namespace parley::probe
