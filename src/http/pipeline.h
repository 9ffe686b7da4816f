#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "http/message.h"
#include "http/response_head.h"

namespace parley::http {

// The requests of one connection that wait for their response, in the order in which they came.
// Responses may be given in any order, and leave in that one (RFC 9112, 9.3.2).
class Pipeline {
 public:
  using Id = std::uint64_t;
  using Call = std::move_only_function<void()>;

  struct Ready {
    ResponseFraming framing = {};
    Response response = {};
  };

  Id add(ResponseFraming framing);

  // False if it has its response already, or was dropped.
  bool respond(Id id, Response response);

  // To be called if the connection ends before respond().
  void set_abandoned(Id id, Call call);

  // The response that is to leave next, once it is given.
  std::optional<Ready> take_ready();

  // Drops all that waits, and calls those who asked for it.
  void abandon();

  // No request may follow: the last one's response says "Connection: close".
  void close_after_last();

  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }

 private:
  struct Entry {
    ResponseFraming framing = {};
    std::optional<Response> response = std::nullopt;
    Call abandoned = {};
  };

  Entry* find(Id id);

  Id first_ = 0;                // The id of entries_.front(), or of the next to be added.
  std::vector<Entry> entries_;  // As many as ServerConfig::max_pipelined at most.
};

}  // namespace parley::http
