#pragma once

#include <concepts>
#include <functional>
#include <span>
#include <utility>
#include <variant>

#include "base/bytes.h"
#include "base/sans_io.h"
#include "base/time.h"
#include "io/event_loop.h"
#include "io/lifeline.h"
#include "io/path_sockets.h"
#include "io/server_streams.h"
#include "net/path.h"

namespace parley::io {

// Runs an engine on a loop: after each thing that happens to it, all that it has to say is heard,
// and its next deadline is set. The engine outlives the driver.
template <SansIo Engine>
class Driver {
 public:
  using Output = typename Engine::Output;
  using OnOutput = std::move_only_function<void(Output)>;

  // Who is told may destroy the driver, as the last act of the call.
  Driver(EventLoop& loop, Engine& engine, OnOutput on_output)
      : loop_(loop), engine_(engine), on_output_(std::move(on_output)), timer_(loop, [this] {
          engine_.handle_timeout(loop_.now());
          settle();
        }) {}

  void handle_input(typename Engine::Input input) {
    engine_.handle_input(loop_.now(), std::move(input));
    settle();
  }

  // After each command to the engine, the first ones included. May be called by who is told of an
  // output: what the command brought is told after it has returned.
  void settle() {
    if (std::exchange(settling_, true)) return;
    Lifeline::Guard guard(lifeline_);
    while (auto output = engine_.poll_output()) {
      on_output_(*std::move(output));
      if (!guard.alive()) return;
    }
    settling_ = false;
    timer_.arm(engine_.next_deadline());
  }

  Engine& engine() { return engine_; }
  Time now() const { return loop_.now(); }

 private:
  EventLoop& loop_;
  Engine& engine_;
  OnOutput on_output_;
  Timer timer_;
  Lifeline lifeline_;
  bool settling_ = false;
};

// An engine whose packets travel on a net::Path, as those of peer::PeerConnection do.
template <class T>
concept PathEngine = SansIo<T> &&
    requires(net::Path path, std::span<std::uint8_t> packet, const typename T::Transmit& transmit) {
  {
    typename T::Input {
      path, packet
    }
    } -> std::same_as<typename T::Input>;
  { transmit.path } -> std::convertible_to<net::Path>;
  { transmit.payload } -> std::convertible_to<Bytes>;
};

// Runs such an engine over real sockets: open some, tell the engine their addresses, and all that
// it transmits leaves there, and all that comes there goes into it. What else it says is told.
//
//   io::EventLoop loop;
//   peer::PeerConnection pc(configuration, random, srtp);
//   io::PathDriver driver(loop, pc, [&](auto event) { std::visit(application, event); });
//   const auto address = driver.sockets().open_udp(interface);
//   pc.add_local_candidate(driver.now(), ice::Candidate::host(*address));
//   pc.set_remote_description(driver.now(), offer);
//   pc.set_local_description(driver.now());
//   driver.settle();
//   loop.run();
//
// TCP works too where the engine has the types ConnectTcp and CloseTcp, and it, or its ice(), the
// functions tcp_connected() and tcp_closed() of ice::Agent. So do TURN servers behind TCP, where it
// has ConnectServer, ToServer and CloseServer, server_connected(), server_data() and
// server_closed(); and behind TLS with ServerStreams::Config::secure.
template <PathEngine Engine>
class PathDriver final : private PathSockets::Handler, private ServerStreams::Handler {
 public:
  using Output = typename Engine::Output;
  using OnOutput = std::move_only_function<void(Output)>;

  PathDriver(EventLoop& loop, Engine& engine, OnOutput on_output, PathSockets::Config config = {},
             ServerStreams::Config servers = {})
      : on_output_(std::move(on_output)),
        sockets_(loop, *this, config),
        servers_(loop, *this, std::move(servers)),
        driver_(loop, engine, [this](Output output) { route(std::move(output)); }) {}

  PathSockets& sockets() { return sockets_; }
  Engine& engine() { return driver_.engine(); }
  Time now() const { return driver_.now(); }
  void settle() { driver_.settle(); }  // After each command to the engine; see Driver.

 private:
  template <class Event>
  static constexpr bool kConnects = requires {
    requires std::same_as<Event, typename Engine::ConnectTcp>;
  };
  template <class Event>
  static constexpr bool kCloses = requires {
    requires std::same_as<Event, typename Engine::CloseTcp>;
  };

  template <class Event>
  static constexpr bool kConnectsServer = requires {
    requires std::same_as<Event, typename Engine::ConnectServer>;
  };
  template <class Event>
  static constexpr bool kSendsToServer = requires {
    requires std::same_as<Event, typename Engine::ToServer>;
  };
  template <class Event>
  static constexpr bool kClosesServer = requires {
    requires std::same_as<Event, typename Engine::CloseServer>;
  };

  void route(Output output) {
    const bool was_ours = std::visit(
        [this]<class Event>(const Event& event) {
          if constexpr (std::same_as<Event, typename Engine::Transmit>) {
            sockets_.send(event.path, event.payload);
          } else if constexpr (kConnects<Event>) {
            sockets_.connect(event.path);
          } else if constexpr (kCloses<Event>) {
            sockets_.close(event.path);
          } else if constexpr (kConnectsServer<Event>) {
            servers_.connect(event.stream.value, event.address, event.tls, event.name);
          } else if constexpr (kSendsToServer<Event>) {
            servers_.send(event.stream.value, event.bytes);
          } else if constexpr (kClosesServer<Event>) {
            servers_.close(event.stream.value);
          } else {
            return false;
          }
          return true;
        },
        output);
    if (!was_ours) on_output_(std::move(output));
  }

  void on_packet(const net::Path& path, std::span<std::uint8_t> packet) override {
    driver_.handle_input({path, packet});
  }

  // Who decides about paths: the engine itself, or the agent that it shows, as peer::Transport
  // does.
  auto& agent() {
    if constexpr (requires { engine().ice(); }) {
      return engine().ice();
    } else {
      return engine();
    }
  }

  void on_connected(const net::Path& asked, const net::Path& actual) override {
    if constexpr (requires { agent().tcp_connected(now(), asked, actual); }) {
      agent().tcp_connected(now(), asked, actual);
      settle();
    }
  }

  void on_disconnected(const net::Path& path) override {
    if constexpr (requires { agent().tcp_closed(now(), path); }) {
      agent().tcp_closed(now(), path);
      settle();
    }
  }

  void on_server_connected(ServerStreams::Id id) override {
    if constexpr (requires { agent().server_connected(now(), {id}); }) {
      agent().server_connected(now(), {id});
      settle();
    }
  }

  // Of the engine itself: what is in it may be for another part than its agent.
  void on_server_data(ServerStreams::Id id, Bytes bytes) override {
    if constexpr (requires { engine().server_data(now(), {id}, bytes); }) {
      engine().server_data(now(), {id}, bytes);
      settle();
    }
  }

  void on_server_closed(ServerStreams::Id id) override {
    if constexpr (requires { agent().server_closed(now(), {id}); }) {
      agent().server_closed(now(), {id});
      settle();
    }
  }

  OnOutput on_output_;
  PathSockets sockets_;
  ServerStreams servers_;
  Driver<Engine> driver_;
};

}  // namespace parley::io
