#include "http/tls_session.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "base/assert.h"

namespace parley::http {
namespace {

constexpr const char* kTls12Ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr std::size_t kMaxRecord = 16 << 10;  // RFC 8446, 5.1.
constexpr std::string_view kProtocol = "http/1.1";

template <class T, auto free>
struct Free {
  void operator()(T* object) const { free(object); }
};
using ContextPointer = std::unique_ptr<SSL_CTX, Free<SSL_CTX, SSL_CTX_free>>;
using SessionPointer = std::unique_ptr<SSL, Free<SSL, SSL_free>>;
using MethodPointer = std::unique_ptr<BIO_METHOD, Free<BIO_METHOD, BIO_meth_free>>;

// The two ends of a session towards the network.
struct Wire {
  Bytes input = {};
  std::vector<std::uint8_t> output = {};
};

Wire& wire_of(BIO* bio) {
  return *static_cast<Wire*>(BIO_get_data(bio));
}

int read_wire(BIO* bio, char* to, std::size_t size, std::size_t* count) {
  Wire& wire = wire_of(bio);
  BIO_clear_retry_flags(bio);
  if (wire.input.empty()) {
    BIO_set_retry_read(bio);
    return 0;
  }
  *count = std::min(size, wire.input.size());
  std::copy_n(wire.input.begin(), *count, to);
  wire.input = wire.input.subspan(*count);
  return 1;
}

int write_wire(BIO* bio, const char* from, std::size_t size, std::size_t* count) {
  Wire& wire = wire_of(bio);
  wire.output.insert(wire.output.end(), from, from + size);
  *count = size;
  return 1;
}

long control_wire(BIO*, int command, long, void*) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

// A BIO that reads from the caller's bytes and owns no memory while nothing is under way, which
// BIO_s_mem would.
const BIO_METHOD* wire_method() {
  static const MethodPointer kMethod = [] {
    MethodPointer method(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "wire"));
    PARLEY_ASSERT(method != nullptr);
    BIO_meth_set_read_ex(method.get(), read_wire);
    BIO_meth_set_write_ex(method.get(), write_wire);
    BIO_meth_set_ctrl(method.get(), control_wire);
    return method;
  }();
  return kMethod.get();
}

// RFC 7301, 3.2: a client that names protocols, and not ours, is refused.
int select_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
                    const unsigned char* offered, unsigned offered_size, void*) {
  Bytes rest(offered, offered_size);
  while (!rest.empty()) {
    const std::size_t size = std::min<std::size_t>(rest.front(), rest.size() - 1);
    const Bytes name = rest.subspan(1, size);
    if (as_text(name) == kProtocol) {
      *chosen = name.data();
      *chosen_size = static_cast<unsigned char>(size);
      return SSL_TLSEXT_ERR_OK;
    }
    rest = rest.subspan(1 + size);
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

std::string last_error() {
  std::array<char, 256> text = {};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  ERR_clear_error();
  return text.data();
}

void configure(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  PARLEY_ASSERT(SSL_CTX_set_cipher_list(context, kTls12Ciphers) == 1);
  SSL_CTX_set_alpn_select_cb(context, select_protocol, nullptr);
  // Resumption by tickets alone: the client keeps the state.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 1);
  const Bytes id = as_bytes("parley");
  SSL_CTX_set_session_id_context(context, id.data(), static_cast<unsigned>(id.size()));
}

}  // namespace

struct TlsContext::Native {
  ContextPointer context;
};

struct TlsSession::Native {
  Wire wire;  // Outlives the session, whose BIO points to it.
  SessionPointer session;
};

TlsContext::TlsContext(std::unique_ptr<Native> native) : native_(std::move(native)) {}

TlsContext::~TlsContext() = default;

std::expected<std::unique_ptr<TlsContext>, std::string> TlsContext::load(
    const std::string& chain_file, const std::string& key_file) {
  ERR_clear_error();
  ContextPointer context(SSL_CTX_new(TLS_server_method()));
  PARLEY_ASSERT(context != nullptr);
  configure(context.get());
  if (SSL_CTX_use_certificate_chain_file(context.get(), chain_file.c_str()) != 1) {
    return std::unexpected(
        fmt::format("cannot read a certificate from {}: {}", chain_file, last_error()));
  }
  if (SSL_CTX_use_PrivateKey_file(context.get(), key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context.get()) != 1) {
    return std::unexpected(fmt::format("cannot use the key in {} for the certificate in {}: {}",
                                       key_file, chain_file, last_error()));
  }
  return std::unique_ptr<TlsContext>(
      new TlsContext(std::make_unique<Native>(Native{.context = std::move(context)})));
}

TlsSession::TlsSession(const TlsContext& context) : native_(std::make_unique<Native>()) {
  native_->session.reset(SSL_new(context.native_->context.get()));
  BIO* const bio = BIO_new(wire_method());
  PARLEY_ASSERT(native_->session != nullptr && bio != nullptr);
  BIO_set_data(bio, &native_->wire);
  BIO_set_init(bio, 1);
  SSL_set_bio(native_->session.get(), bio, bio);
  SSL_set_accept_state(native_->session.get());
}

TlsSession::~TlsSession() = default;

void TlsSession::handle_input(Bytes encrypted) {
  PARLEY_ASSERT(native_->wire.input.empty());
  if (state_ == State::kClosed || state_ == State::kFailed) return;
  native_->wire.input = encrypted;
  if (state_ == State::kHandshake) advance_handshake();
}

Bytes TlsSession::read(std::span<std::uint8_t> buffer) {
  if (state_ != State::kOpen) return {};
  ERR_clear_error();
  std::size_t size = 0;
  const int result = SSL_read_ex(native_->session.get(), buffer.data(), buffer.size(), &size);
  if (result == 1) return Bytes(buffer).first(size);
  settle(result);
  return {};
}

void TlsSession::write(std::span<const Bytes> parts) {
  if (state_ != State::kOpen) return;
  std::array<std::uint8_t, kMaxRecord> record;  // Parts share records: a frame's header is tiny.
  std::size_t filled = 0;
  const auto flush = [&] {
    ERR_clear_error();
    std::size_t written = 0;
    if (filled == 0) return;
    const int result = SSL_write_ex(native_->session.get(), record.data(), filled, &written);
    if (result != 1) settle(result);
    filled = 0;
  };
  for (Bytes part : parts) {
    while (!part.empty() && state_ == State::kOpen) {
      const Bytes piece = part.first(std::min(part.size(), record.size() - filled));
      std::ranges::copy(piece, record.begin() + static_cast<std::ptrdiff_t>(filled));
      filled += piece.size();
      part = part.subspan(piece.size());
      if (filled == record.size()) flush();
    }
  }
  if (state_ == State::kOpen) flush();
}

void TlsSession::close() {
  if (state_ == State::kHandshake || state_ == State::kFailed) return;
  ERR_clear_error();
  SSL_shutdown(native_->session.get());
}

SharedBytes TlsSession::take_output() {
  const std::vector<std::uint8_t> output = std::exchange(native_->wire.output, {});
  return output.empty() ? SharedBytes() : SharedBytes(Bytes(output));
}

void TlsSession::advance_handshake() {
  ERR_clear_error();
  const int result = SSL_do_handshake(native_->session.get());
  if (result == 1) {
    state_ = State::kOpen;
  } else {
    settle(result);
  }
}

// Wanting to read is no failure; and the wire always takes what is written.
void TlsSession::settle(int result) {
  switch (SSL_get_error(native_->session.get(), result)) {
    case SSL_ERROR_WANT_READ: return;
    case SSL_ERROR_ZERO_RETURN: state_ = State::kClosed; break;
    default: state_ = State::kFailed; break;
  }
  native_->wire.input = {};
  ERR_clear_error();
}

}  // namespace parley::http
