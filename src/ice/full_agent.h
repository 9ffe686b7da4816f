#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "ice/authenticator.h"
#include "ice/checklist.h"
#include "ice/config.h"
#include "ice/consent.h"
#include "ice/credentials.h"
#include "ice/gatherer.h"
#include "ice/local_candidates.h"
#include "ice/outbox.h"
#include "ice/relays.h"
#include "ice/remote_candidates.h"
#include "ice/transactions.h"
#include "net/path.h"
#include "stun/message.h"

namespace parley::ice {

// The agent that checks as well as answers; agent.h says what each command means.
//
// Whatever happens is noted first; then run() does what is due by now: asks, checks, nominates, and
// finds out in which state that leaves us. Its parts: full_agent.cpp (commands),
// full_agent_packets.cpp (what comes in), full_agent_run.cpp (what is due),
// full_agent_selection.cpp (which path), full_agent_relays.cpp (what concerns TURN servers).
class FullAgent {
 public:
  FullAgent(const Config& config, Random& random);

  const Credentials& local_credentials() const { return local_; }
  void add_local_candidate(Time now, const Candidate& candidate);
  void gather(Time now, const std::vector<net::SocketAddress>& stun_servers,
              const std::vector<RelayServer>& relay_servers);
  void remove_local(Time now, const net::SocketAddress& base);

  void set_remote(Time now, const Credentials& credentials, bool lite);
  bool add_remote_candidate(Time now, const Candidate& candidate);
  void end_of_remote_candidates(Time now);
  void name_resolved(Time now, std::string_view name, const std::optional<net::IpAddress>& address);

  void restart(Time now);
  void close(Time now);

  void tcp_connected(Time now, const net::Path& asked, const net::Path& actual);
  void tcp_closed(Time now, const net::Path& path);

  void server_connected(Time now, ServerStream stream);
  void server_closed(Time now, ServerStream stream);
  void server_data(Time now, ServerStream stream, Bytes bytes);
  std::optional<Arrived> next_relayed(Time now, ServerStream stream);
  std::optional<Arrived> unwrap(Time now, const Arrived& datagram);
  std::size_t room_for(const net::Path& path) const {
    return relays_.owns(path) ? turn::Client::kRoom : 0;
  }
  std::optional<Output> wrap(const net::Path& path, std::vector<std::uint8_t> packet);

  void handle_input(Time now, const Datagram& datagram);
  void handle_timeout(Time now) { run(now); }
  std::optional<Output> poll_output() { return outbox_.poll(); }
  Time next_deadline() const { return deadline_; }

  State state() const { return state_; }
  bool controlling() const { return controlling_; }
  const std::optional<net::Path>& selected() const { return selected_; }
  bool is_validated(const net::Path& path) const;
  std::optional<Duration> round_trip_time() const;
  std::vector<Candidate> local_candidates() const { return locals_.all(); }
  std::vector<Candidate> remote_candidates() const { return remotes_.all(); }
  std::vector<PairStats> pairs() const;
  std::vector<RelayStats> relays() const { return relays_.stats(); }
  const Counters& counters() const { return outbox_.counters(); }

 private:
  // What a restart leaves behind until a new path is selected: the old one goes on.
  struct Previous {
    Credentials local = {};
    Credentials remote = {};
    std::uint32_t priority = 0;  // PRIORITY of the old path's checks.
    std::optional<net::Path> path = {};
    Time until = kNever;
  };

  // --- Commands ---
  bool has_remote() const { return !remote_.ufrag.empty(); }
  void tell_candidate(const Candidate& local);
  void begin_session();
  void pair_local(const Candidate& local);
  void pair_remote(const Candidate& remote);
  void add_pair(const Candidate& local, const Candidate& remote, const net::Path& path);
  bool note_remote(const Candidate& candidate);
  void update_remote(const Candidate& remote);
  void forget_local(Time now, const net::SocketAddress& base);
  void path_is_gone(Time now);
  void close_connection(const Pair& pair);

  // --- Relays ---
  void take_changes(Time now);
  void handle_gain(const RelayNews::Change& gained);
  void handle_loss(Time now, const net::SocketAddress& relayed);
  void take_relays_outputs();
  bool has_gathered(Time now) const;

  // --- Packets ---
  void transmit(Time now, const net::Path& path, std::vector<std::uint8_t> message);
  void handle_request(Time now, const Datagram& datagram, const stun::MessageView& request);
  void answer_old_session(Time now, const net::Path& path, const stun::MessageView& request);
  bool settle_role(Time now, const CheckRequest& check, const stun::MessageView& request,
                   const net::Path& path);
  void set_role(bool controlling);
  void handle_check(Time now, const net::Path& path, const CheckRequest& check, Pair& pair);
  Pair* pair_for(const net::Path& path, const CheckRequest& check);
  void answer(Time now, const net::Path& path, std::vector<std::uint8_t> message);
  void refuse(Time now, Drop reason, const net::Path& path, const stun::MessageView& request);

  void handle_response(Time now, const net::Path& path, const stun::MessageView& response);
  void handle_success(Time now, const Transaction& transaction, const stun::MessageView& response);
  void handle_error(const Transaction& transaction, const stun::MessageView& response);
  void learn_mapping(const net::Path& path, const stun::MessageView& response);

  // --- Selection ---
  bool is_alive() const;  // Is there a selected path of this session that answers, for all we know?
  void validate(Time now, Pair& pair, const Transaction& transaction);
  void consider(Time now, const Pair& pair);
  bool is_preferred(const Pair& pair, const Pair& current) const;
  void select(Time now, const Pair& pair);
  void nominate(Time now);
  Time nomination_time() const;  // kNever if there is nothing to nominate.
  const Pair* best_valid() const;
  std::uint64_t floor() const;

  // --- What is due ---
  void run(Time now);
  void gather_more(Time now);
  void keep_consent(Time now);
  void recheck(Time now);
  bool is_looking(Time now) const;
  bool is_anything_under_way() const;
  void lose_consent();
  void lose_path();
  void send_consent_check(Time now);
  void send_checks(Time now);
  void send_check(Time now, Pair& pair);
  Duration first_rto() const;
  void update_state(Time now);
  State find_state(Time now) const;
  bool is_hopeless(Time now) const;
  void update_deadline(Time now);

  Config config_;
  Random* random_;
  std::uint64_t tie_breaker_;
  bool controlling_;

  Credentials local_;
  Credentials remote_;  // Empty: not known yet.
  std::optional<Previous> previous_;

  LocalCandidates locals_;
  RemoteCandidates remotes_;
  bool end_of_remote_ = false;
  Gatherer gatherer_;
  Relays relays_;
  std::vector<net::Path> to_permit_;  // Paths through relays, until run().
  bool gathering_told_ = false;

  Checklist checklist_;
  Transactions transactions_;
  Time next_slot_ = kAtOnce;  // Of the next check: one a pace.
  Time started_at_ = kNever;  // When this session knew the peer.

  std::optional<net::Path> selected_;
  bool selected_is_old_ = false;  // It is of the session before the restart.
  Time settled_at_ = kNever;      // From when on the last nomination counts.
  Consent consent_;
  bool path_lost_ = false;
  Time revive_at_ = kNever;   // When what failed is tried again, if there is no path.
  Time recheck_at_ = kNever;  // The same of what is better than our path.

  State state_ = State::kNew;
  Time deadline_ = kNever;
  Outbox outbox_;
};

}  // namespace parley::ice
