// peer_program: Parley's own peer for the tests of this folder. See ../peers/README.md.
#include <cstdio>
#include <exception>

#include "io/event_loop.h"
#include "lines.h"
#include "peer.h"

int main() {
  using namespace parley;
  try {
    io::EventLoop loop;
    peer_program::Peer peer(loop);
    const peer_program::Lines lines(
        loop, [&](std::string_view line) { peer.obey(line); }, [&] { peer.close(); });
    loop.run();
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "peer_program: %s\n", problem.what());
    return 1;
  }
  return 0;
}
