#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"
#include "net/address.h"
#include "stun/message.h"
#include "turn/client_config.h"
#include "turn/protocol.h"

namespace parley::turn {

// What a client's request says; enough to write it again with another nonce.
struct ClientRequest {
  stun::Method method = {};
  std::vector<net::SocketAddress> peers = {};
  std::uint16_t channel = 0;
  ConnectionId connection = {};  // ConnectionBind's.
  std::optional<std::uint32_t> lifetime = {};
  bool with_ticket = false;
};

// A request on its way: when to say it again, and when to give up (RFC 8489, 6.2.1 and 6.2.2).
struct Transaction {
  ClientRequest request = {};
  stun::TransactionId id = {};
  std::vector<std::uint8_t> message = {};
  int transmissions = 0;
  Duration interval = Duration::zero();
  Time due = kNever;
  int challenges = 0;       // 401 and 438 answers so far.
  bool was_forged = false;  // An answer.

  void start(Time now, const ClientConfig& config) {
    const bool is_stream = config.server == net::Transport::kTcp;
    transmissions = is_stream ? config.max_transmissions : 1;
    interval = is_stream ? config.stream_timeout : config.rto;
    due = now + interval;
  }

  // At `due`. True: say it again. False: it has failed.
  bool retry(Time now, const ClientConfig& config) {
    if (transmissions >= config.max_transmissions) return false;
    ++transmissions;
    interval *= 2;
    // After the last the answer has 16 RTO (Rm) to come.
    due = now + (transmissions == config.max_transmissions ? config.rto * 16 : interval);
    return true;
  }
};

}  // namespace parley::turn
