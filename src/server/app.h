#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "crypto/system_random.h"
#include "http/server.h"
#include "http/static_files.h"
#include "io/event_loop.h"
#include "io/fd.h"
#include "net/address.h"
#include "server/accounts.h"
#include "server/config.h"
#include "server/data_directory.h"
#include "server/front_door.h"
#include "server/host_watch.h"
#include "server/housekeeping.h"
#include "server/ice_servers.h"
#include "server/identities.h"
#include "server/media/media_workers.h"
#include "server/meeting_binding.h"
#include "server/meeting_socketio.h"
#include "server/meeting_ws.h"
#include "server/origin_policy.h"
#include "server/reach.h"
#include "server/relay/relay_workers.h"
#include "server/relay_start.h"
#include "server/session_watch.h"
#include "server/storage.h"
#include "server/tls.h"
#include "server/whip/whip_door.h"
#include "server/worker_threads.h"
#include "socketio/server.h"
#include "socketio/test_hooks.h"

namespace parley::server {

// The whole server: it owns every object, and decides nothing. The order of the members is the
// order of dependence; the http::Server goes first, and with it all connections.
class App {
 public:
  // Makes everything and listens. The error is a sentence for the operator.
  static std::expected<std::unique_ptr<App>, std::string> start(io::EventLoop& loop, Config config);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  // Where HTTP is served, with the port that was taken.
  const net::SocketAddress& http_address() const { return http_address_; }

  // SIGHUP: the certificate and the relay's secrets anew.
  void reload();

  // Takes nobody in any more, tells everyone, and calls `done` when all are gone, or after a few
  // seconds.
  void drain(std::move_only_function<void()> done);

 private:
  // What must be there before the rest can be made.
  struct Ground {
    DataDirectory tls_files;
    io::Fd data_lock = {};
    DataDirectory::SecretKey key = {};
    std::unique_ptr<store::Store> store = {};
  };
  static std::expected<Ground, std::string> prepare(const Config& config, Random& random);

  App(io::EventLoop& loop, Config config, Ground ground);

  std::unique_ptr<FrontDoor> make_front_door();
  void install();
  std::expected<void, std::string> listen();
  // Nothing where HTTPS is off.
  std::expected<std::optional<net::SocketAddress>, std::string> listen_tls();
  std::expected<void, std::string> listen_media();
  std::expected<void, std::string> listen_relay(const HostAddresses& host,
                                                std::optional<net::SocketAddress> https);
  void serve_media(const HostAddresses& host);
  void watch_host(const HostAddresses& host);
  void use_certificate(std::shared_ptr<const tls::Context> certificate);
  void reload_secrets();
  void shut_down(std::move_only_function<void()> done);

  io::EventLoop& loop_;
  Config config_;
  crypto::SystemRandom random_;
  io::Fd data_lock_;
  Storage storage_;
  Housekeeping housekeeping_;
  DataDirectory::SecretKey key_;
  WorkerThreads worker_threads_;
  std::unique_ptr<RelayWorkers> relay_;           // Null where it is off.
  std::unique_ptr<WorkerThreads> mixer_threads_;  // Null: nothing is mixed.
  MediaWorkers media_;
  std::optional<HostWatch> host_watch_;
  IceServers ice_servers_;
  Reach reach_;  // Complete once listen() is over.
  bool draining_ = false;
  OriginPolicy origins_;
  Identities identities_;
  account::JoinTokens join_tokens_;
  SessionWatch sessions_;
  MeetingBinding meeting_;
  socketio::Server io_;
  MeetingSocketio socketio_door_;
  MeetingWs ws_door_;
  WhipDoor whip_door_;
  Accounts accounts_;
  std::optional<socketio::test_hooks::Echo> echo_;
  http::StaticFiles web_;
  http::Server http_;
  std::unique_ptr<FrontDoor> front_door_;  // Null unless there is a single port.
  Tls tls_;
  net::SocketAddress http_address_ = {};
  io::Timer drain_timer_;
  std::move_only_function<void()> on_drained_;
};

}  // namespace parley::server
