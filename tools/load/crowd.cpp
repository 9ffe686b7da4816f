#include "load/crowd.h"

#include <fmt/format.h>

#include <utility>

#include "crypto/system_random.h"
#include "io/clock.h"
#include "io/loop_thread.h"

namespace parley::load {

// What lives on its loop is made and destroyed there.
struct Crowd::Worker {
  explicit Worker(std::size_t index) : thread(fmt::format("load-{}", index)) {
    thread.run_there([this] {
      provider = srtp::Provider::make();
      shared.emplace(Shared{.loop = thread.loop(),
                            .random = random,
                            .srtp = *provider,
                            .certificate = dtls::Certificate::make(io::wall_now(), random)});
    });
  }
  ~Worker() {
    thread.run_there([this] {
      members.clear();
      shared.reset();
      provider.reset();
    });
  }

  io::LoopThread thread;
  crypto::SystemRandom random;
  std::unique_ptr<srtp::Provider> provider;
  std::optional<Shared> shared;
  std::vector<std::unique_ptr<Member>> members;
};

Crowd::Crowd(std::size_t threads) {
  for (std::size_t i = 0; i < threads; ++i) workers_.push_back(std::make_unique<Worker>(i));
}

Crowd::~Crowd() = default;

void Crowd::add(Make make) {
  Worker& worker = *workers_[members_++ % workers_.size()];
  worker.thread.loop().post([&worker, make = std::move(make)]() mutable {
    worker.members.push_back(make(*worker.shared));
    worker.members.back()->start();
  });
}

void Crowd::begin_measurement() {
  for (const auto& worker : workers_) {
    worker->thread.run_there([&worker = *worker] {
      for (const auto& member : worker.members) member->begin_measurement();
    });
  }
}

std::vector<Member::Summary> Crowd::summaries() {
  std::vector<Member::Summary> summaries(members_);
  for (std::size_t index = 0; index < workers_.size(); ++index) {
    Worker& worker = *workers_[index];
    worker.thread.run_there([&, index] {
      for (std::size_t i = 0; i < worker.members.size(); ++i) {
        summaries[index + i * workers_.size()] = worker.members[i]->summary();
      }
    });
  }
  return summaries;
}

void Crowd::leave() {
  for (const auto& worker : workers_) {
    worker->thread.run_there([&worker = *worker] {
      for (const auto& member : worker.members) member->leave();
    });
  }
}

}  // namespace parley::load
