#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

// OpenSSL's; its headers stay in the .cpp files.
struct ssl_ctx_st;

namespace parley::tls {

// Whose word a client takes for who the server is.
struct Verify {
  enum class By : std::uint8_t {
    kSystemRoots,  // The authorities that this computer trusts.
    kRoots,        // Those in `pem`: authorities, or the very certificate of a server.
    kNobody,       // Whoever answers is believed: for measurements, never for secrets.
  };

  By by = By::kSystemRoots;
  std::string pem = {};
};

// What the sessions of one role have in common: TLS 1.2 with forward secrecy and authenticated
// ciphers, or 1.3; of a server, its certificate and key; of a client, whom it trusts.
//
// Never changed once it is made, so threads may share one. Sessions keep what they need of it: it
// may be replaced at any time, for those that come after.
class Context {
 public:
  using Loaded = std::expected<std::shared_ptr<const Context>, std::string>;

  // PEM files: the chain, the server's own certificate first, and the key. The error is a sentence
  // for the operator.
  static Loaded for_server(const std::string& chain_file, const std::string& key_file);
  // The error is a sentence: the PEM holds no certificate, or the system has no roots.
  static Loaded for_clients(const Verify& verify);

  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  bool verifies() const { return verifies_; }  // A client's: the server's name is checked.

 private:
  friend class Session;

  Context(ssl_ctx_st* native, bool verifies);  // Takes it over.

  ssl_ctx_st* native_;
  bool verifies_;
};

}  // namespace parley::tls
