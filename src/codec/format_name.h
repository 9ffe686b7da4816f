#pragma once

#include <string_view>

#include "codec/format.h"

namespace parley::codec {

// As a=rtpmap writes it, in capitals or not. What we cannot cut or put together: kUnknown.
Format format_named(std::string_view name);

}  // namespace parley::codec
