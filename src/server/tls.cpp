#include "server/tls.h"

#include <utility>

#include "base/log.h"
#include "io/clock.h"

namespace parley::server {
namespace {

constexpr Duration kReload = std::chrono::hours{12};

}  // namespace

Tls::Tls(io::EventLoop& loop, ServerCertificate certificate, Random& random, Use use)
    : loop_(loop),
      certificate_(std::move(certificate)),
      random_(random),
      use_(std::move(use)),
      timer_(loop, [this] { reload(); }) {}

std::expected<void, std::string> Tls::load() {
  timer_.arm(loop_.now() + kReload);
  auto files = certificate_.files(io::wall_now(), random_);
  if (!files) return std::unexpected(std::move(files.error()));
  auto loaded = tls::Context::for_server(files->chain, files->key);
  if (!loaded && certificate_.is_self_made()) {
    // Of two files that we made, one is not of the other: nothing is lost by making them anew.
    files = certificate_.make(io::wall_now(), random_);
    if (!files) return std::unexpected(std::move(files.error()));
    loaded = tls::Context::for_server(files->chain, files->key);
  }
  if (!loaded) return std::unexpected(std::move(loaded.error()));
  use_(*std::move(loaded));
  return {};
}

void Tls::reload() {
  if (const auto loaded = load(); !loaded) {
    log::error("server", "the certificate stays as it was: {}", loaded.error());
  } else {
    log::info("server", "loaded the certificate");
  }
}

}  // namespace parley::server
