#pragma once

struct ossl_lib_ctx_st;  // OpenSSL's OSSL_LIB_CTX.

namespace parley::dtls {

// An OpenSSL in which there is nothing but what a handshake of ours, or of any peer that we take,
// needs.
//
// To read a peer's certificate OpenSSL 3.0 goes through all decoders, key types and algorithms that
// it has, compares their names and copies their list: that takes longer than to verify a signature.
// Here there are few of each, and a handshake takes a third less. They are the default provider's
// own.
//
// Null, which to OpenSSL means all that it has: where the operator has chosen what that is (FIPS),
// from OpenSSL 3.2 on, which remembers what it has found, and where it cannot be had. Made once,
// and never freed.
ossl_lib_ctx_st* handshake_algorithms();

}  // namespace parley::dtls
