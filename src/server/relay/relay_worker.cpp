#include "server/relay/relay_worker.h"

#include <fmt/core.h>

namespace parley::server {

RelayWorker::RelayWorker(const RelayConfig& config, io::PortShare share)
    : thread_(fmt::format("parley-relay-{}", share.index)) {
  thread_.run_there([&] {
    thread_.loop().set_pause(config.pause);
    service_ = std::make_unique<RelayService>(thread_.loop(), config, share, random_);
  });
}

RelayWorker::~RelayWorker() {
  thread_.run_there([this] { service_.reset(); });
}

}  // namespace parley::server
