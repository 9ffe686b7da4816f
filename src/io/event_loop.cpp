#include "io/event_loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "io/clock.h"
#include "io/fd.h"
#include "io/udp_memory.h"

namespace parley::io {
namespace {

constexpr std::size_t kReadBufferSize = 64 << 10;
constexpr std::size_t kEventsPerTurn = 256;

// Rounds of deferred calls and flushes at one turn's end. Enough for an answer that causes a flush
// that causes an answer; whoever goes on for ever shares the loop with the rest by then.
constexpr int kEndRounds = 4;

// Calls from other threads, and what wakes the loop for them.
class Mailbox {
 public:
  Mailbox() : event_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) { PARLEY_ASSERT(event_.is_open()); }

  int fd() const { return event_.get(); }

  void post(EventLoop::Call call) {
    bool was_empty;
    {
      const std::scoped_lock lock(mutex_);
      was_empty = calls_.empty();
      calls_.push_back(std::move(call));
    }
    if (was_empty) wake();  // Else someone has woken the loop, and it has not looked yet.
  }

  std::vector<EventLoop::Call> take() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(calls_, {});
  }

  // Async-signal-safe.
  void wake() {
    const int saved = errno;
    const std::uint64_t one = 1;
    // Fails only when the counter is full: then the loop is awake anyway.
    [[maybe_unused]] const auto written = ::write(event_.get(), &one, sizeof one);
    errno = saved;
  }

 private:
  Fd event_;  // Watched edge-triggered, so it need not be read.
  std::mutex mutex_;
  std::vector<EventLoop::Call> calls_;
};

int wait_in_milliseconds(int epoll, std::span<epoll_event> events, std::optional<Duration> wait) {
  const int timeout = wait ? static_cast<int>(std::min<Duration::rep>(
                                 std::chrono::ceil<std::chrono::milliseconds>(*wait).count(),
                                 std::numeric_limits<int>::max()))
                           : -1;
  return epoll_wait(epoll, events.data(), static_cast<int>(events.size()), timeout);
}

// Waits for events; nullopt waits for ever. Microseconds matter to pacers, so epoll_pwait2 where
// the kernel has it (5.11) and no sandbox forbids it.
std::span<epoll_event> wait_for(int epoll, std::span<epoll_event> events,
                                std::optional<Duration> wait) {
  static std::atomic<bool> precise = true;
  int count = -1;
  if (precise.load(std::memory_order_relaxed)) {
    timespec timeout = {};
    if (wait) {
      const auto seconds = std::chrono::floor<std::chrono::seconds>(*wait);
      timeout = {.tv_sec = seconds.count(),
                 .tv_nsec = std::chrono::nanoseconds(*wait - seconds).count()};
    }
    count = epoll_pwait2(epoll, events.data(), static_cast<int>(events.size()),
                         wait ? &timeout : nullptr, nullptr);
    if (count < 0 && (errno == ENOSYS || errno == EPERM)) precise = false;
  }
  if (!precise.load(std::memory_order_relaxed)) count = wait_in_milliseconds(epoll, events, wait);
  PARLEY_ASSERT(count >= 0 || errno == EINTR);
  return events.first(static_cast<std::size_t>(std::max(count, 0)));
}

// Nothing but a signal wakes us.
void sleep_until(Time time) {
  const Duration since = time.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  const timespec until = {.tv_sec = seconds.count(),
                          .tv_nsec = std::chrono::nanoseconds(since - seconds).count()};
  ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
}

}  // namespace

struct EventLoop::State final : Watcher {
  void on_ready(Readiness) override {}  // The mailbox woke us: it is emptied every turn.

  bool has_work_left() const { return !deferred.empty() || !turn_ends.empty(); }

  std::optional<Duration> time_to_wait(std::optional<Duration> longest) const {
    if (stop.load(std::memory_order_acquire) || has_work_left()) return Duration::zero();
    const Time deadline = timers.next_deadline();
    if (deadline == kNever) return longest;
    if (deadline <= now) return Duration::zero();
    const Duration rest = std::max(deadline - monotonic_now(), Duration::zero());
    return longest ? std::min(*longest, rest) : rest;
  }

  void run_turn(std::optional<Duration> longest_wait) {
    std::array<epoll_event, kEventsPerTurn> events;
    // A timer that is due may be so since for ever (kAtOnce).
    if (is_busy && !has_work_left() && timers.next_deadline() > now) {
      sleep_until(std::min(now + pause, timers.next_deadline()));
    }
    told = wait_for(epoll.get(), events, time_to_wait(longest_wait));
    const Time last = std::exchange(now, monotonic_now());
    is_busy = now - last < 2 * pause;
    tell_watchers();
    run_due_timers();
    for (Call& call : mailbox.take()) call();
    for (int round = 0; round < kEndRounds && has_work_left(); ++round) {
      running.swap(deferred);
      for (Call& call : running) call();
      running.clear();
      turn_ends.run();
    }
  }

  void tell_watchers() {
    while (!told.empty()) {
      const epoll_event event = told.front();
      told = told.subspan(1);
      auto* const watcher = static_cast<Watcher*>(event.data.ptr);
      if (watcher == nullptr) continue;  // Unwatched since the wait.
      watcher->on_ready({.readable = (event.events & EPOLLIN) != 0,
                         .writable = (event.events & EPOLLOUT) != 0,
                         .hang_up = (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0});
    }
  }

  // A timer that arms itself for now again comes in the next turn.
  void run_due_timers() {
    for (std::size_t left = timers.size(); left > 0; --left) {
      Timed* const timer = timers.take_due(now);
      if (timer == nullptr) return;
      static_cast<Timer*>(timer)->on_due_();
    }
  }

  void forget(const Watcher& watcher) {
    for (epoll_event& event : told) {
      if (event.data.ptr == &watcher) event.data.ptr = nullptr;
    }
  }

  Fd epoll{epoll_create1(EPOLL_CLOEXEC)};
  std::atomic<bool> stop = false;
  Duration pause = Duration::zero();
  bool is_busy = false;  // Turns come in quick succession.
  Time now = monotonic_now();
  Mailbox mailbox;
  DeadlineQueue timers;
  std::vector<Call> deferred;
  std::vector<Call> running;  // Those that are being called; two vectors that keep their memory.
  TurnEndList turn_ends;
  std::span<epoll_event> told;  // This turn's events that are yet to be handed out.
  std::unique_ptr<std::uint8_t[]> read_buffer{new std::uint8_t[kReadBufferSize]};
  std::unique_ptr<UdpMemory> udp_memory;
};

EventLoop::EventLoop() : state_(std::make_unique<State>()) {
  PARLEY_ASSERT(state_->epoll.is_open());
  watch(state_->mailbox.fd(), *state_);
}

// Calls that never ran go first: what they own may still unwatch itself.
EventLoop::~EventLoop() {
  state_->mailbox.take();
  std::exchange(state_->deferred, {}).clear();
}

void EventLoop::run() {
  while (!state_->stop.exchange(false, std::memory_order_acq_rel)) state_->run_turn(std::nullopt);
}

void EventLoop::stop() {
  state_->stop.store(true, std::memory_order_release);
  state_->mailbox.wake();
}

void EventLoop::set_pause(Duration pause) {
  state_->pause = pause;
}

void EventLoop::run_turn(Duration longest_wait) {
  state_->run_turn(longest_wait);
}

Time EventLoop::now() const {
  return state_->now;
}

void EventLoop::post(Call call) {
  state_->mailbox.post(std::move(call));
}

void EventLoop::defer(Call call) {
  state_->deferred.push_back(std::move(call));
}

void EventLoop::at_turn_end(TurnEnd& entry) {
  state_->turn_ends.add(entry);
}

// Registered once for all, so that neither a send nor a read ever costs an epoll_ctl().
void EventLoop::watch(int fd, Watcher& watcher) {
  watch(fd, watcher, EPOLLIN | EPOLLOUT | EPOLLRDHUP);
}

void EventLoop::watch_input(int fd, Watcher& watcher) {
  watch(fd, watcher, EPOLLIN | EPOLLRDHUP);
}

void EventLoop::watch(int fd, Watcher& watcher, std::uint32_t events) {
  epoll_event event = {};
  event.events = events | EPOLLET;
  event.data.ptr = &watcher;
  const int result = epoll_ctl(state_->epoll.get(), EPOLL_CTL_ADD, fd, &event);
  PARLEY_ASSERT(result == 0);
}

void EventLoop::unwatch(int fd, Watcher& watcher) {
  const int result = epoll_ctl(state_->epoll.get(), EPOLL_CTL_DEL, fd, nullptr);
  PARLEY_ASSERT(result == 0);
  state_->forget(watcher);
}

std::span<std::uint8_t> EventLoop::read_buffer() {
  return {state_->read_buffer.get(), kReadBufferSize};
}

UdpMemory& EventLoop::udp_memory() {
  if (!state_->udp_memory) state_->udp_memory = std::make_unique<UdpMemory>();
  return *state_->udp_memory;
}

Timer::Timer(EventLoop& loop, EventLoop::Call on_due) : loop_(loop), on_due_(std::move(on_due)) {}

Timer::~Timer() {
  disarm();
}

void Timer::arm(Time deadline) {
  loop_.state_->timers.set(*this, deadline);
}

}  // namespace parley::io
