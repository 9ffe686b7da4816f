#include "turn/connections.h"

namespace parley::turn {

Connection& Connections::add(AllocationId allocation, const net::SocketAddress& peer) {
  ConnectionId id;
  do {
    id.value = random_->u32();
  } while (!id || connections_.contains(id));
  Connection& connection = connections_[id];
  connection.id = id;
  connection.allocation = allocation;
  connection.peer = peer;
  return connection;
}

Connection* Connections::find(ConnectionId id) {
  const auto it = connections_.find(id);
  return it == connections_.end() ? nullptr : &it->second;
}

Connection* Connections::find_data(const net::Path& data) {
  const auto it = by_data_.find(data);
  return it == by_data_.end() ? nullptr : find(it->second);
}

void Connections::bind(Connection& connection, const net::Path& data) {
  connection.state = Connection::State::kBound;
  connection.deadline = kNever;
  connection.data = data;
  by_data_[data] = connection.id;
}

void Connections::erase(ConnectionId id) {
  const auto it = connections_.find(id);
  if (it == connections_.end()) return;
  if (it->second.state == Connection::State::kBound) by_data_.erase(it->second.data);
  connections_.erase(it);
}

}  // namespace parley::turn
