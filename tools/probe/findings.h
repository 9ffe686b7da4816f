#pragma once

#include <vector>

#include "probe/report.h"
#include "probe/verdict.h"

// The parts of judge().
namespace parley::probe {

// Name, page, certificate, signalling.
std::vector<Finding> web_findings(const Report& report);
// Each worker's port for meetings.
std::vector<Finding> port_findings(const Report& report);
// STUN, the relay, the NAT.
std::vector<Finding> media_findings(const Report& report);

}  // namespace parley::probe
