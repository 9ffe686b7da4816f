#pragma once

#include <cstdint>

namespace parley::turn {

// Who may have TCP to peers (RFC 6062). It reaches any public host and port, so whoever has it has
// a proxy, with this host's address.
enum class TcpFor : std::uint8_t { kNobody, kUsers, kAll };

}  // namespace parley::turn
