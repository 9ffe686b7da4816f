#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "net/path.h"
#include "sfu/identifiers.h"
#include "sfu/member.h"
#include "sfu/message.h"
#include "sfu/path_table.h"

namespace parley::sfu {

// All participants of a node, and whose a datagram is: by its path, once ICE has seen the
// participant there, and before by the user name of the check.
class Connections {
 public:
  struct Connection : Member {
    // By what the others know it in messages; set by set_label(). It is one of a kind in its room.
    std::string label = {};
    bool may_send_messages = true;
    MessageBudget message_budget = {};
    std::vector<net::Path> paths = {};     // Under which it may be found. As many as ICE validates.
    std::vector<std::string> ufrags = {};  // The last two: a restart takes a while.
    bool failed = false;
  };

  Connection* find(ParticipantId id) const;
  Connection* find(const net::Path& path) const {
    return static_cast<Connection*>(paths_.find(path));
  }
  Connection* find(std::string_view ufrag) const;
  // Who has this label in the room.
  Connection* find_labelled(const Router& room, std::string_view label) const;

  Connection& add(std::unique_ptr<Participant> participant);
  void remove(Connection& connection);
  void set_label(Connection& connection, std::string label);
  // Its participant has other credentials.
  void note_ufrag(Connection& connection);
  // ICE has validated the path.
  void bind(Connection& connection, const net::Path& path);
  void unbind(Connection& connection, const net::Path& path);

  std::size_t size() const { return by_id_.size(); }
  const auto& all() const { return by_id_; }

 private:
  void forget_label(const Connection& connection);

  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };

  std::unordered_map<ParticipantId, std::unique_ptr<Connection>> by_id_;
  std::unordered_map<std::string, Connection*, TextHash, std::equal_to<>> by_ufrag_;
  // Two rooms may use the same.
  std::unordered_multimap<std::string, Connection*, TextHash, std::equal_to<>> by_label_;
  PathTable paths_;
};

}  // namespace parley::sfu
