#include "server/worker_threads.h"

#include <fmt/core.h>

#include "base/assert.h"

namespace parley::server {

WorkerThreads::WorkerThreads(std::size_t count, std::string_view kind) {
  PARLEY_ASSERT(count > 0);
  for (std::size_t i = 0; i < count; ++i) {
    threads_.push_back(std::make_unique<io::LoopThread>(fmt::format("parley-{}-{}", kind, i)));
    io::EventLoop& loop = threads_.back()->loop();
    threads_.back()->run_there([&loop] { loop.set_pause(kPause); });
  }
}

}  // namespace parley::server
