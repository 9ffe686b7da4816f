#include "io/thread_priority.h"

#include <sys/resource.h>

namespace parley::io {

// On Linux a thread has a nice value of its own, and 0 means the one that calls. To be nicer is
// always permitted.
void give_way() {
  constexpr int kNice = 10;
  setpriority(PRIO_PROCESS, 0, kNice);
}

}  // namespace parley::io
