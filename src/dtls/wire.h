#pragma once

#include <sys/time.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "base/bytes.h"

struct bio_st;

namespace parley::dtls {

// What a session's BIO works on: one datagram that came, those that are to go, and OpenSSL's
// retransmission timer. For the .cpp files of this folder alone.
struct Wire {
  std::size_t mtu = 0;
  Bytes input = {};
  std::deque<std::vector<std::uint8_t>> output = {};

  bool timer_was_stopped = false;
  std::optional<bool> timer_runs = {};
  // Where OpenSSL keeps the time of the next retransmission, if its version shows it.
  timeval* next_timeout = nullptr;
};

// A BIO over `wire`, which must outlive it. It answers 0, "no", to all that it does not know:
// OpenSSL also asks BIOs about kernel TLS, path MTU and more.
bio_st* make_wire_bio(Wire& wire);

// Makes OpenSSL believe that its timer, if it runs, has run out. Does nothing where it is not
// shown.
void expire_timer(Wire& wire);

}  // namespace parley::dtls
