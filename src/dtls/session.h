#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "dtls/connection.h"
#include "dtls/record_layer.h"

struct ssl_ctx_st;

namespace parley::dtls {

// OpenSSL's end of one connection behind a face, for Connection alone: it knows neither what time
// it is nor what an outcome means.
//
// Datagrams keep their boundaries in both directions. Whatever was called, send what take_output()
// gives and look at take_timer().
class Session {
 public:
  enum class Outcome : std::uint8_t {
    kDone,    // The handshake has ended, or something was read.
    kWait,    // For another datagram.
    kClosed,  // The peer has sent close_notify.
    kFailed,  // For good. An alert may wait to be sent.
  };

  // What OpenSSL did with its retransmission timer.
  struct Timer {
    bool reset = false;             // The peer's next flight has come: the wait is short again.
    std::optional<bool> runs = {};  // Nothing: it was not touched.
  };

  // What every session of one certificate shares. The caller owns it.
  static ssl_ctx_st* make_context();

  explicit Session(const Config& config);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Whose certificate is accepted from now on: everybody's, while this is empty.
  void trust(std::vector<Fingerprint> fingerprints);

  // One datagram, to be used up by handshake() and read() before it goes away.
  void set_input(Bytes datagram);

  Outcome handshake();
  // Decrypts the next record into `data`, which holds nothing else afterwards.
  Outcome read(std::vector<std::uint8_t>& data);
  Outcome write(Bytes data);
  // close_notify; only after the handshake.
  void shut_down();

  // Sends the last flight again. kWait: OpenSSL's own clock (see README.md) does not allow it yet.
  Outcome retransmit();
  // How long the timer that starts next is to run, for an OpenSSL that insists on its own clock.
  void set_timer_interval(Duration interval);
  Timer take_timer();

  // The next datagram to send; empty when there is no more.
  std::vector<std::uint8_t> take_output();

  // Gives back what is only needed while records are under way.
  void release_buffers();

  bool has_refused_peer() const;                   // For its fingerprint.
  std::optional<std::uint8_t> alert_sent() const;  // Fatal ones only.
  std::optional<std::uint8_t> alert_received() const;
  std::vector<std::uint8_t> peer_certificate() const;  // In DER; empty before it came.
  std::string_view cipher_suite() const;
  std::optional<SrtpExport> export_srtp() const;  // After the handshake.
  // After the handshake, and with all output taken: what a RecordLayer needs to go on in place of
  // this session. Nothing: its cipher suite is none of a RecordLayer's.
  std::optional<RecordState> record_state() const;

 private:
  struct Native;

  void note_sent(Bytes datagram);
  void need_buffers();
  Outcome outcome_of(int result);

  std::unique_ptr<Native> native_;
};

}  // namespace parley::dtls
