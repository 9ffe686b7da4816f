#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/bytes.h"
#include "base/shared_bytes.h"

namespace parley::http::websocket {

// What both ends have agreed on for permessage-deflate (RFC 7692, 7.1).
struct DeflateParameters {
  bool server_no_context_takeover = false;
  bool client_no_context_takeover = false;
  int server_max_window_bits = 15;  // 8 to 15.
  int client_max_window_bits = 15;

  friend bool operator==(const DeflateParameters&, const DeflateParameters&) = default;
};

// Compresses the messages of one direction. Its context, about 256 KiB with a full window, is made
// for the first message, and dropped after each where the next must not refer back to it.
class Deflater {
 public:
  explicit Deflater(const DeflateParameters& parameters);
  ~Deflater();

  // A whole message, as it goes into a frame with RSV1 set.
  SharedBytes deflate(Bytes message);

  bool holds_context() const { return context_ != nullptr; }

 private:
  struct Context;

  int window_bits_;
  bool keeps_context_;
  std::unique_ptr<Context> context_;
};

// Decompresses the messages of one direction, piece by piece.
class Inflater {
 public:
  enum class Status : std::uint8_t { kOk, kCorrupt, kTooLarge };

  explicit Inflater(const DeflateParameters& parameters);
  ~Inflater();

  // Appends what `piece` yields to `message`, which never grows past `max_size`: a few bytes can
  // unfold to a thousand times as many.
  Status inflate(Bytes piece, std::vector<std::uint8_t>& message, std::size_t max_size);

  // The last frame of the message has ended.
  Status finish_message(std::vector<std::uint8_t>& message, std::size_t max_size);

  bool holds_context() const { return context_ != nullptr; }

 private:
  struct Context;

  int window_bits_;
  bool keeps_context_;
  std::unique_ptr<Context> context_;
};

}  // namespace parley::http::websocket
