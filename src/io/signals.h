#pragma once

#include <signal.h>

#include <functional>
#include <initializer_list>

#include "io/event_loop.h"
#include "io/fd.h"

namespace parley::io {

// Brings signals onto a loop, as ordinary calls: SIGTERM to drain, SIGHUP to reload.
//
// Made by main() before any other thread, because the signals are blocked in this thread and in
// those that it starts; unblocked again by the destructor. SIGPIPE is ignored from then on: a peer
// that is gone is an error of one write, not the end of the process.
class Signals final : private Watcher {
 public:
  using Handler = std::move_only_function<void(int signal)>;

  Signals(EventLoop& loop, std::initializer_list<int> signals, Handler handler);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  void on_ready(Readiness readiness) override;

  EventLoop& loop_;
  Handler handler_;
  sigset_t before_;  // What was blocked.
  Fd fd_;
};

}  // namespace parley::io
