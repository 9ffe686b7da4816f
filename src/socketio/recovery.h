#pragma once

#include <any>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "socketio/config.h"
#include "socketio/packet.h"
#include "socketio/rooms.h"

namespace parley::socketio {

// To whom a broadcast goes: the members of any of `rooms` (everybody, where none is named), but
// nobody who is in one of `excepts`. A socket's id names a room that holds that socket alone.
struct Targets {
  std::vector<std::string> rooms = {};
  std::vector<std::string> excepts = {};
};

// What is kept of a socket whose client went away without meaning to.
struct SavedSocket {
  std::string id = {};
  std::vector<std::string> rooms = {};
  std::any data = {};
  std::uint64_t first_offset = 0;  // Of the last event before it connected.
};

// The memory of one namespace for connection state recovery: who went, and what was sent since.
//
// Every event that can be recovered has an offset, appended to its arguments, which the client
// gives back when it returns, together with the private id that only it knows.
class Recovery {
 public:
  explicit Recovery(RecoveryConfig config) : config_(config) {}

  // The offset that the next recorded event has; count up from 1.
  std::uint64_t next_offset() const { return last_offset_ + 1; }
  std::uint64_t last_offset() const { return last_offset_; }
  void record(Time now, const Encoded& event, Targets targets);

  void save(Time now, std::string private_id, SavedSocket socket);

  struct Restored {
    SavedSocket socket = {};
    std::vector<Encoded> missed = {};  // In order.
  };
  // Nothing when the client is not known, comes too late, or missed more than was kept. `offset` is
  // what the client says, if it has received anything.
  std::optional<Restored> restore(Time now, std::string_view private_id,
                                  std::optional<std::string_view> offset);

  std::size_t saved() const { return saved_.size(); }
  std::size_t recorded() const { return events_.size(); }

 private:
  struct Event {
    std::uint64_t offset = 0;
    Time at = kAtOnce;
    Encoded packet = {};
    Targets targets = {};
  };
  struct Saved {
    std::string private_id = {};
    Time until = kNever;
    SavedSocket socket = {};
  };

  void forget_old(Time now);

  RecoveryConfig config_;
  std::uint64_t last_offset_ = 0;
  std::deque<Event> events_;  // By offset, without a gap; bounded by max_packets and max_bytes.
  std::size_t bytes_ = 0;
  std::uint64_t next_key_ = 0;
  std::map<std::uint64_t, Saved> saved_;  // The oldest first; bounded by max_sessions.
  ByName<std::uint64_t> by_private_id_;
};

}  // namespace parley::socketio
