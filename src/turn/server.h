#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "net/path.h"
#include "net/source_limiter.h"
#include "stun/binding_server.h"
#include "stun/message.h"
#include "stun/message_builder.h"
#include "turn/allocation.h"
#include "turn/authenticator.h"
#include "turn/connections.h"
#include "turn/peer_policy.h"
#include "turn/quotas.h"
#include "turn/relay_table.h"
#include "turn/server_config.h"
#include "turn/server_output.h"
#include "turn/tickets.h"

namespace parley::turn {

// A TURN server (RFC 8656, with 6062 and 8016) that also answers Binding requests.
//
// The owner has the sockets: one or more that clients reach, over UDP, TCP or TLS, and one for each
// relay that is asked for. A client is known by its path; over TCP and TLS (both are kTcp here) a
// StreamFramer of the owner's makes packets of the stream, and client_closed() tells its end.
//
// Hand in what comes, send what is returned, then drain poll_output(). What is returned points into
// what was handed in.
class Server {
 public:
  struct Counters {
    std::uint64_t requests = 0;
    std::uint64_t allocations = 0;
    std::map<stun::ErrorCode, std::uint64_t> errors = {};  // Answers, by code.
    std::uint64_t packets_to_peers = 0;
    std::uint64_t bytes_to_peers = 0;
    std::uint64_t packets_to_clients = 0;
    std::uint64_t bytes_to_clients = 0;
    std::uint64_t dropped_malformed = 0;
    std::uint64_t dropped_fingerprint = 0;
    std::uint64_t dropped_unsupported = 0;  // Neither a request nor Send.
    std::uint64_t dropped_rate = 0;         // Of who has not shown a password.
    std::uint64_t dropped_no_allocation =
        0;  // From a client without one, or for a relay let go of.
    std::uint64_t dropped_no_channel = 0;
    std::uint64_t dropped_no_permission = 0;
    std::uint64_t dropped_bandwidth = 0;
    std::uint64_t dropped_connections = 0;  // Of peers, beyond the user's quota.
    std::uint64_t dropped_too_long = 0;
    std::uint64_t dropped_retransmission = 0;  // Of a request that is being answered.
  };

  // `random` outlives it.
  Server(ServerConfig config, Random& random);

  // What the calendar says, again when it was set: time-limited logins end by it. Until then they
  // end at once.
  void set_calendar(Time now, UnixTime calendar);
  // The newest first. Allocations made under older ones go on.
  void set_secrets(std::vector<std::string> secrets);
  // What PeerPolicyConfig says of this host, again when that has changed.
  void set_host(std::vector<net::IpAddress> own, std::vector<net::Network> neighbours);
  // For who may use this server until `expiry`; there must be a secret.
  Login issue_login(std::string_view user, UnixTime expiry) {
    return authenticator_.credentials().issue(user, expiry);
  }
  // While there are some, who asks for an allocation is sent there (300): this server is to be
  // emptied. One of a family; who comes by a family without one is served (RFC 8489, 14.15).
  // `domain` is whose certificate they have, for who comes by TLS (14.16): the name of a host, or
  // empty where it is of the same as this server's.
  void set_alternates(std::vector<net::SocketAddress> servers, std::string domain = {});

  // --- Packets ---

  std::optional<ToPeer> from_client(Time now, const net::Path& path, Bytes packet);
  std::optional<ToClient> from_peer(Time now, RelayId relay, const net::SocketAddress& peer,
                                    PeerPacket packet);
  void icmp_error(Time now, RelayId relay, const net::SocketAddress& peer, const IcmpError& error);

  // --- What became of outputs, and of connections ---

  void relay_opened(Time now, RelayId relay);
  void relay_failed(Time now, RelayId relay);
  void client_closed(Time now, const net::Path& path);
  // Nothing: close it. Else it is to be kept unread until JoinPeer.
  std::optional<ConnectionId> peer_accepted(Time now, RelayId relay,
                                            const net::SocketAddress& peer);
  void peer_connected(Time now, ConnectionId connection);
  void peer_failed(Time now, ConnectionId connection);
  void peer_closed(Time now, ConnectionId connection);
  // Before bytes of joined connections are passed on; false: not now.
  bool take_bandwidth(Time now, ConnectionId connection, std::size_t bytes);

  // --- The engine ---

  void handle_timeout(Time now);
  std::optional<ServerOutput> poll_output();
  Time next_deadline() const;

  // Whether the client has an allocation or a connection to a peer. Who has neither holds a stream
  // open for nothing.
  bool serves(const net::Path& path) const;
  const Counters& counters() const { return counters_; }
  const stun::BindingServer& binding() const { return binding_; }
  std::size_t allocations() const { return allocations_.size(); }
  std::size_t relays() const { return relays_.size(); }
  std::size_t connections() const { return connections_.size(); }
  // What there is for single clients and users. Zero when nobody has an allocation.
  std::size_t held() const {
    return allocations_.size() + by_path_.size() + relays_.size() + connections_.size() +
           deadlines_.size() + quotas_.shares() + outputs_.size();
  }

 private:
  enum class Timed : std::uint8_t { kAllocation, kReservation, kConnection };

  // server.cpp: packets, and what is common to requests.
  std::optional<ToPeer> relay_channel_data(Time now, const net::Path& path, Bytes packet);
  std::optional<ToPeer> relay_send(Time now, const net::Path& path,
                                   const stun::MessageView& indication);
  std::optional<ToPeer> to_peer(Time now, Allocation& allocation, const net::SocketAddress& peer,
                                Bytes payload, bool dont_fragment);
  std::optional<ToClient> data_indication(const net::Path& path, const net::SocketAddress& peer,
                                          PeerPacket packet);
  bool may_reach(net::Transport transport, const net::SocketAddress& peer) const;
  Allocation* find_active(const net::Path& path);
  Allocation* find(AllocationId id);

  // server_requests.cpp
  void on_request(Time now, const net::Path& path, const stun::MessageView& request);
  void on_authenticated(Time now, const Exchange& exchange, const stun::MessageView& request,
                        const User& user, Allocation* allocation);
  Allocation* allocation_of(const net::Path& path, const stun::MessageView& request);
  Allocation* find_by_ticket(const net::Path& path, const stun::MessageView& request);
  stun::ErrorCode refusal_of_ticket(const stun::MessageView& request);
  void refuse(Time now, const Exchange& exchange, stun::ErrorCode code);
  void fail(const Exchange& exchange, stun::ErrorCode code);
  bool fail_unknown_attributes(const Exchange& exchange, const stun::MessageView& request);
  void send(const Exchange& exchange, stun::MessageBuilder message);
  void on_create_permission(Time now, const Exchange& exchange, const stun::MessageView& request,
                            Allocation& allocation);
  void on_channel_bind(Time now, const Exchange& exchange, const stun::MessageView& request,
                       Allocation& allocation);
  std::optional<stun::ErrorCode> refusal_of_peer(Allocation& allocation,
                                                 const net::IpAddress& ip) const;
  bool permit(Time now, Allocation& allocation, std::vector<net::IpAddress> ips);

  // server_allocate.cpp: allocations come and go.
  void on_allocate(Time now, const Exchange& exchange, const stun::MessageView& request,
                   const User& user, Allocation* existing);
  void on_refresh(Time now, const Exchange& exchange, const stun::MessageView& request,
                  Allocation& allocation);
  std::optional<stun::ErrorCode> refusal_of(const net::Path& path, const AllocateRequest& request,
                                            const User& user);
  bool has_alternate_for(const net::IpAddress& client) const;
  bool may_have_tcp(const User& user) const;
  void open_relays(Time now, Allocation& allocation);
  void open_relay(Allocation& allocation, Family family);
  void open_reserved(Allocation& allocation);
  bool is_waiting(const Allocation& allocation);
  void finish_if_open(Time now, Allocation& allocation);
  void finish(Time now, Allocation& allocation);
  void answer_allocated(Time now, const Exchange& exchange, Allocation& allocation);
  std::optional<stun::ErrorCode> refusal_of_move(const Exchange& exchange,
                                                 const stun::MessageView& request,
                                                 const Allocation& allocation);
  void move(Allocation& allocation, const Exchange& exchange, const stun::MessageView& request);
  void finish_move(Allocation& allocation);
  void close_slot(Slot& slot);
  void close_relay(RelayId relay);
  void erase(Allocation& allocation);
  void set_deadline(Allocation& allocation, Time deadline);
  void expire_allocation(Time now, Allocation& allocation);
  void expire_reservation(RelayId relay);

  // server_tcp.cpp: RFC 6062.
  void on_connect(Time now, const Exchange& exchange, const stun::MessageView& request,
                  Allocation& allocation);
  void on_connection_bind(const Exchange& exchange, const stun::MessageView& request,
                          const User& user);
  Connection* add_connection(Allocation& allocation, const net::SocketAddress& peer);
  void announce_attempt(const Allocation& allocation, const Connection& connection);
  void set_deadline(Connection& connection, Time deadline);
  void expire_connection(Connection& connection);
  void close_connection(Connection& connection);

  ServerConfig config_;
  Random* random_;
  Authenticator authenticator_;
  Tickets tickets_;
  PeerPolicy policy_;
  Quotas quotas_;
  RelayTable relays_;
  Connections connections_;
  net::SourceLimiter unauthenticated_;
  stun::BindingServer binding_;
  std::vector<net::SocketAddress> alternates_;
  std::string alternate_domain_;
  // UnixTime at the zero of Time.
  std::optional<UnixTime> calendar_zero_;

  std::uint64_t last_allocation_ = 0;
  std::unordered_map<AllocationId, Allocation> allocations_;
  std::unordered_map<net::Path, Allocation*> by_path_;  // A client that moves stands here twice.
  std::set<std::tuple<Time, Timed, std::uint64_t>> deadlines_;
  std::deque<ServerOutput> outputs_;
  stun::TransactionId indication_id_ = {};  // Counted up: an indication's id need not be a secret.
  Counters counters_;
};

}  // namespace parley::turn
