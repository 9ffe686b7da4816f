#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "net/address.h"
#include "net/path.h"

namespace parley::ice {

// RFC 8445, 5.1.1: an address of our own; as a STUN server sees it; as the peer sees it; of a
// relay.
enum class CandidateType : std::uint8_t { kHost, kServerReflexive, kPeerReflexive, kRelayed };

// How we talk to a TURN server. To the peers the server talks UDP, whatever this is.
enum class RelayProtocol : std::uint8_t { kUdp, kTcp, kTls };

// RFC 6544, 4.5: who connects.
enum class TcpType : std::uint8_t { kActive, kPassive, kSimultaneousOpen };

enum class CandidateError : std::uint8_t {
  kMalformed,           // Not the grammar of RFC 8839, 5.1.
  kUnknownTransport,    // Neither UDP nor TCP. Skip it.
  kUnknownType,         // Skip it.
  kUnsupportedAddress,  // A host name other than an mDNS name. Skip it.
};

std::string_view to_string(CandidateType type);      // "host", "srflx", "prflx", "relay".
std::string_view to_string(TcpType type);            // "active", "passive", "so".
std::string_view to_string(RelayProtocol protocol);  // As RTCIceServerTransportProtocol says it.
std::string_view to_string(CandidateError error);

// An address at which one side may be reached.
struct Candidate {
  CandidateType type = CandidateType::kHost;
  net::Transport transport = net::Transport::kUdp;
  std::optional<TcpType> tcp_type = {};  // Where the transport is TCP.
  net::SocketAddress address = {};  // Of an active TCP candidate the port is 9 (RFC 6544, 4.1).
  // Of a peer that hides its address: "UUID.local" (draft-ietf-mmusic-mdns-ice-candidates). Then
  // address.ip means nothing until it is resolved.
  std::string mdns_name = {};
  // What a reflexive candidate is the mapping of, and where a relayed one is mapped (raddr, rport).
  std::optional<net::SocketAddress> related = {};
  // Local candidates only, and never told: where packets for the peer leave from. Of a relayed
  // candidate it is its own address.
  net::SocketAddress base = {};
  // Local candidates only, and never told: how we reach the relay; and the server that the
  // candidate is from, as its URL says it.
  std::optional<RelayProtocol> relay_protocol = {};
  std::string url = {};
  std::uint32_t priority = 0;
  std::string foundation = {};  // The same for candidates that are likely to fare alike.
  std::uint16_t component = 1;  // RTP and RTCP share one: 2 is never ours.
  std::string ufrag = {};       // Which credentials it belongs to; may be empty.

  // Local candidates to give to Agent::add_local_candidate(), which fills in the rest.
  static Candidate host(const net::SocketAddress& address);
  // A passive one names the address that listens; of an active one the port means nothing.
  static Candidate tcp_host(const net::SocketAddress& address, TcpType tcp_type);
  // `mapped` is our address as the relay sees it.
  static Candidate relayed(const net::SocketAddress& address, const net::SocketAddress& mapped,
                           RelayProtocol protocol = RelayProtocol::kUdp);

  // RTCIceCandidate.candidate is what SDP writes behind "a=" (RFC 8839, 5.1):
  //   candidate:842163049 1 udp 1677729535 198.51.100.7 46154 typ srflx raddr 0.0.0.0 rport 0
  // parse() takes it with "a=" before it, or without "candidate:", too, and ignores extensions
  // that it does not know.
  static std::expected<Candidate, CandidateError> parse(std::string_view text);
  std::string to_string() const;
  // What follows "candidate:" in it: the value of the attribute a=candidate.
  std::string attribute_value() const;

  friend bool operator==(const Candidate&, const Candidate&) = default;
};

// RFC 8445, 5.1.2.1, with what 6544, 4.2 says of TCP: UDP is preferred to TCP, what is direct to
// what is relayed. `local_preference` tells candidates of one type apart; of TCP its upper three
// bits are the direction's.
std::uint32_t candidate_priority(CandidateType type, net::Transport transport,
                                 std::optional<TcpType> tcp_type, std::uint16_t local_preference);

// RFC 8445, 6.1.2.3: both sides come to the same number.
std::uint64_t pair_priority(std::uint32_t controlling, std::uint32_t controlled);

}  // namespace parley::ice
