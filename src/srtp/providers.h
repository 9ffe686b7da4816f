#pragma once

#include <memory>

#include "srtp/provider.h"

// What Provider::make() chooses from.
namespace parley::srtp {

std::unique_ptr<Provider> make_openssl_provider();

// Null where it was not built in, or the processor has no AES instructions.
std::unique_ptr<Provider> make_ipsec_mb_provider();

}  // namespace parley::srtp
