#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "http/chunked_decoder.h"
#include "http/request_head.h"

namespace parley::http {

// Makes whole requests of the bytes of one connection (RFC 9112).
//
// A request that came in one piece is parsed where it lies. Of one that came in several, the head
// is copied once and the body collected. Between requests the parser holds no memory at all: it
// borrows what it needs from a pool that all connections of a loop share, from a request's first
// byte until finish_request().
class RequestParser {
 public:
  enum class Event : std::uint8_t {
    kNeedMore,  // All input was taken, and waits for more.
    kHead,      // head() is known; the body follows. Set its limit now.
    kRequest,   // The request is whole. Its views are valid until finish_request().
  };

  class Pool;

  explicit RequestParser(Pool& pool);
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;
  ~RequestParser();

  // Takes bytes off the front of `input`, until one event. `input` must stay valid from kHead until
  // kNeedMore or finish_request(). After an error nothing on this connection can be understood.
  std::expected<Event, RequestError> handle_input(Bytes& input, std::size_t max_header_bytes);

  RequestHead& head();  // From kHead on.

  // How long the body may be: 413 otherwise. Zero until it is set.
  void set_max_body_bytes(std::size_t max_body_bytes);

  void finish_request();

  bool is_idle() const { return work_ == nullptr; }
  bool is_in_body() const;

 private:
  struct Work;

  std::expected<Event, RequestError> handle_head(Bytes& input, std::size_t max_header_bytes);
  std::expected<Event, RequestError> handle_body(Bytes& input);
  std::expected<Event, RequestError> handle_chunked_body(Bytes& input);

  Pool& pool_;
  std::unique_ptr<Work> work_;
};

// The memory of requests under way, kept for the next ones. One a loop.
class RequestParser::Pool {
 public:
  Pool();
  ~Pool();

 private:
  friend class RequestParser;
  std::unique_ptr<Work> take();
  void give_back(std::unique_ptr<Work> work);

  std::vector<std::unique_ptr<Work>> spare_;
};

}  // namespace parley::http
