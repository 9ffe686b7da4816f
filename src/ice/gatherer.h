#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "ice/config.h"
#include "ice/output.h"
#include "net/address.h"
#include "stun/message.h"

namespace parley::ice {

// Asks STUN servers how each base is seen from outside, one question a pace, and asks again while
// the mappings are to be kept (RFC 8445, 5.1.1.2 and 5.1.1.4).
class Gatherer {
 public:
  struct Mapped {
    net::SocketAddress base = {};
    net::SocketAddress address = {};
    net::SocketAddress server = {};
  };

  Gatherer(const Timers& timers, const Limits& limits, Random& random)
      : timers_(timers), max_servers_(limits.stun_servers), random_(&random) {}

  // Asks for the bases that there are and that come. Servers beyond the limit are left out.
  void start(Time now, const std::vector<net::SocketAddress>& servers,
             const std::vector<net::SocketAddress>& bases);
  void add_base(Time now, const net::SocketAddress& base);
  void remove_base(const net::SocketAddress& base);
  // The mappings are used by now, or no longer needed: ask no more for their sake.
  void let_mappings_go() { keeps_mappings_ = false; }

  // The next question that is due.
  std::optional<Transmit> poll(Time now);
  // Is it the answer to one of ours? Then it may say something new.
  bool is_answer(const stun::MessageView& message, const net::Path& path) const;
  std::optional<Mapped> handle_answer(Time now, const stun::MessageView& message);

  bool started() const { return started_; }
  std::vector<net::SocketAddress> servers() const { return servers_; }
  // Each question of the start was answered or given up.
  bool complete() const;
  Time next_deadline() const;

 private:
  struct Question {
    net::SocketAddress base = {};
    net::SocketAddress server = {};
    stun::TransactionId id = {};
    int requests = 0;  // Sent with this id.
    bool open = true;  // Neither answered nor given up yet.
    Time next = kAtOnce;
    Duration rto = Duration::zero();
  };

  void ask_about(Time now, const net::SocketAddress& base);
  void send_again_later(Time now, Question& question);

  Timers timers_;
  std::size_t max_servers_;
  Random* random_;
  std::vector<net::SocketAddress> servers_;
  std::vector<Question> questions_;  // A base times a server at most.
  Time next_slot_ = kAtOnce;
  bool started_ = false;
  bool keeps_mappings_ = true;
};

}  // namespace parley::ice
