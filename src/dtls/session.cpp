#include "dtls/session.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <string>
#include <utility>

#include "base/assert.h"
#include "crypto/openssl_ptr.h"
#include "dtls/algorithms.h"
#include "dtls/wire.h"

namespace parley::dtls {

namespace {

// What has left so far: nothing of it may be used again.
struct SentRecords {
  std::uint64_t next_plain = 0;
  std::uint64_t next_protected = 0;
  std::uint64_t next_explicit_nonce = 0;  // OpenSSL counts up from a random one.
  std::vector<std::uint8_t> finished = {};

  void note(const Record& record) {
    (record.epoch == 0 ? next_plain : next_protected) = record.sequence_number + 1;
    if (record.epoch == 0) return;
    next_explicit_nonce = ByteReader(record.body).u64() + 1;
    if (record.type == ContentType::kHandshake) {
      finished.assign(record.whole.begin(), record.whole.end());
    }
  }
};

}  // namespace

struct Session::Native {
  std::vector<Fingerprint> trusted = {};
  Wire wire = {};  // Outlives the SSL object, whose BIO points to it.
  SentRecords sent = {};
  bool refused_peer = false;
  std::optional<std::uint8_t> alert_sent = {};
  std::optional<std::uint8_t> alert_received = {};
  Duration timer_interval = Duration::zero();
  crypto::OpensslPtr<SSL, SSL_free> ssl = {};

  static Native& of(const SSL* ssl) { return *static_cast<Native*>(SSL_get_app_data(ssl)); }
};

namespace {

// What is named here has to be in algorithms.cpp as well.
//
// Forward secrecy, and what every browser offers (RFC 8827, 6.5). RSA is for peers' certificates.
constexpr const char* kCipherSuites =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA";
constexpr const char* kGroups = "X25519:P-256:P-384";
// Best first: GCM is one pass over the packet, and the processor's own.
constexpr const char* kSrtpProfiles =
    "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80:SRTP_AEAD_AES_256_GCM";
constexpr const char* kSrtpLabel = "EXTRACTOR-dtls_srtp";  // RFC 5764, 4.2.
// A peer has one certificate of its own; this also bounds every other message of the handshake.
constexpr long kMaxCertificates = 16 << 10;

std::vector<std::uint8_t> der_of(X509* certificate) {
  if (certificate == nullptr) return {};
  std::vector<std::uint8_t> der(static_cast<std::size_t>(i2d_X509(certificate, nullptr)));
  unsigned char* out = der.data();
  i2d_X509(certificate, &out);
  return der;
}

struct SrtpSizes {
  std::size_t key = 0;
  std::size_t salt = 0;
};

// RFC 3711, 8.2 and RFC 7714, 12.
SrtpSizes sizes_of(unsigned long profile) {
  switch (profile) {
    case SRTP_AEAD_AES_128_GCM: return {.key = 16, .salt = 12};
    case SRTP_AEAD_AES_256_GCM: return {.key = 32, .salt = 12};
    default: return {.key = 16, .salt = 14};
  }
}

std::optional<AeadCipher> aead_of(const SSL_CIPHER* cipher) {
  switch (SSL_CIPHER_get_cipher_nid(cipher)) {
    case NID_aes_128_gcm: return AeadCipher::kAes128Gcm;
    case NID_aes_256_gcm: return AeadCipher::kAes256Gcm;
    case NID_chacha20_poly1305: return AeadCipher::kChaCha20Poly1305;
    default: return std::nullopt;
  }
}

// The key block, RFC 5246, 6.3. `out` is filled.
void expand_keys(SSL* ssl, std::span<std::uint8_t> out) {
  static EVP_KDF* const kPrf = EVP_KDF_fetch(nullptr, "TLS1-PRF", nullptr);
  const crypto::OpensslPtr<EVP_KDF_CTX, EVP_KDF_CTX_free> prf(EVP_KDF_CTX_new(kPrf));
  std::array<std::uint8_t, SSL_MAX_MASTER_KEY_LENGTH> master;
  const std::size_t size =
      SSL_SESSION_get_master_key(SSL_get0_session(ssl), master.data(), master.size());
  std::string seed = "key expansion";
  const std::size_t label = seed.size();
  auto* const hash = const_cast<char*>(
      EVP_MD_get0_name(SSL_CIPHER_get_handshake_digest(SSL_get_current_cipher(ssl))));
  seed.resize(label + 2 * SSL3_RANDOM_SIZE);
  auto* const randoms = reinterpret_cast<unsigned char*>(seed.data() + label);
  SSL_get_server_random(ssl, randoms, SSL3_RANDOM_SIZE);
  SSL_get_client_random(ssl, randoms + SSL3_RANDOM_SIZE, SSL3_RANDOM_SIZE);
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, hash, 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SECRET, master.data(), size),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, seed.data(), seed.size()),
      OSSL_PARAM_construct_end()};
  PARLEY_ASSERT(EVP_KDF_derive(prf.get(), out.data(), out.size(), parameters) == 1);
  OPENSSL_cleanse(master.data(), master.size());
}

}  // namespace

ssl_ctx_st* Session::make_context() {
  SSL_CTX* const context = SSL_CTX_new_ex(handshake_algorithms(), nullptr, DTLS_method());
  PARLEY_ASSERT(context != nullptr);
  SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION);
  SSL_CTX_set_max_proto_version(context, DTLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                                   SSL_OP_NO_QUERY_MTU | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_max_cert_list(context, kMaxCertificates);
  PARLEY_ASSERT(SSL_CTX_set_cipher_list(context, kCipherSuites) == 1);
  PARLEY_ASSERT(SSL_CTX_set1_groups_list(context, kGroups) == 1);

  // The fingerprint is all that a certificate has to show: no authority, no name, no date.
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  const auto verify = [](X509_STORE_CTX* store, void*) {
    const auto* const ssl = static_cast<const SSL*>(
        X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
    Native& native = Native::of(ssl);
    native.refused_peer = !native.trusted.empty() &&
                          !matches(der_of(X509_STORE_CTX_get0_cert(store)), native.trusted);
    X509_STORE_CTX_set_error(store, native.refused_peer ? X509_V_ERR_CERT_REJECTED : X509_V_OK);
    return native.refused_peer ? 0 : 1;
  };
  SSL_CTX_set_cert_verify_callback(context, verify, nullptr);

  SSL_CTX_set_info_callback(context, [](const SSL* ssl, int where, int alert) {
    if ((where & SSL_CB_ALERT) == 0 || alert >> 8 != SSL3_AL_FATAL) return;
    Native& native = Native::of(ssl);
    ((where & SSL_CB_READ) != 0 ? native.alert_received : native.alert_sent) =
        static_cast<std::uint8_t>(alert & 0xff);
  });
  return context;
}

Session::Session(const Config& config) : native_(std::make_unique<Native>()) {
  native_->trusted = config.peer_fingerprints;
  native_->wire.mtu = config.mtu;
  native_->ssl.reset(SSL_new(config.certificate->context()));
  SSL* const ssl = native_->ssl.get();
  PARLEY_ASSERT(ssl != nullptr);
  SSL_set_app_data(ssl, native_.get());
  BIO* const bio = make_wire_bio(native_->wire);
  SSL_set_bio(ssl, bio, bio);
  PARLEY_ASSERT(SSL_set_mtu(ssl, static_cast<long>(config.mtu)) != 0);
  if (config.srtp) PARLEY_ASSERT(SSL_set_tlsext_use_srtp(ssl, kSrtpProfiles) == 0);
  DTLS_set_timer_cb(ssl, [](SSL* timed, unsigned) {
    return static_cast<unsigned>(Native::of(timed).timer_interval.count());
  });
  config.role == Role::kClient ? SSL_set_connect_state(ssl) : SSL_set_accept_state(ssl);
}

Session::~Session() = default;

void Session::trust(std::vector<Fingerprint> fingerprints) {
  native_->trusted = std::move(fingerprints);
}

void Session::set_input(Bytes datagram) {
  native_->wire.input = datagram;
}

Session::Outcome Session::handshake() {
  ERR_clear_error();
  return outcome_of(SSL_do_handshake(native_->ssl.get()));
}

Session::Outcome Session::read(std::vector<std::uint8_t>& data) {
  std::array<std::uint8_t, Connection::kMaxSendSize>
      buffer;  // Any record's, and left uninitialised.
  std::size_t size = 0;
  ERR_clear_error();
  const int result = SSL_read_ex(native_->ssl.get(), buffer.data(), buffer.size(), &size);
  data.assign(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(size));
  return outcome_of(result);
}

Session::Outcome Session::write(Bytes data) {
  std::size_t written = 0;
  need_buffers();
  ERR_clear_error();
  return outcome_of(SSL_write_ex(native_->ssl.get(), data.data(), data.size(), &written));
}

void Session::shut_down() {
  need_buffers();
  ERR_clear_error();
  SSL_shutdown(native_->ssl.get());
  ERR_clear_error();
}

Session::Outcome Session::retransmit() {
  expire_timer(native_->wire);
  ERR_clear_error();
  const long result = DTLSv1_handle_timeout(native_->ssl.get());
  ERR_clear_error();
  if (result < 0) return Outcome::kFailed;
  return result == 0 ? Outcome::kWait : Outcome::kDone;
}

void Session::set_timer_interval(Duration interval) {
  // OpenSSL counts microseconds in an unsigned.
  native_->timer_interval = std::min(interval, Duration{std::numeric_limits<unsigned>::max()});
}

Session::Timer Session::take_timer() {
  Wire& wire = native_->wire;
  return {.reset = std::exchange(wire.timer_was_stopped, false),
          .runs = std::exchange(wire.timer_runs, std::nullopt)};
}

std::vector<std::uint8_t> Session::take_output() {
  auto& output = native_->wire.output;
  if (output.empty()) return {};
  std::vector<std::uint8_t> datagram = std::move(output.front());
  output.pop_front();
  note_sent(datagram);
  return datagram;
}

void Session::note_sent(Bytes datagram) {
  while (const auto record = take_record(datagram)) native_->sent.note(*record);
}

// SSL_MODE_RELEASE_BUFFERS means nothing to DTLS. And what was released by hand only reading brings
// back: OpenSSL 3.0 would write to a null pointer.
void Session::need_buffers() {
  PARLEY_ASSERT(SSL_alloc_buffers(native_->ssl.get()) == 1);
}

void Session::release_buffers() {
  SSL_free_buffers(native_->ssl.get());
}

bool Session::has_refused_peer() const {
  return native_->refused_peer;
}

std::optional<std::uint8_t> Session::alert_sent() const {
  return native_->alert_sent;
}

std::optional<std::uint8_t> Session::alert_received() const {
  return native_->alert_received;
}

std::vector<std::uint8_t> Session::peer_certificate() const {
  return der_of(SSL_get0_peer_certificate(native_->ssl.get()));
}

std::string_view Session::cipher_suite() const {
  const SSL_CIPHER* const cipher = SSL_get_current_cipher(native_->ssl.get());
  return cipher == nullptr ? "" : SSL_CIPHER_standard_name(cipher);
}

std::optional<SrtpExport> Session::export_srtp() const {
  SSL* const ssl = native_->ssl.get();
  const SRTP_PROTECTION_PROFILE* const profile = SSL_get_selected_srtp_profile(ssl);
  if (profile == nullptr) return std::nullopt;
  const SrtpSizes sizes = sizes_of(profile->id);
  std::vector<std::uint8_t> material(2 * (sizes.key + sizes.salt));
  PARLEY_ASSERT(SSL_export_keying_material(ssl, material.data(), material.size(), kSrtpLabel,
                                           std::string_view(kSrtpLabel).size(), nullptr, 0,
                                           0) == 1);
  // The order of RFC 5764, 4.2: both keys, then both salts.
  ByteReader reader(material);
  const auto take = [&](std::size_t size) {
    const Bytes part = reader.bytes(size);
    return std::vector(part.begin(), part.end());
  };
  SrtpExport keys{.profile = static_cast<std::uint16_t>(profile->id)};
  keys.client.key = take(sizes.key);
  keys.server.key = take(sizes.key);
  keys.client.salt = take(sizes.salt);
  keys.server.salt = take(sizes.salt);
  return keys;
}

std::optional<RecordState> Session::record_state() const {
  SSL* const ssl = native_->ssl.get();
  const auto cipher = aead_of(SSL_get_current_cipher(ssl));
  const SentRecords& sent = native_->sent;
  if (!cipher || sent.finished.empty() || !native_->wire.output.empty()) return std::nullopt;
  RecordState state{.cipher = *cipher,
                    .next_sequence_number = sent.next_protected,
                    .next_plain_sequence_number = sent.next_plain,
                    .next_explicit_nonce = sent.next_explicit_nonce,
                    .finished = sent.finished};
  const bool server = SSL_is_server(ssl) == 1;
  RecordKey& client_key = server ? state.theirs : state.ours;
  RecordKey& server_key = server ? state.ours : state.theirs;
  const std::size_t iv = *cipher == AeadCipher::kChaCha20Poly1305 ? 12 : 4;
  const std::size_t key = key_size(*cipher);
  std::array<std::uint8_t, 2 * (32 + 12)> block;
  expand_keys(ssl, std::span(block).first(2 * (key + iv)));
  ByteReader reader(block);
  std::ranges::copy(reader.bytes(key), client_key.key.begin());
  std::ranges::copy(reader.bytes(key), server_key.key.begin());
  std::ranges::copy(reader.bytes(iv), client_key.iv.begin());
  std::ranges::copy(reader.bytes(iv), server_key.iv.begin());
  OPENSSL_cleanse(block.data(), block.size());
  return state;
}

Session::Outcome Session::outcome_of(int result) {
  const int error = SSL_get_error(native_->ssl.get(), result);
  ERR_clear_error();
  switch (error) {
    case SSL_ERROR_NONE: return Outcome::kDone;
    case SSL_ERROR_WANT_READ: return Outcome::kWait;
    case SSL_ERROR_ZERO_RETURN: return Outcome::kClosed;
    default: return Outcome::kFailed;
  }
}

}  // namespace parley::dtls
