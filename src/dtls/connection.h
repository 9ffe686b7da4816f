#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/small_queue.h"
#include "base/time.h"
#include "dtls/certificate.h"
#include "dtls/fingerprint.h"

namespace parley::dtls {

class RecordLayer;
class Session;
enum class ContentType : std::uint8_t;

// a=setup of RFC 8842: the active side is the client and speaks first, the passive one the server.
enum class Role : std::uint8_t { kClient, kServer };

// What use_srtp and the exporter agreed on (RFC 5764, 4.2; RFC 7714, 12): the master keys of what
// each side sends.
struct SrtpExport {
  struct MasterKey {
    std::vector<std::uint8_t> key = {};
    std::vector<std::uint8_t> salt = {};

    friend bool operator==(const MasterKey&, const MasterKey&) = default;
  };

  // IANA's number: 1 AES128_CM_SHA1_80, 7 AEAD_AES_128_GCM, 8 AEAD_AES_256_GCM.
  std::uint16_t profile = 0;
  MasterKey client = {};
  MasterKey server = {};

  friend bool operator==(const SrtpExport&, const SrtpExport&) = default;
};

struct Config {
  std::shared_ptr<const Certificate> certificate = {};  // Must be set.
  Role role = Role::kServer;
  // None yet: the handshake goes on, but nothing is Connected before set_peer_fingerprints().
  std::vector<Fingerprint> peer_fingerprints = {};
  // Offer, or accept, AEAD_AES_128_GCM, AES128_CM_SHA1_80 and AEAD_AES_256_GCM, in this order.
  bool srtp = true;
  // The longest datagram of a handshake, without IP and UDP; 256 at least. 1,200 passes everywhere.
  std::size_t mtu = 1'200;

  // The first wait for the peer's next flight; it doubles up to the last. RFC 6347, 4.2.4.1 says
  // one second for paths that nothing is known of; this one has just carried a STUN check both
  // ways.
  Duration first_retransmit = std::chrono::milliseconds{50};
  Duration last_retransmit = std::chrono::seconds{3};
  // From start(), or a server's first datagram, to Failed{kTimeout}.
  Duration handshake_limit = std::chrono::seconds{30};

  // Bounds what is to be sent before the handshake has ended, and also what has come before the
  // peer's fingerprint; 64 bytes more are counted for each.
  std::size_t max_early_bytes = 64 << 10;
};

// One DTLS 1.2 association, RFC 6347, without its socket: OpenSSL over memory. Both ends show a
// certificate, and the peer's must have the fingerprint that signalling told (RFC 5763).
//
// Retransmission goes by the owner's Time, not by OpenSSL's clock. There is no cookie exchange: the
// owner passes on only what comes from a validated path (RFC 8445, 12.1), so nobody can make us
// answer to an address that is not theirs, and the round trip is saved. No renegotiation, no
// resumption.
//
// It is a SansIo engine. Afterwards, whether it is closed or failed, it stays silent.
class Connection {
 public:
  struct Datagram {
    Bytes payload = {};  // Borrowed during the call. First byte 20 to 63 (RFC 7983, 7).
  };
  using Input = Datagram;

  struct Transmit {
    std::vector<std::uint8_t> datagram = {};
  };
  // The peer is who signalling said. Once, and before any Data.
  struct Connected {
    std::optional<SrtpExport> srtp = {};  // Nothing where no profile was agreed on.
  };
  struct Data {
    std::vector<std::uint8_t> bytes = {};  // What one send() of the peer was given: never joined.
  };
  // close_notify has come or gone. Ends the connection.
  struct Closed {
    bool by_peer = false;
  };
  enum class Reason : std::uint8_t {
    kFingerprint,  // The peer's certificate is not the one that signalling named.
    kTimeout,      // No answer until Config::handshake_limit, or to twelve retransmissions.
    kPeerAlert,    // The peer gave up: Failed::alert says why.
    kProtocol,     // What the peer sent is no DTLS that we speak: no common cipher suite, for one.
  };
  // Ends the connection. Where it was for us to tell the peer, a Transmit with the alert precedes.
  struct Failed {
    Reason reason = Reason::kProtocol;
    std::optional<std::uint8_t> alert = {};  // Sent or received; the numbers of RFC 5246, 7.2.
  };
  using Output = std::variant<Transmit, Connected, Data, Closed, Failed>;

  // RTCDtlsTransportState of the W3C.
  enum class State : std::uint8_t { kNew, kConnecting, kConnected, kClosed, kFailed };

  enum class SendError : std::uint8_t {
    kTooLong,  // More than kMaxSendSize bytes.
    kEarly,    // Config::max_early_bytes wait for the end of the handshake already.
    kClosed,   // Closed or failed.
  };

  struct Counters {
    std::uint64_t datagrams_received = 0;
    std::uint64_t datagrams_sent = 0;
    std::uint64_t retransmissions = 0;  // Flights that we sent again because our timer ran out.
    std::uint64_t data_received = 0;
    std::uint64_t data_sent = 0;
    std::uint64_t dropped_not_dtls = 0;    // Empty, or with another first byte.
    std::uint64_t dropped_too_early = 0;   // Before a client's start().
    std::uint64_t dropped_ended = 0;       // After the connection was closed or had failed.
    std::uint64_t dropped_early_data = 0;  // More than max_early_bytes before the fingerprint.
  };

  // The longest plain text of a record (RFC 6347, 4.3.1). DTLS does not fragment: above
  // Config::mtu - 64 it is IP that does.
  static constexpr std::size_t kMaxSendSize = 16 << 10;

  explicit Connection(Config config);
  ~Connection();
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;

  // The path is there. A client's first flight is sent; a server listens from the beginning.
  void start(Time now);

  // For an offerer whose peer began before its answer was here. To be called once, with at least
  // one; the Config's are not to be changed.
  void set_peer_fingerprints(Time now, std::vector<Fingerprint> fingerprints);

  // The estimate of ICE: where it is longer than Config::first_retransmit, flights that are still
  // under way are not sent again. Takes effect with the next flight.
  void set_round_trip_time(Duration rtt) { rtt_ = rtt; }

  // One datagram to the peer; kept, within max_early_bytes, until Connected. Empty data is nothing.
  std::expected<void, SendError> send(Time now, Bytes data);

  // Sends close_notify, if there is whom to send it to.
  void close(Time now);

  void handle_input(Time now, Datagram datagram);
  void handle_timeout(Time now);
  std::optional<Output> poll_output();
  Time next_deadline() const;

  State state() const { return state_; }
  Role role() const { return config_.role; }
  const Counters& counters() const { return counters_; }

  // For statistics. The name of RFC 5246's registry, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
  // empty before the handshake has ended.
  std::string_view cipher_suite() const { return cipher_suite_; }
  // The peer's certificate in DER; empty before the handshake has ended.
  const std::vector<std::uint8_t>& peer_certificate() const { return peer_certificate_; }

 private:
  // What has to wait for Connected.
  class EarlyData {
   public:
    // False, and nothing is kept, where there is no more room.
    bool add(Bytes data, std::size_t limit);
    std::vector<std::vector<std::uint8_t>> take();

   private:
    std::vector<std::vector<std::uint8_t>> datagrams_;
    std::size_t bytes_ = 0;
  };

  bool has_ended() const { return state_ == State::kClosed || state_ == State::kFailed; }
  bool accepts(Bytes datagram);
  void begin(Time now);
  void advance(Time now);
  void end_handshake(Time now);
  void read_all(Time now);
  void open_records(Bytes datagram);
  void on_alert(Bytes alert);
  void on_handshake(Bytes message);
  void conclude(Time now);
  void hand_over(std::vector<std::uint8_t> data);
  void write(Time now, Bytes data);
  void write_warning(std::uint8_t description);
  void close_notify(Time now);
  void transmit(std::vector<std::uint8_t> datagram);
  void retransmit(Time now);
  void collect(Time now);
  void fail();
  void fail(Failed failed);
  void end(State state);
  Duration first_interval() const;

  Config config_;
  // The one until the handshake has ended; then the other, or still the one where the cipher suite
  // is none of a RecordLayer's.
  std::unique_ptr<Session> session_;
  std::unique_ptr<RecordLayer> records_;
  std::string_view cipher_suite_;
  std::vector<std::uint8_t> peer_certificate_;
  std::optional<SrtpExport> srtp_;  // Until Connected.
  State state_ = State::kNew;
  bool handshake_done_ = false;  // The peer may still have to be identified.
  Duration rtt_ = Duration::zero();
  Duration interval_ = Duration::zero();  // How long we wait for the peer's flight.
  Time retransmit_at_ = kNever;
  Time give_up_at_ = kNever;
  EarlyData early_sent_;
  EarlyData early_records_;  // Datagrams with data that overtook the end of the handshake.
  EarlyData early_received_;
  SmallQueue<Output> outputs_;
  Counters counters_;
};

std::string_view to_string(Connection::State state);  // The W3C's words.
std::string_view to_string(Connection::Reason reason);
std::string_view to_string(Connection::SendError error);

}  // namespace parley::dtls
