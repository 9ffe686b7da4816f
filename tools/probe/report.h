#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/data_rate.h"
#include "base/time.h"
#include "net/address.h"

// What a probe has found out: facts alone. verdict.h says what they mean.
namespace parley::probe {

// How a client reaches a STUN or TURN server.
enum class Way : std::uint8_t { kUdp, kTcp, kTls };
std::string_view to_string(Way way);  // "UDP", "TCP", "TLS".

struct Certificate {
  std::string subject = {};
  std::string issuer = {};
  std::int64_t days_left = 0;  // Below zero: it has expired.
  bool self_signed = false;
  // Why it is not believed; empty: it is valid for the name.
  std::string problem = {};
};

enum class WebSockets : std::uint8_t { kUnknown, kWork, kOnlyPolling, kNeither };
std::string_view to_string(WebSockets websockets);

// The web page and the signalling.
struct Web {
  std::string url = {};   // As asked, with what it left out.
  std::string host = {};  // Without brackets.
  std::uint16_t port = 0;
  bool secure = false;
  std::vector<net::IpAddress> addresses = {};  // That the name stands for.
  bool reached = false;                        // Something answered in HTTP.
  std::string problem = {};                    // Why not.
  std::optional<net::IpAddress> remote = {};   // That answered.
  std::optional<Duration> round_trip = {};
  std::optional<Certificate> certificate = {};
  WebSockets websockets = WebSockets::kUnknown;
};

// What GET /api/doctor told.
struct Doctor {
  // Of one URL of iceServers.
  struct Server {
    bool relays = false;  // turn: and turns:, not stun:.
    Way way = Way::kUdp;
    std::string host = {};  // Without brackets.
    std::uint16_t port = 0;
    std::string username = {};
    std::string credential = {};

    friend bool operator==(const Server&, const Server&) = default;
  };

  std::vector<Server> servers = {};
  std::optional<std::uint16_t> https = {};  // Ports; none: off.
  std::optional<std::uint16_t> stun = {};
  std::optional<std::uint16_t> turn_tls = {};
  std::vector<std::uint16_t> media = {};
  std::vector<net::IpAddress> media_addresses = {};  // Where meetings find them.
  bool single_port = false;
  std::string public_address = {};  // Empty: none is set.
  std::vector<std::string> warnings = {};

  friend bool operator==(const Doctor&, const Doctor&) = default;
};

// Packets through the relay, from one allocation to another: each crosses the way to the server
// twice, so the time of one is a round trip.
struct Quality {
  std::size_t sent = 0;
  std::size_t received = 0;
  Duration round_trip = {};  // The median.
  Duration jitter = {};      // The mean difference from one to the next.
  DataRate bandwidth = {};
  bool is_at_least = false;  // We tried no more than that.

  double loss() const {
    return sent == 0 ? 0 : 1 - static_cast<double>(received) / static_cast<double>(sent);
  }
};

// One way to one address of the server.
struct PathReport {
  Way way = Way::kUdp;
  net::SocketAddress server = {};
  bool announced = true;  // To clients, in iceServers; else tried to find out what is wrong.
  bool relays = false;    // There is a login to try it with.

  std::optional<net::SocketAddress> local = {};   // Ours; none: no route.
  std::optional<net::SocketAddress> mapped = {};  // As the server sees us; none: no answer.
  std::optional<Duration> round_trip = {};        // Of STUN.
  std::optional<net::SocketAddress> relayed = {};
  std::optional<Quality> quality = {};  // None: nothing came through the relay.
  std::string problem = {};             // What ended it, a sentence; empty: nothing did.

  bool reached() const { return mapped.has_value(); }
};

// A port that carries media, at one address of the server, by UDP or TCP.
struct PortReport {
  Way way = Way::kUdp;
  net::SocketAddress server = {};
  std::optional<Duration> round_trip = {};  // None: no answer.
  bool no_route = false;                    // This computer has none to there: nothing was asked.
  std::string problem = {};                 // A sentence; empty: it answers.

  bool reached() const { return round_trip.has_value(); }
};

// What a NAT does (RFC 4787, 4.1 and 5), as far as the server has addresses to tell it by: with one
// of them, what it does with another port; with two (RFC 5780), the rest as well.
enum class Mapping : std::uint8_t {
  kUnknown,
  kNone,                 // The server sees our own address.
  kEndpointIndependent,  // The same for every destination.
  kIndependent,          // The same for another port: that, or the next.
  kAddressDependent,     // Another for another address.
  kDependent,            // Another for another port: "address and port-dependent".
};
enum class Filtering : std::uint8_t {
  kUnknown,
  kEndpointIndependent,  // Lets in what comes from anywhere.
  kOpen,                 // Lets in what comes from another port: that, or the next.
  kAddressDependent,     // Lets in what comes from an address that something was sent to.
  kStrict,               // "address and port-dependent".
};
struct Nat {
  Mapping mapping = Mapping::kUnknown;
  Filtering filtering = Filtering::kUnknown;

  friend bool operator==(const Nat&, const Nat&) = default;
};
// Whether who is behind it shows two destinations two ports, as far as is known.
bool is_symmetric(Mapping mapping);
std::string_view to_string(Mapping mapping);      // In the RFC's words.
std::string_view to_string(Filtering filtering);  // As well.

// All of one look.
struct Report {
  Web web = {};
  std::optional<Doctor> doctor = {};  // None: the server does not have it, or keeps it to itself.
  std::string doctor_problem = {};
  std::vector<PathReport> paths = {};
  std::vector<PortReport> media = {};
  // On the way to IPv4, and on that to IPv6: they are different ways, by different boxes. None
  // where there is none, or where nothing answers.
  std::optional<Nat> nat4 = {};
  std::optional<Nat> nat6 = {};
  bool insecure = false;  // Certificates are not judged.
};

}  // namespace parley::probe
