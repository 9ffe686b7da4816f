#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "io/server_streams.h"
#include "tls/context.h"

namespace parley::tls {

// What io::ServerStreams::Config::secure wants to be: TLS to TURN servers (RFC 7443's ALPN), whose
// certificates `context` believes. A server that it does not believe is one that has closed.
std::function<
    std::unique_ptr<io::ServerStreams::Link>(io::EventLoop&, io::Fd, const net::SocketAddress&,
                                             const std::string&, io::ServerStreams::LinkHandler&)>
secure_by(std::shared_ptr<const Context> context, std::size_t max_queued = 512 << 10);

}  // namespace parley::tls
