#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

#include "base/time.h"
#include "meeting/output.h"

namespace parley::meeting {

// The announcements of all rooms that wait to be told together. Nobody's order of events changes:
// what is for someone for whom some of them wait is preceded by those.
class Announcements {
 public:
  static constexpr std::size_t kMaxWaiting = 256;  // Past it they do not wait for their time.
  static constexpr std::size_t kFew = 16;          // Receivers for whom it is worth to look.

  // Until its `due`, or until something else is for one of its receivers.
  void hold(Tell tell);
  // Frees what has to be told before `output`. True: there is some, to be taken first.
  bool precede(const Output& output);
  void handle_timeout(Time now);
  Time next_deadline() const { return deadline_; }

  std::optional<Tell> take();  // Of what is free, in order.

 private:
  void free_all();
  void free_for(ConnectionId connection);
  void forget(ConnectionId connection);

  std::vector<Tell> waiting_;  // In order.
  std::deque<Tell> free_;
  Time deadline_ = kNever;  // No later than any of waiting_ is due.
};

}  // namespace parley::meeting
