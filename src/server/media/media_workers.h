#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "crypto/system_random.h"
#include "net/address.h"
#include "server/media/media_counters.h"
#include "server/media/media_service.h"
#include "server/worker_threads.h"

namespace parley::server {

// Media on threads apart. The workers share nothing: each has a port of its own.
//
// Every function is called from the thread that made it; the errors are sentences for the operator.
class MediaWorkers {
 public:
  using Listening = MediaService::Listening;

  // A worker on each of `threads`, which outlive it.
  explicit MediaWorkers(WorkerThreads& threads, stun::BindingServerConfig binding = {});

  // One port a worker, counted up from this one; with port 0 each takes a free one. Returns the
  // first. All or none.
  Listening listen(const net::SocketAddress& first);
  const std::vector<std::uint16_t>& ports() const { return ports_; }  // None before.

  // By worker. Asks all at once, and waits for their turns to end.
  std::vector<MediaCounters> counters();

 private:
  crypto::SystemRandom random_;
  std::vector<std::unique_ptr<OnThread<MediaService>>> workers_;
  std::vector<std::uint16_t> ports_;
};

}  // namespace parley::server
