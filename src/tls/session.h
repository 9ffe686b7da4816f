#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/shared_bytes.h"
#include "tls/context.h"

namespace parley::tls {

// Names of protocols in ALPN (RFC 7301; RFC 7443). A session refers to such a list while it lives:
// let them be constants.
using Protocols = std::span<const std::string_view>;
inline constexpr std::string_view kHttp = "http/1.1";
inline constexpr std::string_view kTurn = "stun.turn";
inline constexpr std::string_view kNatDiscovery = "stun.nat-discovery";
inline constexpr std::array kHttpAlone{kHttp};
inline constexpr std::array kTurnAndStun{kTurn, kNatDiscovery};
// HTTP last: coturn's client names it first, and means TURN. No browser names both.
inline constexpr std::array kAllProtocols{kTurn, kNatDiscovery, kHttp};

// One end of a TLS connection, without its socket: encrypted bytes go in and come out, and so does
// the plain text. While nothing is in flight OpenSSL holds no buffers for it.
//
// After handle_input(), call read() until it returns nothing; whatever was called, send what
// take_output() gives: a client's first, before anything has come. Used by one thread at a time;
// between two calls it may move to another.
class Session {
 public:
  enum class State : std::uint8_t {
    kHandshake,
    // If the stream of bytes ends in it, somebody has cut it off (RFC 8446, 6.1).
    kOpen,
    kClosed,  // The peer has said that it sends no more.
    kFailed,  // problem() says why; take_output() holds the alert.
  };

  // The server's end. The first of `protocols` that the client offers is agreed on; if it offers
  // none, the session goes on without.
  static std::unique_ptr<Session> accept(const Context& context, Protocols protocols);

  // The client's end. `server` is the host name or the IP address that the certificate must be
  // valid for, and a name is told to the server (SNI). `protocols` are offered, best first.
  static std::unique_ptr<Session> connect(const Context& context, const std::string& server,
                                          Protocols protocols);

  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // `encrypted` must stay valid until read() has returned nothing.
  void handle_input(Bytes encrypted);

  // Decrypts the next bytes into `buffer`; kMaxRecord takes any record in one piece.
  Bytes read(std::span<std::uint8_t> buffer);
  static constexpr std::size_t kMaxRecord = 16 << 10;  // RFC 8446, 5.1.

  // Encrypts the parts as one run of bytes. Dropped unless the session is open.
  void write(std::span<const Bytes> parts);

  // Says that nothing more comes.
  void close();

  SharedBytes take_output();

  State state() const { return state_; }
  std::string_view protocol() const;  // Agreed on by ALPN; empty: none.
  // Why it failed, as half a sentence: "the certificate has expired". Empty unless it has.
  const std::string& problem() const { return problem_; }

 private:
  struct Native;

  explicit Session(const Context& context);
  void advance_handshake();
  void settle(int result);

  std::unique_ptr<Native> native_;
  State state_ = State::kHandshake;
  std::string problem_;
};

}  // namespace parley::tls
