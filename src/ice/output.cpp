#include "ice/output.h"

#include <utility>

namespace parley::ice {

std::string_view to_string(State state) {
  switch (state) {
    case State::kNew: return "new";
    case State::kChecking: return "checking";
    case State::kConnected: return "connected";
    case State::kCompleted: return "completed";
    case State::kDisconnected: return "disconnected";
    case State::kFailed: return "failed";
    case State::kClosed: return "closed";
  }
  std::unreachable();
}

std::string_view to_string(Drop reason) {
  switch (reason) {
    case Drop::kMalformed: return "malformed";
    case Drop::kFingerprint: return "wrong fingerprint";
    case Drop::kUnsupported: return "not a Binding";
    case Drop::kUnknownLocal: return "at no candidate of ours";
    case Drop::kUsername: return "user name of somebody else";
    case Drop::kNoIntegrity: return "no integrity";
    case Drop::kIntegrity: return "wrong integrity";
    case Drop::kUnknownAttribute: return "unknown attribute";
    case Drop::kBadRequest: return "bad request";
    case Drop::kRoleConflict: return "role conflict";
    case Drop::kUnmatchedResponse: return "answer to no request";
    case Drop::kWrongPath: return "answer from elsewhere";
    case Drop::kCandidateLimit: return "too many candidates";
    case Drop::kCandidateIgnored: return "candidate of no use";
  }
  std::unreachable();
}

std::string_view to_string(PairState state) {
  switch (state) {
    case PairState::kFrozen: return "frozen";
    case PairState::kWaiting: return "waiting";
    case PairState::kInProgress: return "in-progress";
    case PairState::kSucceeded: return "succeeded";
    case PairState::kFailed: return "failed";
  }
  std::unreachable();
}

}  // namespace parley::ice
