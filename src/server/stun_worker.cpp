#include "server/stun_worker.h"

#include <utility>

#include "crypto/system_random.h"

namespace parley::server {

std::expected<std::unique_ptr<StunWorker>, std::string> StunWorker::start(
    const net::SocketAddress& address, StunService::Config config) {
  std::unique_ptr<StunWorker> worker(new StunWorker());
  std::string error;
  worker->thread_.run_there([&] {
    crypto::SystemRandom random;
    auto service = StunService::start(worker->thread_.loop(), address, std::move(config), random);
    if (service) {
      worker->service_ = *std::move(service);
      worker->address_ = worker->service_->address();
    } else {
      error = std::move(service.error());
    }
  });
  if (!error.empty()) return std::unexpected(std::move(error));
  return worker;
}

StunWorker::~StunWorker() {
  thread_.run_there([this] { service_.reset(); });
}

StunService::Counters StunWorker::counters() {
  StunService::Counters counters;
  thread_.run_there([&] { counters = service_->counters(); });
  return counters;
}

}  // namespace parley::server
