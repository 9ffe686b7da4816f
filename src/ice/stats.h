#pragma once

#include <cstdint>
#include <string_view>

#include "base/time.h"
#include "ice/candidate.h"
#include "net/path.h"

namespace parley::ice {

// Why a packet, or what was in it, was not taken.
enum class Drop : std::uint8_t {
  kMalformed,          // Not a STUN message.
  kFingerprint,        // FINGERPRINT is there and wrong.
  kUnsupported,        // Not a Binding.
  kUnknownLocal,       // It came to an address that is no candidate of ours.
  kUsername,           // A request that is not for us, or for an agent that restarted since.
  kNoIntegrity,        // Nothing proves who it is from.
  kIntegrity,          // Made with another password than ours, or changed on the way.
  kUnknownAttribute,   // Answered with 420.
  kBadRequest,         // Answered with 400: no PRIORITY.
  kRoleConflict,       // Answered with 487: the peer has to give in.
  kUnmatchedResponse,  // To no request that we remember.
  kWrongPath,          // An answer from elsewhere than the request went to (RFC 8445, 7.2.5.2.1).
  kCandidateLimit,     // A candidate or pair beyond Limits.
  kCandidateIgnored,   // A candidate for another component, of other credentials, or not usable.
};
inline constexpr std::size_t kDropReasons = 14;

std::string_view to_string(Drop reason);

struct Counters {
  std::uint64_t requests_received = 0;  // Valid ones.
  std::uint64_t responses_sent = 0;     // Success only.
  std::uint64_t requests_sent = 0;      // With retransmissions and consent checks.
  std::uint64_t responses_received = 0;
  std::uint64_t indications = 0;   // Keepalives of the peer: nothing is due.
  std::uint64_t role_changes = 0;  // We gave in.
  std::uint64_t path_changes = 0;  // Selections after the first.
  std::uint64_t restarts = 0;
  std::uint64_t allocations = 0;             // On TURN servers.
  std::uint64_t allocations_lost = 0;        // Of those; the relayed candidates are gone.
  std::uint64_t servers_failed = 0;          // ServerFailed.
  std::uint64_t dropped[kDropReasons] = {};  // By Drop.

  std::uint64_t dropped_for(Drop reason) const { return dropped[static_cast<std::size_t>(reason)]; }
};

// RFC 8445, 6.1.2.6.
enum class PairState : std::uint8_t { kFrozen, kWaiting, kInProgress, kSucceeded, kFailed };

std::string_view to_string(PairState state);  // As RTCStatsIceCandidatePairState says it.

// RTCIceCandidatePairStats.
struct PairStats {
  net::Path path = {};
  CandidateType local_type = {};
  CandidateType remote_type = {};
  PairState state = PairState::kFrozen;
  bool nominated = false;
  bool selected = false;
  std::uint64_t priority = 0;
  std::uint32_t requests_sent = 0;  // Consent checks are counted apart.
  std::uint32_t requests_received = 0;
  std::uint32_t responses_sent = 0;
  std::uint32_t responses_received = 0;
  std::uint32_t consent_requests_sent = 0;
  Duration round_trip_time = Duration::zero();  // The last; zero: none yet.
  Duration total_round_trip_time = Duration::zero();
};

}  // namespace parley::ice
