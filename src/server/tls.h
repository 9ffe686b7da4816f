#pragma once

#include <expected>
#include <string>

#include "base/random.h"
#include "http/server.h"
#include "io/event_loop.h"
#include "server/server_certificate.h"

namespace parley::server {

// Keeps the http::Server's certificate fresh: loaded at the start, anew when asked to, and twice a
// day, so that one that was renewed comes into use.
class Tls {
 public:
  Tls(io::EventLoop& loop, http::Server& http, ServerCertificate certificate, Random& random);

  // The error is a sentence for the operator; the server then goes on with what it had.
  std::expected<void, std::string> load();

  // The same, with the error in the log.
  void reload();

 private:
  io::EventLoop& loop_;
  http::Server& http_;
  ServerCertificate certificate_;
  Random& random_;
  io::Timer timer_;
};

}  // namespace parley::server
