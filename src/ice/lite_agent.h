#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "ice/authenticator.h"
#include "ice/config.h"
#include "ice/credentials.h"
#include "ice/outbox.h"
#include "ice/relay_leg.h"
#include "net/path.h"
#include "stun/message.h"

namespace parley::ice {

// The agent of a server at a public address (RFC 8445, 2.5): it answers checks, always controlled,
// and sends none. An SFU has thousands: each is some hundred bytes, and a check costs no allocation
// but its answer.
//
// Data may go where an authenticated check came from: the first such path is selected, then the one
// that the peer nominates. It has no way to ask for consent; the peer's checks are its consent.
class LiteAgent {
 public:
  LiteAgent(const Config& config, Random& random);

  const Credentials& local_credentials() const { return local_; }
  void add_local_candidate(Time now, const Candidate& candidate);
  void gather(Time now, const std::vector<net::SocketAddress>& stun_servers,
              const std::vector<RelayServer>& relay_servers);
  void remove_local(Time now, const net::SocketAddress& base);

  void set_remote(Time now, const Credentials& credentials, bool lite);
  bool add_remote_candidate(Time, const Candidate&) { return true; }  // The checks will tell.
  void end_of_remote_candidates(Time) {}
  void name_resolved(Time, std::string_view, const std::optional<net::IpAddress>&) {}

  void restart(Time now);
  void close(Time now);

  void tcp_connected(Time, const net::Path&, const net::Path&) {}
  void tcp_closed(Time now, const net::Path& path);

  // It is at a public address: there are no relays.
  void server_connected(Time, ServerStream) {}
  void server_closed(Time, ServerStream) {}
  void server_data(Time, ServerStream, Bytes) {}
  std::optional<Arrived> next_relayed(Time, ServerStream) { return std::nullopt; }
  std::optional<Arrived> unwrap(Time, const Arrived& datagram) { return datagram; }
  std::size_t room_for(const net::Path&) const { return 0; }
  std::optional<Output> wrap(const net::Path& path, std::vector<std::uint8_t> packet) {
    return Transmit{path, std::move(packet)};
  }
  std::vector<RelayStats> relays() const { return {}; }

  void handle_input(Time now, const Datagram& datagram);
  void handle_timeout(Time now);
  std::optional<Output> poll_output() { return outbox_.poll(); }
  Time next_deadline() const { return deadline_; }

  State state() const { return state_; }
  bool controlling() const { return false; }
  const std::optional<net::Path>& selected() const { return selected_; }
  bool is_validated(const net::Path& path) const;
  std::optional<Duration> round_trip_time() const { return std::nullopt; }
  std::vector<Candidate> local_candidates() const { return locals_; }
  std::vector<Candidate> remote_candidates() const;
  std::vector<PairStats> pairs() const;
  const Counters& counters() const { return outbox_.counters(); }

 private:
  // Where authenticated checks came from.
  struct KnownPath {
    net::Path path = {};
    std::uint32_t priority = 0;  // As the peer says of itself.
    std::uint32_t requests = 0;
    Time heard = kAtOnce;
  };

  void handle_request(Time now, const net::Path& path, const stun::MessageView& request);
  KnownPath& note(Time now, const net::Path& path);
  void consider(Time now, const KnownPath& from, bool nominates);
  void select(Time now, const KnownPath& known, bool nominates);
  void forget(const KnownPath& known);
  void set_state(State state);

  Limits limits_;
  Timers timers_;
  Random* random_;
  Credentials local_;
  // Before the last restart: the peer asks by them until it has a path by the new ones.
  std::unique_ptr<Credentials> old_;
  Credentials remote_;
  std::vector<Candidate> locals_;  // As told; never more than the limit.
  std::vector<KnownPath> paths_;   // Never more than the limit; the selected one among them.
  std::optional<net::Path> selected_;
  bool nominated_ = false;    // The selected path.
  Time settled_at_ = kNever;  // From when on the last nomination counts.
  Time heard_ = kNever;       // The last valid check.
  State state_ = State::kNew;
  Time deadline_ = kNever;
  Outbox outbox_;
};

}  // namespace parley::ice
