#include "http/websocket/deflate.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>

#include "base/assert.h"

namespace parley::http::websocket {
namespace {

// RFC 7692, 7.2.1: every message ends in an empty stored block, of which these bytes are not sent.
constexpr std::array<std::uint8_t, 4> kTail = {0x00, 0x00, 0xFF, 0xFF};

// What output is collected in: on the stack, and large enough that most messages need one round.
constexpr std::size_t kPieceBytes = 16 << 10;

constexpr int kLevel = 4;        // Half the time of zlib's default for a few per cent more bytes.
constexpr int kMemoryLevel = 8;  // zlib's default.

// zlib cannot deflate raw with a window of 256 bytes. With one of 512 it never refers back further
// than 512 - 262 bytes, so that is right for a peer with either window.
constexpr int kLeastDeflateBits = 9;

void set_input(z_stream& stream, Bytes input) {
  PARLEY_ASSERT(input.size() <= std::numeric_limits<uInt>::max());
  stream.next_in = const_cast<Bytef*>(input.data());  // zlib does not write to it.
  stream.avail_in = static_cast<uInt>(input.size());
}

}  // namespace

struct Deflater::Context {
  explicit Context(int window_bits) {
    const int bits = std::max(window_bits, kLeastDeflateBits);
    const int result =
        deflateInit2(&stream, kLevel, Z_DEFLATED, -bits, kMemoryLevel, Z_DEFAULT_STRATEGY);
    PARLEY_ASSERT(result == Z_OK);
  }
  ~Context() { deflateEnd(&stream); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  z_stream stream = {};
};

Deflater::Deflater(const DeflateParameters& parameters)
    : window_bits_(parameters.server_max_window_bits),
      keeps_context_(!parameters.server_no_context_takeover) {}

Deflater::~Deflater() = default;

SharedBytes Deflater::deflate(Bytes message) {
  if (message.empty()) return SharedBytes(Bytes(kTail).first(1));  // RFC 7692, 7.2.3.6.
  if (context_ == nullptr) context_ = std::make_unique<Context>(window_bits_);
  z_stream& stream = context_->stream;
  set_input(stream, message);
  std::vector<std::uint8_t> deflated;
  std::array<std::uint8_t, kPieceBytes> piece;
  do {
    stream.next_out = piece.data();
    stream.avail_out = static_cast<uInt>(piece.size());
    ::deflate(&stream, Z_SYNC_FLUSH);
    const std::size_t written = piece.size() - stream.avail_out;
    deflated.insert(deflated.end(), piece.data(), piece.data() + written);
  } while (stream.avail_out == 0);
  PARLEY_ASSERT(stream.avail_in == 0 && deflated.size() >= kTail.size());
  deflated.resize(deflated.size() - kTail.size());
  if (!keeps_context_) context_.reset();
  return SharedBytes(Bytes(deflated));
}

struct Inflater::Context {
  explicit Context(int window_bits) {
    const int result = inflateInit2(&stream, -window_bits);
    PARLEY_ASSERT(result == Z_OK);
  }
  ~Context() { inflateEnd(&stream); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  // RFC 7692, 7.2.3.4: a block marked final ends zlib's stream, but not ours. What came before it
  // can still be referred to.
  bool start_next_stream() {
    std::array<Bytef, 32 << 10> window;
    uInt size = 0;
    return inflateGetDictionary(&stream, window.data(), &size) == Z_OK &&
           inflateReset(&stream) == Z_OK &&
           inflateSetDictionary(&stream, window.data(), size) == Z_OK;
  }

  z_stream stream = {};
};

Inflater::Inflater(const DeflateParameters& parameters)
    : window_bits_(parameters.client_max_window_bits),
      keeps_context_(!parameters.client_no_context_takeover) {}

Inflater::~Inflater() = default;

Inflater::Status Inflater::inflate(Bytes piece, std::vector<std::uint8_t>& message,
                                   std::size_t max_size) {
  if (context_ == nullptr) context_ = std::make_unique<Context>(window_bits_);
  z_stream& stream = context_->stream;
  set_input(stream, piece);
  std::array<std::uint8_t, kPieceBytes> out;
  do {
    stream.next_out = out.data();
    stream.avail_out = static_cast<uInt>(out.size());
    const int result = ::inflate(&stream, Z_SYNC_FLUSH);
    const std::size_t written = out.size() - stream.avail_out;
    const std::size_t fitting = std::min(written, max_size - message.size());
    message.insert(message.end(), out.data(), out.data() + fitting);
    if (fitting < written) return Status::kTooLarge;
    if (result == Z_STREAM_END) {
      if (!context_->start_next_stream()) return Status::kCorrupt;
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      return Status::kCorrupt;
    }
  } while (stream.avail_in > 0 || stream.avail_out == 0);
  return Status::kOk;
}

Inflater::Status Inflater::finish_message(std::vector<std::uint8_t>& message,
                                          std::size_t max_size) {
  const Status status = inflate(kTail, message, max_size);
  if (!keeps_context_) context_.reset();
  return status;
}

}  // namespace parley::http::websocket
