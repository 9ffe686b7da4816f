#include "dtls/algorithms.h"

#include <openssl/core_dispatch.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

namespace parley::dtls {
namespace {

using Algorithms = std::vector<OSSL_ALGORITHM>;  // Ended by an empty one.

// What there is of one operation, by the name that OpenSSL has for it.
struct Choice {
  int operation;
  std::array<std::string_view, 8> names;  // The rest is empty.
};

// Cipher suites, groups and profiles as in session.cpp; keys as peers may show them: ECDSA, RSA,
// Ed25519.
constexpr std::array kChoices{
    Choice{OSSL_OP_DIGEST, {"SHA1", "SHA2-224", "SHA2-256", "SHA2-384", "SHA2-512"}},
    Choice{OSSL_OP_CIPHER, {"AES-128-GCM", "AES-256-GCM", "ChaCha20-Poly1305", "AES-128-CBC"}},
    Choice{OSSL_OP_MAC, {"HMAC"}},
    Choice{OSSL_OP_KDF, {"TLS1-PRF"}},
    Choice{OSSL_OP_RAND, {"CTR-DRBG", "SEED-SRC"}},
    Choice{OSSL_OP_KEYMGMT, {"EC", "RSA", "RSA-PSS", "X25519", "ED25519", "HMAC"}},
    Choice{OSSL_OP_KEYEXCH, {"ECDH", "X25519"}},
    Choice{OSSL_OP_SIGNATURE, {"ECDSA", "RSA", "ED25519", "HMAC"}},
    Choice{OSSL_OP_DECODER, {"EC", "RSA", "RSA-PSS", "ED25519"}},
};
constexpr std::string_view kDecodes = "input=der,structure=SubjectPublicKeyInfo";

// `names` as OpenSSL lists them, with colons between them.
bool has_name(std::string_view names, std::string_view name) {
  while (true) {
    const std::size_t colon = names.find(':');
    if (names.substr(0, colon) == name) return true;
    if (colon == std::string_view::npos) return false;
    names.remove_prefix(colon + 1);
  }
}

bool is_chosen(const Choice& choice, const OSSL_ALGORITHM& algorithm) {
  const bool reads = std::string_view(algorithm.property_definition).ends_with(kDecodes);
  if (choice.operation == OSSL_OP_DECODER && !reads) return false;
  return std::ranges::any_of(choice.names, [&](std::string_view name) {
    return !name.empty() && has_name(algorithm.algorithm_names, name);
  });
}

// A provider made of a part of the default one: its algorithms, and its context for them.
class Part {
 public:
  explicit Part(OSSL_PROVIDER* whole) : whole_(whole) {
    for (const Choice& choice : kChoices) {
      int no_cache = 0;
      const OSSL_ALGORITHM* all = OSSL_PROVIDER_query_operation(whole, choice.operation, &no_cache);
      Algorithms& chosen = of_.at(static_cast<std::size_t>(choice.operation));
      for (; all != nullptr && all->algorithm_names != nullptr; ++all) {
        if (is_chosen(choice, *all)) chosen.push_back(*all);
      }
      chosen.push_back({});
    }
  }

  const OSSL_ALGORITHM* algorithms(int operation) const {
    const auto index = static_cast<std::size_t>(operation);
    return index < of_.size() && !of_[index].empty() ? of_[index].data() : nullptr;
  }
  OSSL_PROVIDER* whole() const { return whole_; }

  // OpenSSL's calls give no more of ours than the whole's context, so there is one for the process.
  static inline const Part* one = nullptr;

 private:
  OSSL_PROVIDER* whole_;
  std::array<Algorithms, OSSL_OP__HIGHEST + 1> of_ = {};  // By operation.
};

const OSSL_ALGORITHM* query(void*, int operation, int* no_cache) {
  *no_cache = 0;
  return Part::one->algorithms(operation);
}

// The groups of TLS.
int capabilities(void*, const char* name, OSSL_CALLBACK* tell, void* argument) {
  return OSSL_PROVIDER_get_capabilities(Part::one->whole(), name, tell, argument);
}

template <class Function>
OSSL_DISPATCH entry(int number, Function* function) {
  return {number, reinterpret_cast<void (*)()>(function)};
}

int begin(const OSSL_CORE_HANDLE*, const OSSL_DISPATCH*, const OSSL_DISPATCH** functions,
          void** context) {
  static const std::array kFunctions{entry(OSSL_FUNC_PROVIDER_QUERY_OPERATION, query),
                                     entry(OSSL_FUNC_PROVIDER_GET_CAPABILITIES, capabilities),
                                     OSSL_DISPATCH{}};
  *functions = kFunctions.data();
  *context = OSSL_PROVIDER_get0_provider_ctx(Part::one->whole());
  return 1;
}

OSSL_LIB_CTX* make() {
  const bool remembers = OPENSSL_version_major() != 3 || OPENSSL_version_minor() >= 2;
  const bool restricted = EVP_default_properties_is_fips_enabled(nullptr) == 1 ||
                          OSSL_PROVIDER_available(nullptr, "default") != 1;
  if (remembers || restricted) return nullptr;
  OSSL_PROVIDER* const whole = OSSL_PROVIDER_load(nullptr, "default");
  if (whole == nullptr) return nullptr;
  Part::one = new Part(whole);
  OSSL_LIB_CTX* const library = OSSL_LIB_CTX_new();
  constexpr const char* kName = "handshake";
  if (library != nullptr && OSSL_PROVIDER_add_builtin(library, kName, begin) == 1 &&
      OSSL_PROVIDER_load(library, kName) != nullptr) {
    return library;
  }
  OSSL_LIB_CTX_free(library);
  return nullptr;
}

}  // namespace

ossl_lib_ctx_st* handshake_algorithms() {
  static OSSL_LIB_CTX* const kLibrary = [] {
    OSSL_LIB_CTX* const library = make();
    ERR_clear_error();
    return library;
  }();
  return kLibrary;
}

}  // namespace parley::dtls
