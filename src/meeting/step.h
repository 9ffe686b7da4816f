#pragma once

#include <variant>

#include "meeting/answers.h"
#include "meeting/store_requests.h"

namespace parley::meeting {

// What comes next of a command that needs the store: a request to it, or the answer.
using Step = std::variant<StoreRequest, Reply>;

}  // namespace parley::meeting
