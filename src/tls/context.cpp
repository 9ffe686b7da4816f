#include "tls/context.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/assert.h"
#include "base/bytes.h"
#include "crypto/openssl_ptr.h"
#include "tls/session.h"

namespace parley::tls {
namespace {

constexpr const char* kTls12Ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

using ContextPointer = crypto::OpensslPtr<SSL_CTX, SSL_CTX_free>;
using BioPointer = crypto::OpensslPtr<BIO, BIO_free>;
using CertificatePointer = crypto::OpensslPtr<X509, X509_free>;

// RFC 7301, 3.2: the first of ours that the client offers. One that offers none of them goes on
// without a name: what it speaks shows in what it sends.
int select_protocol(SSL* session, const unsigned char** chosen, unsigned char* chosen_size,
                    const unsigned char* offered, unsigned offered_size, void*) {
  for (const std::string_view name : *static_cast<const Protocols*>(SSL_get_app_data(session))) {
    Bytes rest(offered, offered_size);
    while (!rest.empty()) {
      const std::size_t size = std::min<std::size_t>(rest.front(), rest.size() - 1);
      if (as_text(rest.subspan(1, size)) == name) {
        *chosen = rest.data() + 1;
        *chosen_size = static_cast<unsigned char>(size);
        return SSL_TLSEXT_ERR_OK;
      }
      rest = rest.subspan(1 + size);
    }
  }
  return SSL_TLSEXT_ERR_NOACK;
}

std::string last_error() {
  std::array<char, 256> text = {};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  ERR_clear_error();
  return text.data();
}

ContextPointer make(const SSL_METHOD* method) {
  ERR_clear_error();
  ContextPointer context(SSL_CTX_new(method));
  PARLEY_ASSERT(context != nullptr);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  PARLEY_ASSERT(SSL_CTX_set_cipher_list(context.get(), kTls12Ciphers) == 1);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  return context;
}

void configure_server(SSL_CTX* context) {
  SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  SSL_CTX_set_alpn_select_cb(context, select_protocol, nullptr);
  // Resumption by tickets alone: the client keeps the state.
  SSL_CTX_set_num_tickets(context, 1);
  const Bytes id = as_bytes("parley");
  SSL_CTX_set_session_id_context(context, id.data(), static_cast<unsigned>(id.size()));
}

// How many certificates of the PEM text are trusted from now on.
int add_roots(X509_STORE* store, const std::string& pem) {
  const BioPointer bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  int added = 0;
  for (;;) {
    const CertificatePointer root(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (root == nullptr) break;
    added += X509_STORE_add_cert(store, root.get());
  }
  ERR_clear_error();  // The last of them: no more to read.
  return added;
}

}  // namespace

Context::Context(ssl_ctx_st* native, bool verifies) : native_(native), verifies_(verifies) {}

Context::~Context() {
  SSL_CTX_free(native_);
}

Context::Loaded Context::for_server(const std::string& chain_file, const std::string& key_file) {
  ContextPointer context = make(TLS_server_method());
  configure_server(context.get());
  if (SSL_CTX_use_certificate_chain_file(context.get(), chain_file.c_str()) != 1) {
    return std::unexpected(
        fmt::format("cannot read a certificate from {}: {}", chain_file, last_error()));
  }
  if (SSL_CTX_use_PrivateKey_file(context.get(), key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context.get()) != 1) {
    return std::unexpected(fmt::format("cannot use the key in {} for the certificate in {}: {}",
                                       key_file, chain_file, last_error()));
  }
  return std::shared_ptr<const Context>(new Context(context.release(), false));
}

Context::Loaded Context::for_clients(const Verify& verify) {
  ContextPointer context = make(TLS_client_method());
  if (verify.by == Verify::By::kNobody) {
    return std::shared_ptr<const Context>(new Context(context.release(), false));
  }
  if (verify.by == Verify::By::kSystemRoots &&
      SSL_CTX_set_default_verify_paths(context.get()) != 1) {
    return std::unexpected(
        fmt::format("cannot read the system's roots of trust: {}", last_error()));
  }
  X509_STORE* const store = SSL_CTX_get_cert_store(context.get());
  if (verify.by == Verify::By::kRoots && add_roots(store, verify.pem) == 0) {
    return std::unexpected("there is no certificate in the PEM text");
  }
  // What was given to trust need not be able to sign for others.
  X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context.get()), X509_V_FLAG_PARTIAL_CHAIN);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  return std::shared_ptr<const Context>(new Context(context.release(), true));
}

}  // namespace parley::tls
