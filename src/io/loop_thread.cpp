#include "io/loop_thread.h"

#include <pthread.h>

#include <latch>
#include <utility>

#include "base/assert.h"

namespace parley::io {

LoopThread::LoopThread(std::string name)
    : thread_([this, name = std::move(name)] {
        pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
        loop_.run();
      }) {}

LoopThread::~LoopThread() {
  loop_.stop();
}

void LoopThread::run_there(EventLoop::Call call) {
  PARLEY_ASSERT(std::this_thread::get_id() != thread_.get_id());
  std::latch done(1);
  loop_.post([&] {
    call();
    done.count_down();
  });
  done.wait();
}

}  // namespace parley::io
