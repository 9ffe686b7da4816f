#pragma once

#include <string>

struct ssl_st;

namespace parley::tls {

// Why the call of OpenSSL that has just failed on this thread did so, as half a sentence for
// people: "the certificate has expired". Empties OpenSSL's queue of errors.
std::string take_problem(ssl_st* session);

}  // namespace parley::tls
