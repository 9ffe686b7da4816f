#include "dtls/wire.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <cstddef>

#include "base/assert.h"
#include "crypto/openssl_ptr.h"

namespace parley::dtls {
namespace {

using MethodPointer = crypto::OpensslPtr<BIO_METHOD, BIO_meth_free>;

// 2242: no clock of the system comes near it, and OpenSSL's arithmetic is safe with it.
constexpr time_t kFarAway = time_t{1} << 33;

Wire& wire_of(BIO* bio) {
  return *static_cast<Wire*>(BIO_get_data(bio));
}

// A datagram is read at once or what does not fit is lost, as with a socket.
int read_wire(BIO* bio, char* to, std::size_t size, std::size_t* count) {
  Wire& wire = wire_of(bio);
  BIO_clear_retry_flags(bio);
  if (wire.input.empty()) {
    BIO_set_retry_read(bio);
    return 0;
  }
  *count = std::min(size, wire.input.size());
  std::copy_n(wire.input.begin(), *count, to);
  wire.input = {};
  return 1;
}

// When OpenSSL sends a flight again it writes each of its messages by itself. Together they arrive,
// or are lost, at once: RFC 6347, 4.1.1 lets a datagram hold many records.
int write_wire(BIO* bio, const char* from, std::size_t size, std::size_t* count) {
  Wire& wire = wire_of(bio);
  if (wire.output.empty() || wire.output.back().size() + size > wire.mtu) {
    wire.output.emplace_back();
  }
  wire.output.back().insert(wire.output.back().end(), from, from + size);
  *count = size;
  return 1;
}

// Until 3.2, OpenSSL passes the address of the time itself, in the state of the connection, which
// lives as long as the BIO; from then on, that of a copy on its stack.
bool shows_its_timer() {
  return OPENSSL_version_major() == 3 && OPENSSL_version_minor() < 2;
}

// `next` is zero where the timer has been stopped.
void note_timer(Wire& wire, timeval* next) {
  wire.timer_runs = next->tv_sec != 0 || next->tv_usec != 0;
  wire.timer_was_stopped |= !*wire.timer_runs;
  if (!shows_its_timer()) return;
  if (*wire.timer_runs) next->tv_sec = kFarAway;
  wire.next_timeout = next;
}

long control_wire(BIO* bio, int command, long, void* argument) {
  switch (command) {
    case BIO_CTRL_FLUSH: return 1;
    case BIO_CTRL_DGRAM_SET_NEXT_TIMEOUT:
      note_timer(wire_of(bio), static_cast<timeval*>(argument));
      return 1;
    default: return 0;
  }
}

const BIO_METHOD* wire_method() {
  static const MethodPointer kMethod = [] {
    MethodPointer method(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "datagrams"));
    PARLEY_ASSERT(method != nullptr);
    BIO_meth_set_read_ex(method.get(), read_wire);
    BIO_meth_set_write_ex(method.get(), write_wire);
    BIO_meth_set_ctrl(method.get(), control_wire);
    return method;
  }();
  return kMethod.get();
}

}  // namespace

bio_st* make_wire_bio(Wire& wire) {
  BIO* const bio = BIO_new(wire_method());
  PARLEY_ASSERT(bio != nullptr);
  BIO_set_data(bio, &wire);
  BIO_set_init(bio, 1);
  return bio;
}

void expire_timer(Wire& wire) {
  timeval* const next = wire.next_timeout;
  const bool runs = next != nullptr && (next->tv_sec != 0 || next->tv_usec != 0);
  if (runs) *next = {.tv_sec = 0, .tv_usec = 1};
}

}  // namespace parley::dtls
