#pragma once

#include <string>

#include "turn/client_config.h"

namespace parley::probe {

// Why there is no allocation, a sentence for people, with what can be done.
std::string allocation_problem(const turn::ClientFailed& failed);

}  // namespace parley::probe
