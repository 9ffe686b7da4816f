#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "base/sans_io.h"
#include "base/time.h"
#include "net/address.h"
#include "probe/question.h"
#include "probe/report.h"

namespace parley::probe {

// What a NAT does with who is behind it (RFC 5780, 4.3 and 4.4): whether it shows every destination
// the same port, and whom it lets in. By a server that answers at two addresses. Sans-IO.
//
// Each of the two tests has a socket of its own: what one of them writes to would open the way for
// what the other waits for, and what a NAT has once turned away may get another port when it is
// written to (Linux does that).
class NatDiscovery {
 public:
  enum class Socket : std::uint8_t { kMapping, kFiltering };

  struct Config {
    net::SocketAddress server = {};
    net::SocketAddress other = {};   // Of the server, with another IP address and another port.
    net::SocketAddress local = {};   // Of the socket for mapping,
    net::SocketAddress mapped = {};  // and what `server` sees of it.
    Duration patience = {};          // With what may never come.
  };

  struct Input {
    Socket socket = Socket::kMapping;
    net::SocketAddress from = {};
    Bytes packet = {};  // Borrowed.
  };
  struct Output {
    Socket socket = Socket::kMapping;
    net::SocketAddress to = {};
    std::vector<std::uint8_t> packet = {};
  };

  // Whether a server that says so of itself can be used.
  static bool is_usable(const net::SocketAddress& server, const net::SocketAddress& other);

  // `random` outlives it. Both sockets are there.
  NatDiscovery(const Config& config, Random& random);

  void start(Time now);
  void handle_input(Time now, const Input& input);
  void handle_timeout(Time now);
  std::optional<Output> poll_output();
  Time next_deadline() const { return std::min(again_at_, give_up_at_); }

  bool is_over() const { return give_up_at_ == kNever; }
  // Unknown, both, where the server's other address does not answer: then it proves nothing that
  // nothing comes from there.
  Nat result() const;

 private:
  bool is_mapping_known() const;
  bool is_same_mapping() const;
  void ask(Time now, Socket socket, Question& question);
  void ask_unanswered(Time now);
  void settle();

  Config config_;
  Random* random_;
  Question other_ip_;                   // To A2:P1 (test II of 4.3),
  std::optional<Question> other_port_;  // and to A2:P2 (III).
  Question from_other_;                 // An answer from A2:P2 (II of 4.4),
  Question from_other_port_;            // and from A1:P2 (III).
  Time again_at_ = kNever;
  Time give_up_at_ = kNever;
  std::deque<Output> outputs_;
};

static_assert(SansIo<NatDiscovery>);

}  // namespace parley::probe
