#pragma once

#include "http/server.h"

namespace parley::server {

// A raw WebSocket at /echo that sends every message back as it came, for the public test suite of
// the WebSocket protocol. With --test-hooks only.
void install_echo(http::Server& http);

}  // namespace parley::server
