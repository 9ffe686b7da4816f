#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <variant>

#include "base/log.h"
#include "io/event_loop.h"
#include "io/signals.h"
#include "server/app.h"
#include "server/command_line.h"

namespace {

using namespace parley;

// A descriptor a client: as many as the system lets us have.
void raise_descriptor_limit() {
  rlimit limit = {};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

// The first request to end drains; a second does not wait.
void on_signal(int signal, server::App* app, io::EventLoop& loop) {
  static bool ending = false;
  if (app == nullptr) return loop.stop();
  if (signal == SIGHUP) return app->reload();
  if (std::exchange(ending, true)) return loop.stop();
  app->drain([&loop] { loop.stop(); });
}

int serve(server::Config config) {
  log::set_level(config.log_level);
  raise_descriptor_limit();
  io::EventLoop loop;
  server::App* running = nullptr;
  const io::Signals signals(loop, {SIGTERM, SIGINT, SIGHUP},
                            [&](int signal) { on_signal(signal, running, loop); });
  const auto app = server::App::start(loop, std::move(config));
  if (!app) {
    std::fprintf(stderr, "parley: %s\n", app.error().c_str());
    return EXIT_FAILURE;
  }
  running = app->get();
  std::printf("parley ready http://%s\n", (*app)->http_address().to_string().c_str());
  std::fflush(stdout);
  loop.run();
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  auto asked = server::parse_command_line(argc, argv);
  if (const auto* const leave = std::get_if<server::Leave>(&asked)) {
    std::fputs(leave->text.c_str(), leave->status == 0 ? stdout : stderr);
    return leave->status;
  }
  return serve(std::get<server::Config>(std::move(asked)));
}
