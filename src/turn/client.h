#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "base/random.h"
#include "base/sans_io.h"
#include "base/time.h"
#include "net/address.h"
#include "stun/message.h"
#include "stun/message_builder.h"
#include "turn/client_config.h"
#include "turn/client_credentials.h"
#include "turn/transaction.h"

namespace parley::turn {

// One allocation on a TURN server, kept alive, and the packets through it (RFC 8656, with 6062 and
// 8016).
//
// The owner has the socket, or the TCP or TLS connection, to the server: what comes over it goes to
// handle_input() a packet at a time (StreamFramer), and ToServer over it. For ICE: after Allocated,
// Agent::add_local_candidate(Candidate::relayed(relayed, mapped)); a Transmit whose path.local is a
// relayed address goes to send(), and Received comes from the path {kUdp, relayed, peer}.
//
// Permissions are asked for as packets are sent; the first wait for theirs. A peer that nothing was
// sent to or came from for five minutes is forgotten.
class Client {
 public:
  using Input = ServerPacket;
  using Output = ClientOutput;

  struct Counters {
    std::uint64_t sent = 0;  // To peers.
    std::uint64_t received = 0;
    std::uint64_t dropped_not_allocated = 0;  // To be sent, but there is no allocation.
    std::uint64_t dropped_full = 0;           // Too many peers, or packets that wait.
    std::uint64_t dropped_refused = 0;        // Those that waited for what was refused.
    std::uint64_t dropped_malformed = 0;
    std::uint64_t dropped_integrity = 0;  // An answer from who does not know our password.
    std::uint64_t dropped_unknown = 0;    // An answer to nothing, or a packet from no peer of ours.
  };

  // `random` outlives it.
  Client(ClientConfig config, Random& random);

  void start(Time now);
  // Lets go of the allocation; ClientClosed tells that the socket is no longer needed.
  void close(Time now);

  void send(Time now, const net::SocketAddress& peer, Bytes payload);
  // For media, of which there is much: makes of a packet for the peer, behind kRoom bytes that are
  // not used yet, the one for the server, in place if there is a channel. False: it is dropped;
  // send() asks for the permission that it lacks.
  static constexpr std::size_t kRoom = 4;
  bool wrap(const net::SocketAddress& peer, std::vector<std::uint8_t>& packet);
  // Ahead of packets: lets those of the peer in.
  void permit(Time now, const net::IpAddress& peer);

  // RFC 6062.
  void connect(Time now, const net::SocketAddress& peer);
  void bind(Time now, ConnectionId connection);

  // The owner has another path to the server: the allocation follows (RFC 8016), and what peers
  // send comes the new way once something was sent that way. Without a ticket it is lost.
  void path_changed(Time now);
  // The stream to the server ended. With a ticket path_changed() may follow; else it is lost.
  void server_closed();

  void handle_input(Time now, ServerPacket input);
  // As handle_input(); but what a peer sent is returned, where it stands in `packet`, instead of
  // being copied into a Received.
  std::optional<PeerData> unwrap(Time now, std::span<std::uint8_t> packet);
  void handle_timeout(Time now);
  std::optional<ClientOutput> poll_output();
  Time next_deadline() const;

  bool is_allocated() const { return state_ == State::kAllocated; }
  // The relayed address that peers of that family see.
  std::optional<net::SocketAddress> relayed_for(const net::IpAddress& peer) const;
  const Counters& counters() const { return counters_; }

 private:
  // Of a peer, within the packet that came.
  struct ServerData {
    net::SocketAddress peer = {};
    Bytes payload = {};
  };
  enum class State : std::uint8_t { kNew, kAllocating, kAllocated, kClosing, kOver };

  struct Permission {
    bool is_granted = false;
    bool is_refused = false;  // Until refresh_at: not to ask for each packet.
    Time refresh_at = kNever;
    Time last_used = kAtOnce;
  };
  struct Peer {
    std::uint16_t channel = 0;  // Zero: none.
    bool is_asked = false;      // For the channel.
    bool is_bound = false;
    Time refresh_at = kNever;
    std::vector<std::vector<std::uint8_t>> waiting = {};  // For the permission.
  };

  // client.cpp: what goes out.
  void request(Time now, ClientRequest request, int challenges = 0);
  std::vector<std::uint8_t> write(const ClientRequest& request,
                                  const stun::TransactionId& id) const;
  void add_allocate(stun::MessageBuilder& message) const;
  void forward(Time now, const net::SocketAddress& peer, Peer& to, Bytes payload);
  void write_data(const net::SocketAddress& peer, const Peer& to,
                  std::vector<std::uint8_t>& packet);
  void bind_channel(Time now, const net::SocketAddress& peer, Peer& to);
  void refresh_due(Time now);
  void refresh_permission(Time now, const net::IpAddress& ip, Permission& permission);
  void forget(const net::IpAddress& ip);
  void fail(ClientFailed failed);

  // client_answers.cpp: what comes in.
  std::optional<ServerData> take_data(Time now, Bytes packet);
  std::optional<ServerData> on_channel_data(Time now, Bytes packet);
  std::optional<ServerData> on_indication(Time now, const stun::MessageView& indication);
  void on_answer(Time now, const stun::MessageView& answer);
  bool take_challenge(const stun::MessageView& answer, stun::ErrorCode code,
                      const Transaction& transaction);
  bool is_believed(const stun::MessageView& answer, stun::ErrorCode code,
                   const Transaction& transaction) const;
  void on_success(Time now, const stun::MessageView& answer, const ClientRequest& request);
  void on_error(Time now, const stun::MessageView& answer, stun::ErrorCode code,
                const ClientRequest& request);
  void on_redirect(const stun::MessageView& answer);
  void on_no_answer(Time now, const Transaction& transaction);
  void on_allocated(Time now, const stun::MessageView& answer);
  void on_refreshed(Time now, const stun::MessageView& answer, const ClientRequest& request);
  void on_granted(Time now, const net::IpAddress& ip);
  void on_refused(Time now, const net::IpAddress& ip, stun::ErrorCode code);
  void on_bound(Time now, const net::SocketAddress& peer);
  void take_lifetime(Time now, const stun::MessageView& answer);
  void take_ticket(const stun::MessageView& answer);
  std::optional<ServerData> deliver(Time now, const net::SocketAddress& peer, Bytes payload);

  ClientConfig config_;
  Random* random_;
  ClientCredentials credentials_;
  State state_ = State::kNew;
  std::vector<net::SocketAddress> relayed_;
  std::vector<std::uint8_t> ticket_;
  Time refresh_at_ = kNever;
  std::map<net::IpAddress, Permission> permissions_;  // At most config_.max_peers.
  std::map<net::SocketAddress, Peer> peers_;          // At most config_.max_peers.
  std::vector<net::SocketAddress> by_channel_;        // From kFirstChannel on; never used twice.
  std::vector<Transaction> transactions_;             // A few for each peer at most.
  std::deque<ClientOutput> outputs_;
  Counters counters_;
};

static_assert(SansIo<Client>);

}  // namespace parley::turn
