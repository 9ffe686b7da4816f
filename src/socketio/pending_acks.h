#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "socketio/emitter.h"
#include "socketio/packet.h"

namespace parley::socketio {

// The acknowledgements that a namespace waits for. Each is asked of one socket, or of several by
// the same packet; sockets are told by their serial numbers.
class PendingAcks {
 public:
  std::uint64_t next_id() { return next_id_++; }

  void await(std::uint64_t id, std::uint64_t socket, AckCall call);
  void await(std::uint64_t id, std::vector<std::uint64_t> sockets, RepliesCall call);

  // False when that socket was not asked, or has answered.
  bool handle_ack(std::uint64_t id, std::uint64_t socket, Arguments arguments);
  // The time is up, or the only one who could answer is gone.
  void give_up(std::uint64_t id, AckError error);

  std::size_t size() const { return single_.size() + several_.size(); }

 private:
  struct Single {
    std::uint64_t socket = 0;
    AckCall call = {};
  };
  struct Several {
    std::vector<std::uint64_t> sockets = {};  // Who has not answered yet.
    Replies replies = {};
    RepliesCall call = {};
  };

  std::uint64_t next_id_ = 0;
  std::unordered_map<std::uint64_t, Single> single_;
  std::unordered_map<std::uint64_t, Several> several_;
};

}  // namespace parley::socketio
