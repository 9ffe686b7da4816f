#pragma once

#include "http/server.h"
#include "meeting/rooms.h"
#include "server/config.h"
#include "server/media/media_config.h"
#include "server/origin_policy.h"
#include "server/relay/relay_config.h"
#include "server/relay_addresses.h"
#include "socketio/config.h"
#include "turn/server_config.h"

// What each part is told of the operator's configuration.
namespace parley::server {

http::ServerConfig http_config(const Config& config);
meeting::RoomsConfig rooms_config(const Config& config, const meeting::ResumeTokens::Key& key);
// `origins` outlives the server that is made of it.
socketio::Config socketio_config(const Config& config, const OriginPolicy& origins);
MediaConfig media_config(const Config& config);
RelayConfig relay_config(const Config& config);
// Of each worker.
turn::ServerConfig turn_config(const Config& config, const HostAddresses& host,
                               std::vector<std::string> secrets);

}  // namespace parley::server
