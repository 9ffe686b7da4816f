#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "net/path.h"

namespace parley::turn {

// At which ports there is a relayed address: of this host, so of all servers that share its
// addresses, each on a thread of its own. What one of them opens the others may reach, and nothing
// else that listens here.
class RelayPorts {
 public:
  void set(net::Transport transport, const net::SocketAddress& local, bool is_open) {
    std::atomic<std::uint64_t>& word = ports_[index(transport, local)][local.port / 64u];
    if (is_open) {
      word.fetch_or(bit(local.port));
    } else {
      word.fetch_and(~bit(local.port));
    }
  }

  bool has(net::Transport transport, const net::SocketAddress& local) const {
    const std::atomic<std::uint64_t>& word = ports_[index(transport, local)][local.port / 64u];
    return (word.load(std::memory_order_relaxed) & bit(local.port)) != 0;
  }

 private:
  // There is one relayed host of a family.
  static std::size_t index(net::Transport transport, const net::SocketAddress& local) {
    return (transport == net::Transport::kTcp ? 2u : 0u) + (local.ip.is_v6() ? 1u : 0u);
  }
  static std::uint64_t bit(std::uint16_t port) { return std::uint64_t{1} << (port % 64u); }

  std::array<std::array<std::atomic<std::uint64_t>, 65'536 / 64>, 4> ports_ = {};
};

}  // namespace parley::turn
