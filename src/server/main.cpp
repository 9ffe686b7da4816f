#include <malloc.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <variant>

#include "account/password.h"
#include "base/log.h"
#include "crypto/system_random.h"
#include "io/event_loop.h"
#include "io/signals.h"
#include "probe/probe.h"
#include "server/app.h"
#include "server/command_line.h"
#include "server/data_directory.h"
#include "server/password_prompt.h"
#include "server/turn_users.h"
#include "server/user_command.h"
#include "store/sqlite.h"

namespace {

using namespace parley;

// A descriptor a client: as many as the system lets us have.
void raise_descriptor_limit() {
  rlimit limit = {};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

// What an answer to a join takes in a large room is given back after it, and would be asked of the
// system again for the next, page by page.
void keep_some_memory() {
  constexpr int kKept = 4 << 20;
  ::mallopt(M_TRIM_THRESHOLD, kKept);
  ::mallopt(M_TOP_PAD, kKept / 8);
}

// The first request to end drains; a second does not wait.
void on_signal(int signal, server::App* app, io::EventLoop& loop) {
  static bool ending = false;
  if (app == nullptr) return loop.stop();
  if (signal == SIGHUP) return app->reload();
  if (std::exchange(ending, true)) return loop.stop();
  app->drain([&loop] { loop.stop(); });
}

int failure(const std::string& sentence) {
  std::fprintf(stderr, "parley: %s\n", sentence.c_str());
  return EXIT_FAILURE;
}

int run(server::Leave leave) {
  std::fputs(leave.text.c_str(), leave.status == 0 ? stdout : stderr);
  return leave.status;
}

int run(server::Serve asked) {
  log::set_level(asked.config.log_level);
  raise_descriptor_limit();
  keep_some_memory();
  io::EventLoop loop;
  server::App* running = nullptr;
  const io::Signals signals(loop, {SIGTERM, SIGINT, SIGHUP},
                            [&](int signal) { on_signal(signal, running, loop); });
  const auto app = server::App::start(loop, std::move(asked.config));
  if (!app) return failure(app.error());
  running = app->get();
  std::printf("parley ready http://%s\n", (*app)->http_address().to_string().c_str());
  std::fflush(stdout);
  loop.run();
  return EXIT_SUCCESS;
}

int run(server::Backup asked) {
  const auto done = store::back_up_sqlite(server::database_file(asked.config.data), asked.file);
  if (!done) return failure(done.error());
  std::printf("%s holds the database of %s.\n", asked.file.c_str(), asked.config.data.c_str());
  return EXIT_SUCCESS;
}

int run(const server::UserCommand& asked) {
  crypto::SystemRandom random;
  const account::PasswordHasher hasher(random);
  const auto done = server::run_user_command(asked, hasher, server::ask_for_password);
  if (!done) return failure(done.error());
  std::fputs(done->c_str(), stdout);
  return EXIT_SUCCESS;
}

int run(const server::TurnKeyCommand& asked) {
  const auto line = server::run_turn_key_command(asked, server::ask_for_password);
  if (!line) return failure(line.error());
  std::fputs(line->c_str(), stdout);
  return EXIT_SUCCESS;
}

int run(const server::Probe& asked) {
  return probe::run(asked.options);
}

}  // namespace

int main(int argc, char** argv) {
  return std::visit([](auto command) { return run(std::move(command)); },
                    server::parse_command_line(argc, argv));
}
