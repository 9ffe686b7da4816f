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
  // A host or relayed candidate (see Candidate's makers), at any time; CandidateFound tells it as
  // the peer is to hear of it. Of hosts the one added first is preferred, IPv6 and IPv4 in turn
  // (RFC 8421). A relayed one is added when a TURN client has its allocation.
  void add_local_candidate(Time now, Candidate candidate);
  // Asks these servers which addresses the UDP host candidates have outside, those added later too.
  // With no server it is GatheringComplete at once.
  void gather(Time now, const std::vector<net::SocketAddress>& stun_servers);
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
  // Says nothing more, and hears nothing.
  void close(Time now);

  // --- TCP ---
  // `asked` is ConnectTcp's path; `actual` has the port that we got. Packets on it, those of
  // Transmit too, stand after their length (RFC 4571), which is the owner's to add and remove.
  void tcp_connected(Time now, const net::Path& asked, const net::Path& actual);
  // A connection ended, of whichever side, or could not be made (`path` is then ConnectTcp's).
  void tcp_closed(Time now, const net::Path& path);

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
  const Counters& counters() const;

 private:
  std::variant<std::unique_ptr<LiteAgent>, std::unique_ptr<FullAgent>> agent_;
};

static_assert(SansIo<Agent>);

}  // namespace parley::ice
