#include "io/thread_priority.h"

#include <sys/resource.h>

namespace parley::io {

// On Linux a thread has a nice value of its own, and 0 means the one that calls. To be nicer is
// always permitted. A little is enough for those that are woken to go first; much, and on a machine
// that is full it would hardly ever run.
void give_way() {
  constexpr int kNicer = 3;
  setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + kNicer);
}

}  // namespace parley::io
