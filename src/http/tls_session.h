#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string>

#include "base/bytes.h"
#include "base/shared_bytes.h"

namespace parley::http {

// A certificate with its key, and how TLS is spoken: 1.2 with forward secrecy and authenticated
// ciphers, or 1.3. Sessions keep what they need of it, so it may be replaced at any time.
class TlsContext {
 public:
  // PEM files: the chain, the server's own certificate first, and the key. The error is a sentence
  // for the operator.
  static std::expected<std::unique_ptr<TlsContext>, std::string> load(const std::string& chain_file,
                                                                      const std::string& key_file);
  ~TlsContext();

 private:
  friend class TlsSession;
  struct Native;

  explicit TlsContext(std::unique_ptr<Native> native);

  std::unique_ptr<Native> native_;
};

// The server's end of one TLS connection, without its socket: encrypted bytes go in and come out,
// and so does the plain text. While nothing is in flight OpenSSL holds no buffers for it.
//
// After handle_input(), call read() until it returns nothing; whatever was called, send what
// take_output() gives.
class TlsSession {
 public:
  enum class State : std::uint8_t {
    kHandshake,
    kOpen,
    kClosed,  // The peer has said that it sends no more.
    kFailed,  // No TLS, or none that we speak. take_output() holds the alert.
  };

  explicit TlsSession(const TlsContext& context);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  // `encrypted` must stay valid until read() has returned nothing.
  void handle_input(Bytes encrypted);

  // Decrypts the next bytes into `buffer`; 16 KiB takes any record in one piece.
  Bytes read(std::span<std::uint8_t> buffer);

  // Encrypts the parts as one run of bytes. Dropped unless the session is open.
  void write(std::span<const Bytes> parts);

  // Says that nothing more comes.
  void close();

  SharedBytes take_output();

  State state() const { return state_; }

 private:
  struct Native;

  void advance_handshake();
  void settle(int result);

  std::unique_ptr<Native> native_;
  State state_ = State::kHandshake;
};

}  // namespace parley::http
