#include "server/engine_configs.h"

#include "io/clock.h"
#include "server/ice_servers.h"
#include "socketio/test_hooks.h"

namespace parley::server {
namespace {

// docs/protocol.md: one event. Its JSON is a little longer than what it holds.
constexpr std::size_t kMaxEventBytes = 128 << 10;

std::size_t size(std::int64_t checked) {
  return static_cast<std::size_t>(checked);
}

// An allocation has a permission for each address at which its peer may be: some twenty where
// networks and protocols are many.
turn::QuotaLimits quota(std::int64_t allocations, std::int64_t mbit) {
  return {.allocations = size(allocations),
          .permissions = 20 * size(allocations),
          .bandwidth = DataRate::mbps(mbit)};
}

}  // namespace

http::ServerConfig http_config(const Config& config) {
  return {.max_queued_bytes = size(config.http.max_queued_bytes),
          .max_connections = size(config.http.max_connections),
          .max_connections_per_address = size(config.http.max_connections_per_address),
          .idle_timeout = config.http.idle_timeout,
          .trusted_proxies = config.http.trusted_proxies};
}

meeting::RoomsConfig rooms_config(const Config& config, const meeting::ResumeTokens::Key& key) {
  using std::chrono::milliseconds;
  const UnixMillis unix_now = std::chrono::floor<milliseconds>(io::wall_now());
  const auto loop_now = std::chrono::floor<milliseconds>(io::monotonic_now().time_since_epoch());
  return {.max_rooms = size(config.rooms.max_rooms),
          .max_participants = size(config.rooms.max_participants),
          .max_mesh_participants = size(config.rooms.max_mesh_participants),
          .max_waiting = size(config.rooms.max_waiting),
          .max_stage = size(config.rooms.max_stage),
          .guests = config.auth.guests,
          .grace = config.rooms.grace,
          .resume = config.rooms.resume,
          .topology = {.media = config.media.sfu,
                       .one_stream = config.media.mixers > 0,
                       .mesh_limit = size(config.rooms.mesh_limit)},
          .events = {.per_second = static_cast<double>(config.rooms.events_per_second),
                     .burst = static_cast<double>(config.rooms.events_burst)},
          .key = key,
          .unix_time_at_zero = unix_now - loop_now,
          .started = unix_now};
}

socketio::Config socketio_config(const Config& config, const OriginPolicy& origins) {
  socketio::Config result;
  if (config.test_hooks) {
    result = socketio::test_hooks::config();
  } else {
    result.engine.max_http_buffer_size = kMaxEventBytes;
    // Whoever Socket.IO brings back finds the place that the meeting has kept.
    result.recovery = {.max_disconnection = config.rooms.grace};
  }
  result.engine.max_queued_bytes = size(config.http.max_queued_bytes);
  result.engine.max_sessions = size(config.http.max_connections);
  result.engine.cors.origins = config.http.allowed_origins;
  result.engine.allow_request = [&origins](const http::Request& request) {
    return origins.allows(request);
  };
  result.engine.kept_headers = {"cookie"};  // It says who is logged in.
  return result;
}

MediaConfig media_config(const Config& config) {
  return {.room_share = size(config.media.room_share),
          .rooms_in_metrics = size(config.media.rooms_in_metrics)};
}

// A client over TCP costs a connection for each allocation.
RelayConfig relay_config(const Config& config) {
  return {.max_streams = size(config.turn.max_allocations),
          .max_streams_per_address = size(config.turn.address_allocations)};
}

turn::ServerConfig turn_config(const Config& config, const HostAddresses& host,
                               std::vector<std::string> secrets) {
  const Config::Turn& turn = config.turn;
  return {.realm = turn.realm,
          .users = turn.users,
          .secrets = std::move(secrets),
          .relay_hosts = relay_hosts(config, host),
          .first_port = static_cast<std::uint16_t>(turn.first_port),
          .last_port = static_cast<std::uint16_t>(turn.last_port),
          .peers = peer_policy(config, host, {}),
          .tcp = turn.tcp,
          .guest_prefix = std::string(kPageUser),
          .max_allocations = size(turn.max_allocations),
          .quotas = {.user = quota(turn.user_allocations, turn.user_mbit),
                     .address = quota(turn.address_allocations, turn.address_mbit)}};
}

}  // namespace parley::server
