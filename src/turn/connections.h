#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "base/random.h"
#include "base/time.h"
#include "net/path.h"
#include "turn/allocation.h"
#include "turn/protocol.h"

namespace parley::turn {

// A TCP connection between a relayed address and a peer (RFC 6062).
struct Connection {
  enum class State : std::uint8_t {
    kConnecting,  // To the peer, as Connect asked.
    kUnbound,     // The client knows of it, and is to come with a connection for its data.
    kBound,       // Its bytes pass by us.
  };

  ConnectionId id = {};
  AllocationId allocation = {};
  net::SocketAddress peer = {};
  State state = State::kConnecting;
  Time deadline = kNever;
  Quotas::Lease lease = {};
  Exchange exchange = {};  // Connect's, until it is answered.
  net::Path data = {};     // The client's connection, once bound.
};

// All peers' connections, by their ids and by the clients' connections they are joined to.
class Connections {
 public:
  explicit Connections(Random& random) : random_(&random) {}

  Connection& add(AllocationId allocation, const net::SocketAddress& peer);
  Connection* find(ConnectionId id);
  Connection* find_data(const net::Path& data);
  bool has_data(const net::Path& data) const { return by_data_.contains(data); }
  void bind(Connection& connection, const net::Path& data);
  void erase(ConnectionId id);

  std::size_t size() const { return connections_.size(); }

 private:
  Random* random_;  // Ids are what binds: nobody must guess them.
  std::unordered_map<ConnectionId, Connection> connections_;
  std::unordered_map<net::Path, ConnectionId> by_data_;
};

}  // namespace parley::turn
