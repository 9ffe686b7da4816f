#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace parley::ice {

struct Timers {
  // Between two new checks, or two questions to STUN servers (Ta; RFC 8445, 14.2: 5 ms at least).
  Duration pace = std::chrono::milliseconds{20};
  // The first retransmission of a request; each later one waits twice as long, up to `max_rto`.
  Duration min_rto = std::chrono::milliseconds{500};
  Duration max_rto = std::chrono::seconds{2};
  int max_requests = 7;  // Of one check, retransmissions included (Rc; RFC 8489, 6.2.1).

  // How long the controlling side waits for a better pair once it has a valid one; longer where
  // that one is relayed. Data flows meanwhile.
  Duration nomination_wait = std::chrono::milliseconds{200};
  Duration relayed_nomination_wait = std::chrono::seconds{1};
  // For so long after the first selection the peer's nominated pair of highest priority counts,
  // since an aggressive peer nominates all it checks; afterwards the one nominated last.
  Duration settling = std::chrono::seconds{2};

  // RFC 7675, 5.1. Spread by a fifth both ways.
  Duration consent_interval = std::chrono::seconds{5};
  // While a consent check is unanswered, or the path is doubted.
  Duration consent_retry = std::chrono::seconds{1};
  Duration consent_timeout = std::chrono::seconds{30};
  // Consent checks unanswered for so long: disconnected.
  Duration disconnected_after = std::chrono::seconds{5};
  // A lite agent asks nothing; it is disconnected after so long without any check of the peer.
  Duration lite_disconnected_after = std::chrono::seconds{12};

  // Asks the STUN server again, so that NATs keep the mapping until it is used (RFC 8445, 11).
  Duration keepalive = std::chrono::seconds{15};
  // How long gathering waits for TURN servers: a second of these is much for a user who waits.
  Duration relay_patience = std::chrono::seconds{10};
  // A TURN server that failed is tried again, each time after twice as long.
  Duration relay_retry = std::chrono::seconds{10};
  Duration max_relay_retry = std::chrono::minutes{1};
  // A better path than the selected one, which carried once and then failed, is tried again.
  Duration recheck = std::chrono::seconds{10};
  // No failure before so long after the start, whatever became of the pairs (RFC 8863).
  Duration patience = std::chrono::milliseconds{39'500};
};

// What a peer, or a network, can make an agent hold.
struct Limits {
  std::size_t local_candidates = 32;
  std::size_t remote_candidates = 64;
  std::size_t unresolved_names = 16;
  std::size_t pairs = 100;     // RFC 8445, 6.1.2.5.
  std::size_t lite_paths = 8;  // Of a lite agent; the one unheard of for longest makes room.
  std::size_t stun_servers = 8;
  std::size_t relays = 8;  // Allocations: of UDP servers one for each host candidate.
};

// RTCIceTransportPolicy.
enum class TransportPolicy : std::uint8_t {
  kAll,
  kRelay,  // Relayed candidates alone, so that the peer learns no other address of ours.
};

struct Config {
  bool controlling = false;  // The offerer is, or who is not lite (RFC 8445, 6.1.1).
  // Answers checks and sends none (RFC 8445, 2.5): for a server at a public address.
  bool lite = false;
  TransportPolicy policy = TransportPolicy::kAll;  // Of a full agent.
  Timers timers = {};
  Limits limits = {};
};

}  // namespace parley::ice
