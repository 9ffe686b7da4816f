#include "server/app.h"

#include <utility>

#include "base/log.h"
#include "crypto/hash.h"
#include "io/clock.h"
#include "server/api/doctor_routes.h"
#include "server/calendar.h"
#include "server/echo_hook.h"
#include "server/embedded_web.h"
#include "server/engine_configs.h"
#include "server/listening.h"
#include "server/routes.h"
#include "store/sqlite.h"

namespace parley::server {
namespace {

// While it drains: /readyz says so to load balancers, and clients hear it before they are cut off.
constexpr Duration kNotice = std::chrono::milliseconds{500};
constexpr Duration kDrainLimit = std::chrono::seconds{3};

// Null where STUN is off.
std::expected<std::unique_ptr<StunWorker>, std::string> start_stun(const Config& config) {
  std::unique_ptr<StunWorker> worker;
  if (!config.stun.listen.enabled) return worker;
  const auto address =
      listen_or_move(config.stun.listen, "--stun",
                     [&](net::SocketAddress at) -> std::expected<net::SocketAddress, std::string> {
                       auto started = StunWorker::start(at, {});
                       if (!started) return std::unexpected(std::move(started.error()));
                       worker = *std::move(started);
                       return worker->address();
                     });
  if (!address) return std::unexpected(address.error());
  log::info("server", "STUN on {}", address->to_string());
  return worker;
}

IceServers ice_servers(const Config& config, const DataDirectory::SecretKey& key,
                       std::uint16_t port) {
  return IceServers({.port = port,
                     .public_address = config.public_address,
                     .lifetime = config.turn.credential_lifetime,
                     .user_key = crypto::derive_key(key, "parley-turn-user")});
}

// What a join token says, as the meeting hears it.
std::optional<meeting::JoinClaim> claim_of(
    std::expected<account::JoinGrant, account::Jwt::Problem> grant) {
  if (!grant) return std::nullopt;
  return meeting::JoinClaim{.room = std::move(grant->room),
                            .room_id = grant->room_id,
                            .name = std::move(grant->name),
                            .role = grant->role,
                            .permissions = grant->permissions};
}

}  // namespace

std::expected<std::unique_ptr<App>, std::string> App::start(io::EventLoop& loop, Config config) {
  crypto::SystemRandom random;
  auto ground = prepare(config, random);
  if (!ground) return std::unexpected(std::move(ground.error()));
  for (const std::string& key : config.unused) {
    log::warning("server", "{} is set, and has no effect yet", key);
  }
  std::unique_ptr<App> app(new App(loop, std::move(config), *std::move(ground)));
  app->install();
  if (auto listening = app->listen(); !listening) {
    return std::unexpected(std::move(listening.error()));
  }
  return app;
}

std::expected<App::Ground, std::string> App::prepare(const Config& config, Random& random) {
  auto data = DataDirectory::open(config.data);
  if (!data) return std::unexpected(std::move(data.error()));
  auto lock = data->lock();
  if (!lock) return std::unexpected(std::move(lock.error()));
  const auto key = data->secret_key(random);
  if (!key) return std::unexpected(key.error());
  auto store = store::open_sqlite(database_file(config.data));
  if (!store) return std::unexpected(std::move(store.error()));
  auto tls_files = data->subdirectory("tls");
  if (!tls_files) return std::unexpected(std::move(tls_files.error()));
  auto stun = start_stun(config);
  if (!stun) return std::unexpected(std::move(stun.error()));
  const std::uint16_t stun_port = *stun ? (*stun)->address().port : std::uint16_t{0};
  return Ground{.tls_files = *std::move(tls_files),
                .data_lock = *std::move(lock),
                .key = *key,
                .store = *std::move(store),
                .stun = *std::move(stun),
                .ice_servers = ice_servers(config, *key, stun_port)};
}

App::App(io::EventLoop& loop, Config config, Ground ground)
    : loop_(loop),
      config_(std::move(config)),
      data_lock_(std::move(ground.data_lock)),
      storage_(loop, std::move(ground.store)),
      housekeeping_(loop, storage_, {.forget_rooms_after = config_.rooms.forget_after}),
      stun_(std::move(ground.stun)),
      ice_servers_(std::move(ground.ice_servers)),
      origins_(config_.http.allowed_origins),
      identities_(ground.key),
      join_tokens_(ground.key),
      sessions_(loop, storage_, identities_),
      meeting_(loop, rooms_config(config_, crypto::derive_key(ground.key, "parley-resume")),
               random_, &storage_),
      io_(socketio_config(config_, origins_), random_),
      socketio_door_(io_, meeting_, ice_servers_, sessions_),
      ws_door_(meeting_, loop, ice_servers_, sessions_, {}),
      accounts_({.loop = loop,
                 .storage = storage_,
                 .meeting = meeting_,
                 .origins = origins_,
                 .identities = identities_,
                 .join_tokens = join_tokens_,
                 .random = random_,
                 .settings = config_.auth}),
      web_(embedded_web(), web_config()),
      http_(loop, http_config(config_)),
      tls_(loop,
           ServerCertificate(config_.https, std::move(ground.tls_files),
                             names_of_this_host(config_)),
           random_,
           [this](std::shared_ptr<const tls::Context> loaded) {
             http_.set_certificate(std::move(loaded));
           }),
      drain_timer_(loop, [this] { shut_down(std::move(on_drained_)); }) {}

App::~App() = default;

void App::install() {
  meeting_.set_token_verifier(
      [this](std::string_view token) { return claim_of(join_tokens_.verify(token, unix_now())); });
  add_routes(http_, {meeting_, ws_door_, origins_, io_, stun_.get(), storage_, housekeeping_,
                     accounts_.counters(), web_, draining_});
  accounts_.serve(http_);
  add_doctor_routes(accounts_.api(), ice_servers_, reach_);
  io_.attach(http_, loop_);
  if (!config_.test_hooks) return;
  log::warning("server", "--test-hooks is on: anybody may connect and is answered. Not for use.");
  socketio::test_hooks::install(io_);
  echo_.emplace(socketio::test_hooks::config().engine, random_);
  echo_->attach(http_, loop_);
  install_echo(http_);
}

std::expected<void, std::string> App::listen() {
  auto address = listen_or_fail(config_.http.listen, "--listen",
                                [this](net::SocketAddress at) { return http_.listen(at); });
  if (!address) return std::unexpected(std::move(address.error()));
  http_address_ = *address;
  auto https_address = listen_tls();
  if (!https_address) return std::unexpected(std::move(https_address.error()));
  log_links(http_address_, *https_address);
  reach_.http = http_address_.port;
  if (*https_address) reach_.https = (*https_address)->port;
  if (stun_) reach_.stun = stun_->address().port;
  reach_.public_address = config_.public_address;
  return {};
}

std::expected<std::optional<net::SocketAddress>, std::string> App::listen_tls() {
  if (!config_.https.listen.enabled) return std::nullopt;
  if (auto loaded = tls_.load(); !loaded) return std::unexpected(std::move(loaded.error()));
  const auto address =
      listen_or_move(config_.https.listen, "--https",
                     [this](net::SocketAddress at) { return http_.listen_tls(at); });
  if (!address) return std::unexpected(address.error());
  return *address;
}

void App::reload() {
  if (config_.https.listen.enabled) tls_.reload();
}

void App::drain(std::move_only_function<void()> done) {
  if (std::exchange(draining_, true)) return;
  log::info("server", "draining");
  meeting_.close("The server is restarting.");
  on_drained_ = std::move(done);
  const bool anybody = http_.counters().open_connections > 0;
  drain_timer_.arm(loop_.now() + (anybody ? kNotice : Duration()));
}

void App::shut_down(std::move_only_function<void()> done) {
  io_.shut_down();
  http_.drain(loop_.now() + kDrainLimit, std::move(done));
}

}  // namespace parley::server
