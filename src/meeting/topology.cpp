#include "meeting/topology.h"

namespace parley::meeting {

std::optional<TopologyController::Change> TopologyController::update(Time now, const Facts& facts) {
  facts_ = facts;
  const auto wanted = reason_for_server();
  if (topology_ == Topology::kP2p) {
    if (!wanted) return std::nullopt;
    return change_to(Topology::kSfu, *wanted);
  }
  if (wanted) {
    back_at_ = kNever;
  } else if (back_at_ == kNever) {
    back_at_ = now + config_.back_after;
  }
  return handle_timeout(now);
}

std::optional<TopologyController::Change> TopologyController::handle_timeout(Time now) {
  if (now < back_at_) return std::nullopt;
  return change_to(Topology::kP2p,
                   facts_.people <= 1 ? TopologyReason::kAlone : TopologyReason::kLeft);
}

std::optional<TopologyReason> TopologyController::reason_for_server() const {
  if (!may_go_over_server() || facts_.people == 0) return std::nullopt;
  if (facts_.lecture) return TopologyReason::kLecture;
  if (asked_ == Topology::kSfu) return TopologyReason::kForced;
  if (facts_.people > config_.mesh_limit) return TopologyReason::kThird;
  if (facts_.program) return TopologyReason::kViewer;
  if (facts_.people == 1) return std::nullopt;
  if (facts_.unconnected) return TopologyReason::kUnconnected;
  if (facts_.viewer) return TopologyReason::kViewer;
  if (facts_.one_stream) return TopologyReason::kOneStream;
  return std::nullopt;
}

TopologyController::Change TopologyController::change_to(Topology topology, TopologyReason reason) {
  back_at_ = kNever;
  topology_ = topology;
  reason_ = reason;
  return {topology, reason};
}

}  // namespace parley::meeting
