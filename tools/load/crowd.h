#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "load/bot.h"

namespace parley::load {

// Bots on threads of their own. Called from the thread that made it.
class Crowd {
 public:
  explicit Crowd(std::size_t threads);
  ~Crowd();

  // One more, on the thread whose turn it is; it starts at once.
  void add(Bot::Config config);
  // Counts from now on.
  void begin_measurement();
  // All that is true at the moment, in the order of coming.
  std::vector<Bot::Summary> summaries();
  // Everyone leaves, and says so.
  void leave();

  std::size_t size() const { return bots_; }

 private:
  struct Worker;

  std::vector<std::unique_ptr<Worker>> workers_;
  std::size_t bots_ = 0;
};

}  // namespace parley::load
