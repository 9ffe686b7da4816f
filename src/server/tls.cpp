#include "server/tls.h"

#include <utility>

#include "base/log.h"
#include "io/clock.h"

namespace parley::server {
namespace {

constexpr Duration kReload = std::chrono::hours{12};

}  // namespace

Tls::Tls(io::EventLoop& loop, http::Server& http, ServerCertificate certificate, Random& random)
    : loop_(loop),
      http_(http),
      certificate_(std::move(certificate)),
      random_(random),
      timer_(loop, [this] { reload(); }) {}

std::expected<void, std::string> Tls::load() {
  timer_.arm(loop_.now() + kReload);
  auto files = certificate_.files(io::wall_now(), random_);
  if (!files) return std::unexpected(std::move(files.error()));
  auto loaded = http_.load_certificate(files->chain, files->key);
  if (loaded || !certificate_.is_self_made()) return loaded;
  // Of two files that we made, one is not of the other: nothing is lost by making them anew.
  files = certificate_.make(io::wall_now(), random_);
  if (!files) return std::unexpected(std::move(files.error()));
  return http_.load_certificate(files->chain, files->key);
}

void Tls::reload() {
  if (const auto loaded = load(); !loaded) {
    log::error("server", "the certificate stays as it was: {}", loaded.error());
  } else {
    log::info("server", "loaded the certificate");
  }
}

}  // namespace parley::server
