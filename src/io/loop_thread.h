#pragma once

#include <string>
#include <thread>

#include "io/event_loop.h"

namespace parley::io {

// A thread that runs an event loop of its own from construction to destruction. What lives on the
// loop is made and destroyed by run_there(), so that only that thread ever touches it.
class LoopThread {
 public:
  explicit LoopThread(std::string name);  // For the process list: at most 15 characters.
  ~LoopThread();                          // Stops the loop after its turn, and joins.

  EventLoop& loop() { return loop_; }

  // Runs `call` on the loop's thread and waits until it has returned. From any other thread.
  void run_there(EventLoop::Call call);

 private:
  EventLoop loop_;
  std::jthread thread_;
};

}  // namespace parley::io
