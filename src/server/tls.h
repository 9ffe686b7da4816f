#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <string>

#include "base/random.h"
#include "io/event_loop.h"
#include "server/server_certificate.h"
#include "tls/context.h"

namespace parley::server {

// Keeps the certificate fresh: loaded at the start, anew when asked to, and twice a day, so that
// one that was renewed comes into use; and passes it on to all who serve with it.
class Tls {
 public:
  using Use = std::move_only_function<void(std::shared_ptr<const tls::Context>)>;

  Tls(io::EventLoop& loop, ServerCertificate certificate, Random& random, Use use);

  // The error is a sentence for the operator; the server then goes on with what it had.
  std::expected<void, std::string> load();

  // The same, with the error in the log.
  void reload();

 private:
  io::EventLoop& loop_;
  ServerCertificate certificate_;
  Random& random_;
  Use use_;
  io::Timer timer_;
};

}  // namespace parley::server
