#pragma once

#include <cstdint>

namespace parley::codec {

// The payload formats that can be cut into packets and put together again.
enum class Format : std::uint8_t { kUnknown, kOpus, kVp8, kVp9, kH264, kAv1 };

}  // namespace parley::codec
