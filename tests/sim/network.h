#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "net/address.h"
#include "net/path.h"
#include "sim/link.h"
#include "sim/nat.h"

namespace parley::sim {

using HostId = std::size_t;

struct HostConfig {
  std::vector<net::IpAddress> addresses = {};
  // For its IPv4 addresses; without one they are public. Hosts with the same outside address are
  // behind one NAT, whose first config counts, and reach each other directly.
  std::optional<NatConfig> nat = {};
  LinkConfig up = {.latency = std::chrono::milliseconds{10}};    // From the host to the world.
  LinkConfig down = {.latency = std::chrono::milliseconds{10}};  // And back. TCP is never lost.
};

// What happens at a host.
struct Arrival {
  enum class Kind : std::uint8_t {
    kPacket,     // `payload` came by `path`.
    kConnected,  // The connection that was asked for is there, by `path`; or one came in.
    kClosed,     // The connection by `path` ended, or the one asked for was refused.
  };

  Kind kind = Kind::kPacket;
  HostId host = 0;
  net::Path path = {};   // As the host sees it: local is its own address.
  net::Path asked = {};  // What connect() was told; empty otherwise.
  Datagram payload = {};
};

// An internet in virtual time: hosts, each behind links of its own and perhaps a NAT; STUN servers;
// a relay. The same seed and the same calls give the same run.
//
// A test sends with send(), and takes what arrives with poll(), until it returns nothing, at
// next_deadline(). A packet takes its sender's link up and its receiver's link down; on a link with
// a bandwidth it costs some 40 bytes more than it has.
class Network {
 public:
  struct Counters {
    std::uint64_t sent = 0;
    std::uint64_t delivered = 0;
    std::uint64_t unroutable = 0;  // Nobody has that address, or not where it was sent from.
    std::uint64_t refused_by_nat = 0;
    std::uint64_t refused_by_relay = 0;  // No permission.
    std::uint64_t refused_by_firewall = 0;
  };

  explicit Network(std::uint64_t seed) : random_(seed) {}

  HostId add_host(const HostConfig& config);
  // Answers STUN Binding requests.
  void add_stun_server(const net::SocketAddress& address) { stun_servers_.insert(address); }
  // A stand-in for a TURN server: see allocate().
  void add_relay(const net::SocketAddress& address) { relay_ = address; }

  // From `host`, by `path`. Where path.local is no address of the host's, or of its own at the
  // relay, it is lost; over TCP also where there is no connection.
  void send(Time now, HostId host, const net::Path& path, Bytes payload);

  // `base` of the host gets an address at the relay, as by TURN: packets by it have it as
  // path.local, on both ways; it lets in only from IP addresses that were sent to (permissions).
  // That the relay is asked for it takes no time here; what is sent by it takes the host's links.
  net::SocketAddress allocate(Time now, HostId host, const net::SocketAddress& base);

  // What becomes of a connection is an Arrival. It is refused where nobody listens, and comes to
  // nothing where it does not get through.
  void listen(HostId host, const net::SocketAddress& local);
  void connect(Time now, HostId host, const net::Path& asked);
  void disconnect(Time now, HostId host, const net::Path& path);

  std::optional<Arrival> poll(Time now);
  Time next_deadline() const;

  // The host's links lose all that enters.
  void set_down(HostId host, bool down);
  void set_links(HostId host, const LinkConfig& up, const LinkConfig& down);
  // A firewall before the host lets no UDP pass.
  void set_udp_blocked(HostId host, bool blocked) { hosts_.at(host).udp_blocked = blocked; }
  // The host leaves this network for another: what is on the way to it is lost, and its connections
  // and relayed addresses are gone, which nobody is told.
  void move(HostId host, std::vector<net::IpAddress> addresses, std::optional<NatConfig> nat);
  Nat& nat_of(HostId host) { return nats_.at(hosts_.at(host).config.nat->outside); }

  const Counters& counters() const { return counters_; }

 private:
  enum class Kind : std::uint8_t { kUdp, kRelayed, kSyn, kAccept, kReset, kData, kFin };

  // As it is on a link: its addresses as they are at that point of the way.
  struct Packet {
    Kind kind = Kind::kUdp;
    net::SocketAddress from = {};
    net::SocketAddress to = {};
    net::SocketAddress peer = {};  // kRelayed: whom it is for, or from, beyond the relay.
    Datagram payload = {};
  };

  struct Host {
    HostConfig config = {};
    Link up, down;          // UDP.
    Link tcp_up, tcp_down;  // The same, but nothing is lost and all in order.
    std::set<net::SocketAddress> listening = {};
    std::set<net::Path> connections = {};
    std::map<net::SocketAddress, net::Path> asked = {};  // By our end of it.
    bool udp_blocked = false;
  };

  struct Allocation {
    HostId host = 0;
    net::SocketAddress base = {};
    net::SocketAddress client = {};  // As the relay sees it.
    std::set<net::IpAddress> permissions = {};
  };

  static Datagram to_bytes(const Packet& packet);
  static Packet to_packet(Bytes bytes);
  static bool is_tcp(Kind kind) { return kind >= Kind::kSyn; }

  Host make_host(const HostConfig& config);
  bool has(const Host& host, const net::IpAddress& ip) const;
  void enter(Time now, HostId host, const Packet& packet);
  void leave_host(Time now, HostId host, Packet packet);
  void route(Time now, Packet packet);
  void to_host(Time now, HostId host, const Packet& packet);
  void through_nat(Time now, Packet packet);
  void to_relay(Time now, const Packet& packet);
  void to_relayed(Time now, const Packet& packet);
  void answer_stun(Time now, const Packet& packet);
  void arrive(Time now, HostId host, Packet packet);
  void arrive_tcp(Time now, HostId host, const net::Path& path, Packet packet);
  bool step(Time now);

  std::mt19937_64 random_;
  std::vector<Host> hosts_;
  std::map<net::IpAddress, Nat> nats_;  // By outside address.
  std::set<net::SocketAddress> stun_servers_;
  std::optional<net::SocketAddress> relay_;
  std::map<net::SocketAddress, Allocation> allocations_;
  std::uint16_t next_port_ = 20'000;
  std::deque<Arrival> arrived_;
  Counters counters_;
};

}  // namespace parley::sim
