#include "io/signals.h"

#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <utility>

#include "base/assert.h"

namespace parley::io {

Signals::Signals(EventLoop& loop, std::initializer_list<int> signals, Handler handler)
    : loop_(loop), handler_(std::move(handler)) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  pthread_sigmask(SIG_BLOCK, &set, &before_);
  ::signal(SIGPIPE, SIG_IGN);
  fd_.reset(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
  PARLEY_ASSERT(fd_.is_open());
  loop_.watch(fd_.get(), *this);
}

Signals::~Signals() {
  loop_.unwatch(fd_.get(), *this);
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void Signals::on_ready(Readiness) {
  signalfd_siginfo info;
  while (::read(fd_.get(), &info, sizeof info) == sizeof info) {
    handler_(static_cast<int>(info.ssi_signo));
  }
}

}  // namespace parley::io
