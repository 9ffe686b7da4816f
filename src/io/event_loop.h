#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "base/deadline_queue.h"
#include "base/time.h"
#include "io/turn_end.h"

namespace parley::io {

class UdpMemory;

// What the loop tells about a file descriptor.
struct Readiness {
  bool readable = false;
  bool writable = false;
  bool hang_up = false;  // The other end sends no more, is gone, or the descriptor is in error.
};

// Receives the readiness of one file descriptor, edge-triggered: work until EAGAIN, or come back by
// EventLoop::at_turn_end().
class Watcher {
 public:
  virtual void on_ready(Readiness readiness) = 0;

 protected:
  ~Watcher() = default;
};

// One thread's epoll loop: descriptors, timers, and calls from other threads. Everything that runs
// on a loop runs on its one thread, so nothing that belongs to a loop needs a lock.
//
// A turn: wait, read the clock once, hand out readiness, run due timers, run posted calls, then run
// what was deferred, then what waits for the turn's end. The end is where output is flushed: all
// that one turn brought for one client leaves in one write. What is deferred or sent during the end
// itself is run and flushed too, a few rounds of it at once, the rest in a next turn without wait.
class EventLoop {
 public:
  using Call = std::move_only_function<void()>;

  EventLoop();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  void run();   // Until stop(); at once if stop() came before. May be run again.
  void stop();  // Ends run() after its turn. From any thread, and from a signal handler.

  // While turns come more often than every two `pauses`, each begins no sooner than one after the
  // last: what arrives meanwhile is handled together. To be woken costs more than a packet does;
  // who comes alone is not kept waiting. Zero, as at first: never.
  void set_pause(Duration pause);

  // One turn that waits no longer than `longest_wait`. For tests and for loops inside other loops.
  void run_turn(Duration longest_wait);

  Time now() const;  // As of the start of this turn: protocol code sees one time a turn.

  // Runs `call` on the loop's thread, in the order of posting. From any thread.
  void post(Call call);

  // Runs `call` at the end of this turn. From the loop's thread only.
  void defer(Call call);

  // Has `entry` called once at the end of this turn, after what is deferred. Never allocates.
  void at_turn_end(TurnEnd& entry);

  // Reads and writes of `fd` are told to `watcher` from now on, until unwatch(). The loop owns
  // neither. A watcher may unwatch itself or any other while it is told.
  void watch(int fd, Watcher& watcher);
  // Not of writes: of a UDP socket each datagram that left would be told.
  void watch_input(int fd, Watcher& watcher);
  void unwatch(int fd, Watcher& watcher);  // Before `fd` is closed.

  // 64 KiB that every reader on this loop shares: what recv() puts there is consumed, or copied by
  // who must keep it, before the reader returns. So an idle connection holds no buffer.
  std::span<std::uint8_t> read_buffer();

  UdpMemory& udp_memory();  // What the UDP sockets on this loop share. Made for the first.

 private:
  friend class Timer;
  void watch(int fd, Watcher& watcher, std::uint32_t events);

  struct State;
  std::unique_ptr<State> state_;
};

// Calls once when its deadline has come. Belongs to a loop; disarmed by its destructor. The call
// may arm it again; to destroy it must be the call's last act.
class Timer : private Timed {
 public:
  Timer(EventLoop& loop, EventLoop::Call on_due);
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  void arm(Time deadline);  // kNever disarms; an earlier deadline is replaced.
  void disarm() { arm(kNever); }
  bool is_armed() const { return position != kNowhere; }

 private:
  friend class EventLoop;

  EventLoop& loop_;
  EventLoop::Call on_due_;
};

}  // namespace parley::io
