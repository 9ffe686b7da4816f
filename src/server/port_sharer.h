#pragma once

#include <cstdint>
#include <span>

#include "net/path.h"

namespace parley::server {

// Who shares the UDP port of a relay worker, on its thread.
class PortSharer {
 public:
  // Asked of each datagram before the relay sees it; true: it was for the sharer. It may be changed
  // in place, and is valid during the call only.
  virtual bool on_shared_datagram(const net::Path& path, std::span<std::uint8_t> datagram) = 0;

 protected:
  ~PortSharer() = default;
};

}  // namespace parley::server
