#pragma once

#include <chrono>
#include <cstdint>

#include "io/event_loop.h"
#include "server/storage.h"

namespace parley::server {

struct HousekeepingConfig {
  std::chrono::seconds forget_rooms_after = std::chrono::hours{24};
  Duration interval = std::chrono::minutes{10};
  std::size_t rooms_at_once = 20;  // Each may hold ten thousand messages; others want to write.
};

// Removes from the store what nobody will ask for again, at once and every few minutes: rooms
// without an owner that were not used for long, and sessions that expired.
class Housekeeping {
 public:
  struct Counters {
    std::uint64_t rooms = 0, sessions = 0;  // Removed.
  };

  Housekeeping(io::EventLoop& loop, Storage& storage, HousekeepingConfig config);

  const Counters& counters() const { return counters_; }

 private:
  void sweep();
  void on_swept(const store::Result<Counters>& swept);

  io::EventLoop& loop_;
  Storage& storage_;
  HousekeepingConfig config_;
  Counters counters_;
  io::Timer timer_;
};

}  // namespace parley::server
