#include "server/storage.h"

#include <pthread.h>

#include <algorithm>

#include "io/clock.h"

namespace parley::server {

Storage::Storage(io::EventLoop& loop, std::unique_ptr<store::Store> store, StorageConfig config)
    : loop_(loop), store_(std::move(store)), config_(config), thread_([this] { work(); }) {}

Storage::~Storage() {
  *alive_ = false;
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Storage::queue(std::unique_ptr<Task> task) {
  ++counters_.jobs;
  if (counters_.queued >= config_.max_queued) {
    ++counters_.refused;
    loop_.post([alive = alive_, task = std::move(task)] {
      if (*alive) task->finish();
    });
    return;
  }
  ++counters_.queued;
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(task));
  }
  changed_.notify_one();
}

void Storage::work() {
  pthread_setname_np(pthread_self(), "parley-store");
  for (;;) {
    Batch batch = next_batch();
    if (batch.empty()) return;
    carry_out(std::move(batch));
  }
}

Storage::Batch Storage::next_batch() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return ending_ || !queue_.empty(); });
  Batch batch;
  while (!queue_.empty() && batch.size() < config_.max_in_a_commit) {
    batch.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return batch;
}

void Storage::carry_out(Batch batch) {
  const Time began = io::monotonic_now();
  const auto kept = store_->transaction([&]() -> store::Result<void> {
    for (const auto& task : batch) task->run(*store_);
    return {};
  });
  if (!kept) std::ranges::for_each(batch, [](const auto& task) { task->fail(); });
  const auto took = io::monotonic_now() - began;
  loop_.post([this, alive = alive_, batch = std::move(batch), took] {
    if (*alive) finish(batch, took);
  });
}

void Storage::finish(const Batch& batch, std::chrono::microseconds took) {
  ++counters_.commits;
  counters_.busy += took;
  counters_.queued -= batch.size();
  const std::shared_ptr<bool> alive = alive_;
  for (const auto& task : batch) {
    if (task->failed()) ++counters_.unavailable;
    task->finish();
    if (!*alive) return;
  }
}

}  // namespace parley::server
