#include "crypto/certificate.h"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "base/assert.h"
#include "base/bytes.h"
#include "crypto/hash.h"
#include "crypto/openssl_ptr.h"

namespace parley::crypto {
namespace {

using Bio = OpensslPtr<BIO, BIO_free>;
using Certificate = OpensslPtr<X509, X509_free>;
using Extension = OpensslPtr<X509_EXTENSION, X509_EXTENSION_free>;
using Key = OpensslPtr<EVP_PKEY, EVP_PKEY_free>;
using Names = OpensslPtr<GENERAL_NAMES, GENERAL_NAMES_free>;
using IpOctets = OpensslPtr<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free>;
using Number = OpensslPtr<BIGNUM, BN_free>;

constexpr std::chrono::days kStartsEarly{1};
// The subject's common name holds 64 characters (RFC 5280, upper bounds); the names stand
// elsewhere.
constexpr std::size_t kMaxCommonName = 64;

std::string text_of(const Bio& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string text_of(const ASN1_STRING* string) {
  const auto* const data = reinterpret_cast<const char*>(ASN1_STRING_get0_data(string));
  return {data, static_cast<std::size_t>(ASN1_STRING_length(string))};
}

bool is_host_name(std::string_view name) {
  constexpr auto kAllowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '*';
  };
  return !name.empty() && name.size() <= 253 && std::ranges::all_of(name, kAllowed);
}

// Adds `name` as the kind of name that it is. False if it is none.
bool add_name(GENERAL_NAMES* names, const std::string& name) {
  GENERAL_NAME* const entry = GENERAL_NAME_new();
  sk_GENERAL_NAME_push(names, entry);  // Owns it from here on.
  if (IpOctets octets{a2i_IPADDRESS(name.c_str())}) {
    GENERAL_NAME_set0_value(entry, GEN_IPADD, octets.release());
    return true;
  }
  if (!is_host_name(name)) return false;
  ASN1_IA5STRING* const text = ASN1_IA5STRING_new();
  ASN1_STRING_set(text, name.data(), static_cast<int>(name.size()));
  GENERAL_NAME_set0_value(entry, GEN_DNS, text);
  return true;
}

void add_extension(X509* certificate, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  PARLEY_ASSERT(extension != nullptr);
  X509_add_ext(certificate, extension.get(), -1);
}

// Positive, and of no more than 20 octets (RFC 5280, 4.1.2.2).
void set_serial_number(X509* certificate, Random& random) {
  std::array<std::uint8_t, 16> bytes;
  random.fill(bytes);
  bytes[0] = static_cast<std::uint8_t>((bytes[0] & 0x7f) | 0x40);
  const Number number(BN_bin2bn(bytes.data(), bytes.size(), nullptr));
  BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate));
}

void set_validity(X509* certificate, const CertificateRequest& request) {
  using std::chrono::system_clock;
  ASN1_TIME_set(X509_getm_notBefore(certificate),
                system_clock::to_time_t(request.now - kStartsEarly));
  ASN1_TIME_set(X509_getm_notAfter(certificate),
                system_clock::to_time_t(request.now - kStartsEarly + request.valid_for));
}

void set_subject(X509* certificate, const std::string& name) {
  const std::string common_name = name.substr(0, kMaxCommonName);
  X509_NAME* const subject = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common_name.data()),
                             static_cast<int>(common_name.size()), -1, 0);
  X509_set_issuer_name(certificate, subject);
}

void set_extensions(X509* certificate, GENERAL_NAMES* names) {
  X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, 0, X509V3_ADD_DEFAULT);
  add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(certificate, NID_key_usage, "critical,digitalSignature");
  add_extension(certificate, NID_ext_key_usage, "serverAuth");
  add_extension(certificate, NID_subject_key_identifier, "hash");
}

KeyAndCertificate to_pem(X509* certificate, EVP_PKEY* key) {
  const Bio certificate_text(BIO_new(BIO_s_mem()));
  const Bio key_text(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(certificate_text.get(), certificate);
  PEM_write_bio_PrivateKey(key_text.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return {.certificate_pem = text_of(certificate_text), .key_pem = text_of(key_text)};
}

WallTime to_wall_time(const ASN1_TIME* time) {
  std::tm broken_down = {};
  ASN1_TIME_to_tm(time, &broken_down);
  return std::chrono::system_clock::from_time_t(timegm(&broken_down));
}

std::string fingerprint(X509* certificate) {
  std::vector<std::uint8_t> der(static_cast<std::size_t>(i2d_X509(certificate, nullptr)));
  unsigned char* out = der.data();
  i2d_X509(certificate, &out);
  std::string text;
  for (const std::uint8_t byte : sha256(der)) {
    text += fmt::format(fmt::runtime(text.empty() ? "{:02X}" : ":{:02X}"), byte);
  }
  return text;
}

std::string ip_text(const ASN1_OCTET_STRING* octets) {
  const int size = ASN1_STRING_length(octets);
  if (size != 4 && size != 16) return "";
  char text[INET6_ADDRSTRLEN];
  return inet_ntop(size == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(octets), text,
                   sizeof text);
}

std::vector<std::string> names_of(const X509* certificate) {
  const Names names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> texts;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type == GEN_DNS) texts.push_back(text_of(name->d.dNSName));
    if (name->type == GEN_IPADD) texts.push_back(ip_text(name->d.iPAddress));
  }
  return texts;
}

}  // namespace

std::expected<KeyAndCertificate, std::string> make_self_signed(const CertificateRequest& request,
                                                               Random& random) {
  if (request.names.empty()) return std::unexpected("a certificate needs a name to be valid for");
  const Names names(GENERAL_NAMES_new());
  for (const std::string& name : request.names) {
    if (add_name(names.get(), name)) continue;
    return std::unexpected(fmt::format("\"{}\" is neither a host name nor an IP address", name));
  }
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate(X509_new());
  PARLEY_ASSERT(key != nullptr && certificate != nullptr);
  X509_set_version(certificate.get(), X509_VERSION_3);
  X509_set_pubkey(certificate.get(), key.get());
  set_serial_number(certificate.get(), random);
  set_validity(certificate.get(), request);
  set_subject(certificate.get(), request.names.front());
  set_extensions(certificate.get(), names.get());
  PARLEY_ASSERT(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0);
  return to_pem(certificate.get(), key.get());
}

bool CertificateFacts::covers(std::string_view name) const {
  return std::ranges::find(names, name) != names.end();
}

std::expected<CertificateFacts, std::string> read_certificate(std::string_view pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const Certificate certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();  // Nobody else shall find what this left behind.
  if (certificate == nullptr) return std::unexpected("this is no certificate in PEM");
  return CertificateFacts{.not_before = to_wall_time(X509_get0_notBefore(certificate.get())),
                          .not_after = to_wall_time(X509_get0_notAfter(certificate.get())),
                          .sha256_fingerprint = fingerprint(certificate.get()),
                          .names = names_of(certificate.get())};
}

}  // namespace parley::crypto
