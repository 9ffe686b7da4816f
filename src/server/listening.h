#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "net/address.h"
#include "server/config.h"

namespace parley::server {

using ListenCall =
    std::move_only_function<std::expected<net::SocketAddress, std::string>(net::SocketAddress)>;

// Listens where the operator asked; a failure is then the end. Where it is only the default that is
// taken (a second server on one computer), a free port does as well, and the log says so. `flag`
// is what to set. Not for the port that people type: see listen_or_fail().
std::expected<net::SocketAddress, std::string> listen_or_move(const Config::Listen& listen,
                                                              std::string_view flag,
                                                              ListenCall call);

// Listens there or nowhere.
std::expected<net::SocketAddress, std::string> listen_or_fail(const Config::Listen& listen,
                                                              std::string_view flag,
                                                              ListenCall call);

// Tells the operator where to point the browser.
void log_links(const net::SocketAddress& http, const std::optional<net::SocketAddress>& https);

}  // namespace parley::server
