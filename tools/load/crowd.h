#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "load/member.h"

namespace parley::load {

// Members on threads of their own. Called from the thread that made it.
class Crowd {
 public:
  explicit Crowd(std::size_t threads);
  ~Crowd();

  // One more, on the thread whose turn it is; it is made there, and starts at once.
  using Make = std::move_only_function<std::unique_ptr<Member>(const Shared& shared)>;
  void add(Make make);
  // Counts from now on.
  void begin_measurement();
  // All that is true at the moment, in the order of coming.
  std::vector<Member::Summary> summaries();
  // Everyone leaves, and says so.
  void leave();

  std::size_t size() const { return members_; }

 private:
  struct Worker;

  std::vector<std::unique_ptr<Worker>> workers_;
  std::size_t members_ = 0;
};

}  // namespace parley::load
