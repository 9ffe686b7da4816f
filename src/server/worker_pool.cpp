#include "server/worker_pool.h"

#include <pthread.h>

#include "base/assert.h"

namespace parley::server {

WorkerPool::WorkerPool(io::EventLoop& loop, Config config) : loop_(loop), config_(config) {
  for (std::size_t i = 0; i < config_.threads; ++i) {
    threads_.emplace_back([this](std::stop_token stop) { work(std::move(stop)); });
    pthread_setname_np(threads_.back().native_handle(), "parley-work");
  }
}

WorkerPool::~WorkerPool() {
  *open_ = false;
  for (std::jthread& thread : threads_) thread.request_stop();
  threads_.clear();
}

bool WorkerPool::has_room() {
  const std::lock_guard lock(mutex_);
  return waiting_.size() < config_.max_waiting;
}

void WorkerPool::push(Call call) {
  {
    const std::lock_guard lock(mutex_);
    PARLEY_ASSERT(waiting_.size() < config_.max_waiting);
    waiting_.push_back(std::move(call));
  }
  filled_.notify_one();
}

void WorkerPool::post(Call call) {
  loop_.post([open = open_, call = std::move(call)]() mutable {
    if (*open) call();
  });
}

void WorkerPool::work(std::stop_token stop) {
  for (;;) {
    std::unique_lock lock(mutex_);
    if (!filled_.wait(lock, stop, [this] { return !waiting_.empty(); })) return;
    if (stop.stop_requested()) return;
    Call call = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    call();
  }
}

}  // namespace parley::server
