// peer_program: Parley's own peer for the tests of this folder. See ../peers/README.md.
#include <cstdio>
#include <exception>
#include <span>
#include <string_view>

#include "io/event_loop.h"
#include "lines.h"
#include "peer.h"

// peer_program [--relay-only] [URL USERNAME CREDENTIAL]...
parley::peer_program::Peer::Options options_of(std::span<char*> arguments) {
  parley::peer_program::Peer::Options options;
  if (!arguments.empty() && std::string_view(arguments[0]) == "--relay-only") {
    options.is_relay_only = true;
    arguments = arguments.subspan(1);
  }
  for (; arguments.size() >= 3; arguments = arguments.subspan(3)) {
    options.ice_servers.push_back(
        {.urls = {arguments[0]}, .username = arguments[1], .credential = arguments[2]});
  }
  return options;
}

int main(int count, char** arguments) {
  using namespace parley;
  try {
    io::EventLoop loop;
    peer_program::Peer peer(loop, options_of({arguments + 1, arguments + count}));
    const peer_program::Lines lines(
        loop, [&](std::string_view line) { peer.obey(line); }, [&] { peer.close(); });
    loop.run();
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "peer_program: %s\n", problem.what());
    return 1;
  }
  return 0;
}
