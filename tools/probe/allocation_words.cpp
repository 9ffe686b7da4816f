#include "probe/allocation_words.h"

#include <fmt/core.h>

#include <utility>

namespace parley::probe {
namespace {

std::string refusal(stun::ErrorCode code) {
  using enum stun::ErrorCode;
  const auto number = std::to_underlying(code);
  switch (code) {
    case kUnauthenticated:
      return "The relay does not accept the login that the server gave (401): they do not share "
             "turn.secrets, or their clocks differ.";
    case kForbidden: return "The relay forbids it (403): see turn.deny_peers and turn.allow_peers.";
    case kAllocationQuotaReached:
      return "The relay gives this user or address no more allocations (486): see "
             "turn.user_allocations and turn.address_allocations.";
    case kInsufficientCapacity:
      return "The relay is full (508): see turn.max_allocations, turn.first_port and "
             "turn.last_port.";
    case kAddressFamilyNotSupported: return "The relay has no address of that family (440).";
    default: return fmt::format("The relay refuses ({}).", number);
  }
}

}  // namespace

std::string allocation_problem(const turn::ClientFailed& failed) {
  switch (failed.why) {
    case turn::ClientFailure::kTimeout:
      return "STUN is answered there, but a request for an allocation is not.";
    case turn::ClientFailure::kRefused: return refusal(failed.code);
    case turn::ClientFailure::kRedirect:
      return fmt::format("The relay sends us to {} (300).",
                         failed.alternate ? failed.alternate->to_string() : "another");
    case turn::ClientFailure::kForged:
      return "Requests for an allocation are answered, but by who does not know the password: "
             "somebody between us and the relay, or another server at its address.";
    case turn::ClientFailure::kLost: break;
  }
  return "The relay has dropped the allocation.";
}

}  // namespace parley::probe
