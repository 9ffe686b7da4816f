#pragma once

namespace parley {

// Prints the broken invariant and aborts. What a peer or an operator can cause is never an assert.
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);

}  // namespace parley

// Stays on in release: a wrong state is worse than a restart.
#define PARLEY_ASSERT(condition) \
  ((condition) ? void() : ::parley::assertion_failed(#condition, __FILE__, __LINE__))
