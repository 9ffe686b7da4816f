#include "tls/problem.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <string_view>

namespace parley::tls {
namespace {

std::string of_certificate(long verdict) {
  switch (verdict) {
    case X509_V_ERR_CERT_HAS_EXPIRED: return "the certificate has expired";
    case X509_V_ERR_CERT_NOT_YET_VALID: return "the certificate is not valid yet";
    case X509_V_ERR_HOSTNAME_MISMATCH: return "the certificate is for another name";
    case X509_V_ERR_IP_ADDRESS_MISMATCH: return "the certificate is not for this IP address";
    case X509_V_ERR_CERT_REVOKED: return "the certificate has been revoked";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return "the certificate is signed by itself, and by nobody who is trusted";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return "the certificate is signed by an authority that is not trusted";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return "the certificate is signed by nobody who is trusted, or its chain is incomplete";
    default:
      return std::string("the certificate is not valid: ") + X509_verify_cert_error_string(verdict);
  }
}

std::string of_protocol(int reason) {
  switch (reason) {
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_HTTPS_PROXY_REQUEST:
    case SSL_R_PACKET_LENGTH_TOO_LONG: return "the other side does not speak TLS";
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION: return "there is no version of TLS that both speak";
    case SSL_R_NO_SHARED_CIPHER: return "there is no cipher that both speak";
    case SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC: return "a record was damaged on its way";
    default: break;
  }
  if (reason > SSL_AD_REASON_OFFSET) {
    return std::string("the other side refused: ") +
           SSL_alert_desc_string_long(reason - SSL_AD_REASON_OFFSET);
  }
  return {};
}

}  // namespace

std::string take_problem(ssl_st* session) {
  const unsigned long error = ERR_get_error();
  ERR_clear_error();
  const int reason = ERR_GET_REASON(error);
  if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED) {
    return of_certificate(SSL_get_verify_result(session));
  }
  const bool is_ours = error != 0 && ERR_GET_LIB(error) == ERR_LIB_SSL;
  if (std::string said = is_ours ? of_protocol(reason) : std::string(); !said.empty()) return said;
  const char* const text = ERR_reason_error_string(error);
  return std::string("TLS failed: ") + (text == nullptr ? "no reason is known" : text);
}

}  // namespace parley::tls
