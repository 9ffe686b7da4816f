#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "base/random.h"
#include "base/sans_io.h"
#include "base/time.h"
#include "ice/candidate.h"
#include "ice/config.h"
#include "ice/credentials.h"
#include "ice/output.h"
#include "ice/relay_leg.h"
#include "ice/stats.h"
#include "net/address.h"
#include "net/path.h"

namespace parley::ice {

class FullAgent;
class LiteAgent;

// Finds a path to the peer through whatever NATs there are, keeps the peer's consent to be sent to,
// and follows when the path moves: Interactive Connectivity Establishment (RFC 8445), with trickle
// (8838), consent (7675) and TCP (6544), for one component: everything is bundled.
//
// The owner has the sockets. It tells the local addresses, carries candidates and credentials to
// and from the peer, hands in the STUN messages that come (net::protocol_of says which are) and
// sends what comes out. Data goes over the path of the last Selected; data that comes is to be
// taken only from a path that is_validated().
//
// TURN servers are the agent's own affair (turn::Client): the owner sends and receives for it, and
// connects to them where they speak TCP or TLS.
//
// With Config::lite it only answers checks: a few hundred bytes, no timer but the one that notices
// silence. Commands that make no sense for it are ignored.
class Agent {
 public:
  using Input = Datagram;
  using Output = ice::Output;

  // `random` outlives the agent. It starts as State::kNew with credentials of its own.
  Agent(const Config& config, Random& random);
  ~Agent();
  Agent(Agent&&) noexcept;
  Agent& operator=(Agent&&) noexcept;

  // --- Our side ---
  const Credentials& local_credentials() const;
  // A host candidate (see Candidate's makers), at any time; CandidateFound tells it as the peer is
  // to hear of it. The one added first is preferred, IPv6 and IPv4 in turn (RFC 8421). Also a
  // relayed one of a TURN client of the owner's own.
  void add_local_candidate(Time now, Candidate candidate);
  // Asks STUN servers which addresses the UDP host candidates have outside, and TURN servers for
  // relayed ones, for candidates added later too. With no server it is GatheringComplete at once.
  // Again: these servers instead; an allocation on one that is among them stays.
  void gather(Time now, const std::vector<net::SocketAddress>& stun_servers,
              const std::vector<RelayServer>& relay_servers = {});
  // The socket, interface or allocation with this address is gone. If the path used it, another is
  // looked for among what there is, with no restart.
  void remove_local(Time now, const net::SocketAddress& base);

  // --- The peer's side ---
  // From its description, or again after restart(). With other credentials than before and no
  // restart() of ours since, this is one. A full agent becomes controlling if the peer is lite.
  void set_remote(Time now, const Credentials& credentials, bool lite = false);
  // At any time, even before set_remote(). False: refused, and counted.
  bool add_remote_candidate(Time now, const Candidate& candidate);
  // Without it the agent goes on hoping, and never is kFailed for want of a path.
  void end_of_remote_candidates(Time now);
  // The answer to ResolveName; nothing if nobody has that name.
  void name_resolved(Time now, std::string_view name, std::optional<net::IpAddress> address);

  // New credentials, and everything is checked again (RFC 8445, 9). The local candidates are told
  // anew; the old path carries data until a new one is selected.
  void restart(Time now);
  // Says nothing more, and hears nothing; but that TURN servers are told, for which it is to be run
  // a little longer, until next_deadline() is kNever.
  void close(Time now);

  // --- TCP ---
  // `asked` is ConnectTcp's path; `actual` has the port that we got. Packets on it, those of
  // Transmit too, stand after their length (RFC 4571), which is the owner's to add and remove.
  void tcp_connected(Time now, const net::Path& asked, const net::Path& actual);
  // A connection ended, of whichever side, or could not be made (`path` is then ConnectTcp's).
  void tcp_closed(Time now, const net::Path& path);

  // --- TURN servers ---
  // ConnectServer is done, TLS's handshake too; or the connection ended, or could not be made.
  void server_connected(Time now, ServerStream stream);
  void server_closed(Time now, ServerStream stream);
  // What came over it. Then call next_relayed() until it returns nothing: a packet of a peer's, to
  // be treated like one that comes in a datagram. It is valid until the next call.
  void server_data(Time now, ServerStream stream, Bytes bytes);
  std::optional<Arrived> next_relayed(Time now, ServerStream stream);
  // What a datagram holds for the owner, STUN messages for handle_input() included: itself, or what
  // a peer sent through a TURN server, in place; nothing if it was said by the server itself. To be
  // asked of each datagram that comes.
  std::optional<Arrived> unwrap(Time now, const Arrived& datagram);
  // How a packet for that path leaves: as Transmit or as ToServer. It has room_for(path) bytes
  // before it that are not used yet. Nothing: the relay may not send there; it is counted.
  std::optional<Output> wrap(const net::Path& path, std::vector<std::uint8_t> packet);
  std::size_t room_for(const net::Path& path) const;

  // --- The engine ---
  void handle_input(Time now, Datagram datagram);
  void handle_timeout(Time now);
  std::optional<Output> poll_output();
  Time next_deadline() const;

  // --- What there is ---
  State state() const;
  bool controlling() const;
  // The path for data; nothing before the first Selected, or once consent to it is lost.
  std::optional<net::Path> selected() const;
  // May data from this path be taken: whoever sends from there knows the credentials, as a check of
  // either side has shown. Cheap enough to be asked for each packet.
  bool is_validated(const net::Path& path) const;
  std::optional<Duration> round_trip_time() const;  // Of the selected path, the last measured.

  std::vector<Candidate> local_candidates() const;
  std::vector<Candidate> remote_candidates() const;
  std::vector<PairStats> pairs() const;
  std::vector<RelayStats> relays() const;
  const Counters& counters() const;

 private:
  std::variant<std::unique_ptr<LiteAgent>, std::unique_ptr<FullAgent>> agent_;
};

static_assert(SansIo<Agent>);

}  // namespace parley::ice
