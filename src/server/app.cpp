#include "server/app.h"

#include <utility>

#include "base/log.h"
#include "crypto/hash.h"
#include "io/clock.h"
#include "server/address_check.h"
#include "server/api/doctor_routes.h"
#include "server/calendar.h"
#include "server/config_file.h"
#include "server/echo_hook.h"
#include "server/embedded_web.h"
#include "server/engine_configs.h"
#include "server/listening.h"
#include "server/routes.h"
#include "store/sqlite.h"
#include "tls/context.h"
#include "tls/stream.h"

namespace parley::server {
namespace {

// While it drains: /readyz says so to load balancers, and clients hear it before they are cut off.
constexpr Duration kNotice = std::chrono::milliseconds{500};
constexpr Duration kDrainLimit = std::chrono::seconds{3};

// A certificate of the operator's is for the names that people type.
std::vector<std::string> page_names(const Config::Https& https) {
  return https.certificate.empty() ? std::vector<std::string>() : names_in(https.certificate);
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
  return Ground{.tls_files = *std::move(tls_files),
                .data_lock = *std::move(lock),
                .key = *key,
                .store = *std::move(store)};
}

App::App(io::EventLoop& loop, Config config, Ground ground)
    : loop_(loop),
      config_(std::move(config)),
      data_lock_(std::move(ground.data_lock)),
      storage_(loop, std::move(ground.store)),
      housekeeping_(loop, storage_, {.forget_rooms_after = config_.rooms.forget_after}),
      key_(ground.key),
      worker_threads_(workers_of(config_)),
      relay_(make_relay(config_, worker_threads_)),
      mixer_threads_(make_mixer_threads(config_)),
      media_(loop, worker_threads_, mixer_threads_.get(), media_config(config_)),
      origins_(config_.http.allowed_origins),
      identities_(ground.key),
      join_tokens_(ground.key),
      sessions_(loop, storage_, identities_),
      meeting_(loop, rooms_config(config_, crypto::derive_key(ground.key, "parley-resume")),
               random_, &storage_, &media_),
      io_(socketio_config(config_, origins_), random_),
      socketio_door_(io_, meeting_, ice_servers_, sessions_),
      ws_door_(meeting_, loop, ice_servers_, sessions_, {}),
      whip_door_(meeting_, ice_servers_, origins_, random_, {}),
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
      front_door_(make_front_door()),
      tls_(loop,
           ServerCertificate(config_.https, std::move(ground.tls_files),
                             names_of_this_host(config_)),
           random_,
           [this](std::shared_ptr<const tls::Context> loaded) {
             use_certificate(std::move(loaded));
           }),
      drain_timer_(loop, [this] { shut_down(std::move(on_drained_)); }) {}

App::~App() = default;

std::unique_ptr<FrontDoor> App::make_front_door() {
  if (!config_.single_port) return nullptr;
  FrontDoor::Behind behind;
  behind.http = [this](tls::Handover connection) { http_.adopt(std::move(connection)); };
  behind.relay = [this](tls::Handover connection, const net::SocketAddress& local) {
    relay_->adopt(std::move(connection), local);
  };
  behind.media = [this](tls::Handover connection, const net::SocketAddress& local) {
    media_.adopt(std::move(connection), local);
  };
  return std::make_unique<FrontDoor>(loop_, FrontDoorConfig(), std::move(behind));
}

void App::install() {
  meeting_.set_token_verifier(
      [this](std::string_view token) { return claim_of(join_tokens_.verify(token, unix_now())); });
  whip_door_.add_to(http_);
  add_routes(http_,
             {meeting_, ws_door_, whip_door_, origins_, io_, media_, relay_.get(),
              front_door_.get(), storage_, housekeeping_, accounts_.counters(), web_, draining_});
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
  reach_.public_address = config_.public_address;
  if (auto media = listen_media(); !media) return media;
  const HostAddresses host = HostAddresses::of_this_host();
  if (auto relay = listen_relay(host, *https_address); !relay) return relay;
  serve_media(host);
  return {};
}

std::expected<std::optional<net::SocketAddress>, std::string> App::listen_tls() {
  const bool relay = relay_ && config_.turn.enabled && config_.turn.tls.enabled;
  if (!config_.https.listen.enabled && !relay) return std::nullopt;
  if (auto loaded = tls_.load(); !loaded) return std::unexpected(std::move(loaded.error()));
  if (!config_.https.listen.enabled) return std::nullopt;
  const auto address =
      listen_or_move(config_.https.listen, "--https", [this](net::SocketAddress at) {
        return front_door_ ? front_door_->listen(at) : http_.listen_tls(at);
      });
  if (!address) return std::unexpected(address.error());
  return *address;
}

std::expected<void, std::string> App::listen_media() {
  if (config_.single_port) return {};
  const auto address = listen_or_move(config_.media.listen, "--media",
                                      [this](net::SocketAddress at) { return media_.listen(at); });
  if (!address) return std::unexpected(address.error());
  log::info("server", "media on {}, {} ports", address->to_string(), media_.ports().size());
  reach_.media = media_.ports();
  return {};
}

std::expected<void, std::string> App::listen_relay(const HostAddresses& host,
                                                   std::optional<net::SocketAddress> https) {
  if (!relay_) return {};
  const auto secrets = turn_secrets(config_, key_);
  const auto ports = start_relay(*relay_, config_, host, secrets, media_.ports(), https);
  if (!ports) return std::unexpected(ports.error());
  ice_servers_ = IceServers({.port = ports->plain,
                             .tls_port = ports->tls,
                             .turn = config_.turn.enabled,
                             .public_address = config_.public_address,
                             .lifetime = config_.turn.credential_lifetime,
                             .secret = secrets.front(),
                             .user_key = crypto::derive_key(key_, "parley-turn-user")});
  if (ports->plain != 0) reach_.stun = ports->plain;
  if (ports->tls != 0) reach_.turn_tls = ports->tls;
  reach_.single_port = config_.single_port;
  const auto media = static_cast<std::uint16_t>(worker_threads_.size());
  reach_.warnings = check_addresses(address_facts(config_, host, media, page_names(config_.https)));
  for (const std::string& warning : reach_.warnings) log::warning("server", "{}", warning);
  watch_host(host);
  return {};
}

// Whom the relay keeps away from: where it listens and relays stays as it is.
void App::watch_host(const HostAddresses& host) {
  host_watch_.emplace(loop_, host, [this](const HostAddresses& now) {
    const turn::PeerPolicyConfig policy = peer_policy(config_, now, {});
    relay_->set_host(policy.own, policy.neighbours);
    log::info("server",
              "this host has other addresses than before: the relay keeps peers from them, too");
  });
}

// With a single port STUN is there, and so is media.
void App::serve_media(const HostAddresses& host) {
  if (!config_.media.sfu) return;
  if (config_.single_port) media_.share(*relay_, *reach_.stun);
  const auto addresses = media_addresses(config_, host);
  for (const net::IpAddress& ip : addresses) {
    log::info("server", "meetings go over {}", ip.to_string());
  }
  media_.serve(addresses);
  reach_.media_addresses = addresses;
}

void App::use_certificate(std::shared_ptr<const tls::Context> certificate) {
  if (relay_) relay_->set_certificate(certificate);
  if (front_door_) front_door_->set_certificate(certificate);
  http_.set_certificate(std::move(certificate));
}

void App::reload() {
  if (config_.https.listen.enabled || relay_) tls_.reload();
  reload_secrets();
}

// Of the file, nothing else is read anew.
void App::reload_secrets() {
  if (!relay_ || config_.file.empty()) return;
  Config fresh;
  if (const auto applied = apply_file(config_.file, fresh); !applied) {
    return log::error("server", "turn.secrets stay as they were: {}", applied.error());
  }
  if (fresh.turn.secrets == config_.turn.secrets) return;
  config_.turn.secrets = std::move(fresh.turn.secrets);
  const auto secrets = turn_secrets(config_, key_);
  relay_->set_secrets(secrets);
  ice_servers_.set_secret(secrets.front());
  log::info("server", "took {} new turn.secrets; relayed calls go on", secrets.size());
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
  if (front_door_) front_door_->stop();
  io_.shut_down();
  http_.drain(loop_.now() + kDrainLimit, std::move(done));
}

}  // namespace parley::server
