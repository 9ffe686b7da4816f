#include "tls/session.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "crypto/openssl_ptr.h"
#include "net/address.h"
#include "tls/problem.h"

namespace parley::tls {
namespace {

using SessionPointer = crypto::OpensslPtr<SSL, SSL_free>;
using MethodPointer = crypto::OpensslPtr<BIO_METHOD, BIO_meth_free>;

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

// SNI, which takes names alone (RFC 6066, 3). SSL_set_tlsext_host_name() is this with a cast.
void tell_name(SSL* session, std::string name) {
  SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
}

// The list as it stands in a ClientHello (RFC 7301, 3.1).
std::vector<std::uint8_t> offered(Protocols protocols) {
  std::vector<std::uint8_t> list;
  for (const std::string_view name : protocols) {
    list.push_back(static_cast<std::uint8_t>(name.size()));
    list.insert(list.end(), name.begin(), name.end());
  }
  return list;
}

}  // namespace

struct Session::Native {
  Wire wire;  // Outlives the session, whose BIO points to it.
  SessionPointer session;
  Protocols protocols;  // Of a server: those it speaks.
};

Session::Session(const Context& context) : native_(std::make_unique<Native>()) {
  native_->session.reset(SSL_new(context.native_));
  BIO* const bio = BIO_new(wire_method());
  PARLEY_ASSERT(native_->session != nullptr && bio != nullptr);
  BIO_set_data(bio, &native_->wire);
  BIO_set_init(bio, 1);
  SSL_set_bio(native_->session.get(), bio, bio);
}

Session::~Session() = default;

std::unique_ptr<Session> Session::accept(const Context& context, Protocols protocols) {
  std::unique_ptr<Session> made(new Session(context));
  made->native_->protocols = protocols;
  SSL_set_app_data(made->native_->session.get(), &made->native_->protocols);
  SSL_set_accept_state(made->native_->session.get());
  return made;
}

std::unique_ptr<Session> Session::connect(const Context& context, const std::string& server,
                                          Protocols protocols) {
  std::unique_ptr<Session> made(new Session(context));
  SSL* const session = made->native_->session.get();
  const bool is_address = net::IpAddress::parse(server).has_value();
  if (!is_address) tell_name(session, server);
  if (context.verifies() && is_address) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), server.c_str());
  } else if (context.verifies()) {
    SSL_set_hostflags(session, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    SSL_set1_host(session, server.c_str());
  }
  const std::vector<std::uint8_t> offer = offered(protocols);
  if (!offer.empty())
    SSL_set_alpn_protos(session, offer.data(), static_cast<unsigned>(offer.size()));
  SSL_set_connect_state(session);
  made->advance_handshake();
  return made;
}

std::string_view Session::protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(native_->session.get(), &name, &size);
  return as_text(Bytes(name, size));
}

void Session::handle_input(Bytes encrypted) {
  PARLEY_ASSERT(native_->wire.input.empty());
  if (state_ == State::kClosed || state_ == State::kFailed) return;
  native_->wire.input = encrypted;
  if (state_ == State::kHandshake) advance_handshake();
}

Bytes Session::read(std::span<std::uint8_t> buffer) {
  if (state_ != State::kOpen) return {};
  ERR_clear_error();
  std::size_t size = 0;
  const int result = SSL_read_ex(native_->session.get(), buffer.data(), buffer.size(), &size);
  if (result == 1) return Bytes(buffer).first(size);
  settle(result);
  return {};
}

void Session::write(std::span<const Bytes> parts) {
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

void Session::close() {
  if (state_ == State::kHandshake || state_ == State::kFailed) return;
  ERR_clear_error();
  SSL_shutdown(native_->session.get());
}

SharedBytes Session::take_output() {
  const std::vector<std::uint8_t> output = std::exchange(native_->wire.output, {});
  return output.empty() ? SharedBytes() : SharedBytes(Bytes(output));
}

void Session::advance_handshake() {
  ERR_clear_error();
  const int result = SSL_do_handshake(native_->session.get());
  if (result == 1) {
    state_ = State::kOpen;
  } else {
    settle(result);
  }
}

// Wanting to read is no failure; and the wire always takes what is written.
void Session::settle(int result) {
  switch (SSL_get_error(native_->session.get(), result)) {
    case SSL_ERROR_WANT_READ: return;
    case SSL_ERROR_ZERO_RETURN: state_ = State::kClosed; break;
    default:
      state_ = State::kFailed;
      problem_ = take_problem(native_->session.get());
      break;
  }
  native_->wire.input = {};
}

}  // namespace parley::tls
