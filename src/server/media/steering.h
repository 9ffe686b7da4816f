#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/bytes.h"
#include "base/time.h"
#include "net/path.h"

namespace parley::server {

// Whose is a datagram on a port that all workers share. The kernel gives each all that comes from
// its share of the IP addresses; but a participant is on the worker that has their room. So the
// check that begins a path says by its user name whose it is, and what follows on that path is
// passed on to the same.
class Steering {
 public:
  explicit Steering(unsigned own) : own_(own) {}

  // Of whom the control thread knows: the ICE user name fragment of our side of a connection.
  void set(std::string ufrag, unsigned worker) { workers_[std::move(ufrag)] = worker; }
  void forget(std::string_view ufrag);

  // Another worker, whose it is. Nothing: it is this one's, or nobody's.
  std::optional<unsigned> worker_of(Time now, const net::Path& path, Bytes datagram);
  // Of a check alone.
  std::optional<unsigned> worker_of(Bytes check) const;

  std::size_t paths() const { return paths_.size(); }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  struct Elsewhere {
    unsigned worker = 0;
    Time last_heard = {};
  };

  std::optional<unsigned> find(std::string_view ufrag) const;
  void remember(Time now, const net::Path& path, unsigned worker);

  unsigned own_;
  std::unordered_map<std::string, unsigned, Hash, std::equal_to<>> workers_;  // By ufrag.
  std::unordered_map<net::Path, Elsewhere> paths_;  // Of other workers; at most kMaxPaths.
  Time swept_ = {};  // When the silent ones were last forgotten: to look for them takes long.
};

}  // namespace parley::server
