#include "sfu/connections.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace parley::sfu {

Connections::Connection* Connections::find(ParticipantId id) const {
  const auto it = by_id_.find(id);
  return it == by_id_.end() ? nullptr : it->second.get();
}

Connections::Connection* Connections::find(std::string_view ufrag) const {
  const auto it = by_ufrag_.find(ufrag);
  return it == by_ufrag_.end() ? nullptr : it->second;
}

Connections::Connection* Connections::find_labelled(const Router& room,
                                                    std::string_view label) const {
  const auto [first, last] = by_label_.equal_range(label);
  for (auto it = first; it != last; ++it) {
    if (it->second->router == &room) return it->second;
  }
  return nullptr;
}

Connections::Connection& Connections::add(std::unique_ptr<Participant> participant) {
  auto& connection = by_id_[participant->id()];
  PARLEY_ASSERT(connection == nullptr);
  connection = std::make_unique<Connection>();
  connection->participant = std::move(participant);
  note_ufrag(*connection);
  return *connection;
}

void Connections::remove(Connection& connection) {
  for (const net::Path& path : connection.paths) paths_.remove(path, connection);
  for (const std::string& ufrag : connection.ufrags) by_ufrag_.erase(ufrag);
  forget_label(connection);
  by_id_.erase(connection.id());
}

void Connections::set_label(Connection& connection, std::string label) {
  forget_label(connection);
  connection.label = std::move(label);
  if (!connection.label.empty()) by_label_.emplace(connection.label, &connection);
}

void Connections::forget_label(const Connection& connection) {
  const auto [first, last] = by_label_.equal_range(connection.label);
  const auto it =
      std::find_if(first, last, [&](const auto& entry) { return entry.second == &connection; });
  if (it != last) by_label_.erase(it);
}

void Connections::note_ufrag(Connection& connection) {
  const bool known =
      !connection.ufrags.empty() && connection.ufrags.back() == connection.participant->ice_ufrag();
  if (known) return;
  connection.ufrags.push_back(connection.participant->ice_ufrag());
  by_ufrag_.insert_or_assign(connection.ufrags.back(), &connection);
  if (connection.ufrags.size() <= 2) return;
  by_ufrag_.erase(connection.ufrags.front());
  connection.ufrags.erase(connection.ufrags.begin());
}

// ICE forgets paths of its own accord, without a word: so does this when the next one comes.
void Connections::bind(Connection& connection, const net::Path& path) {
  if (paths_.find(path) == &connection) return;
  std::erase_if(connection.paths, [&](const net::Path& known) {
    const bool gone = known == path || !connection.participant->is_validated(known);
    if (gone) paths_.remove(known, connection);
    return gone;
  });
  paths_.set(path, connection);
  connection.paths.push_back(path);
}

void Connections::unbind(Connection& connection, const net::Path& path) {
  paths_.remove(path, connection);
  std::erase(connection.paths, path);
}

}  // namespace parley::sfu
