#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace parley::http {

// Takes a body out of its chunks (RFC 9112, 7.1). Chunk extensions and trailer fields are read
// over: nothing here has a use for them.
class ChunkedDecoder {
 public:
  enum class Status : std::uint8_t { kNeedMore, kDone, kMalformed, kTooLarge };

  // Takes bytes off the front of `input`, and appends what they carry to `body`, which never grows
  // past `max_body`. To be called no more once it has returned anything but kNeedMore.
  Status decode(Bytes& input, std::vector<std::uint8_t>& body, std::size_t max_body);

 private:
  // What the next byte belongs to.
  enum class State : std::uint8_t {
    kSize,
    kExtension,
    kSizeLineFeed,
    kData,
    kDataCarriageReturn,
    kDataLineFeed,
    kTrailerStart,
    kTrailer,
    kTrailerLineFeed,
    kLastLineFeed,
  };

  Status decode_byte(std::uint8_t byte, std::size_t room);
  Status decode_size(std::uint8_t byte, std::size_t room);
  Status expect(std::uint8_t byte, char wanted, State next);
  Status skip_until_line_end(std::uint8_t byte, State next);

  State state_ = State::kSize;
  std::uint8_t size_digits_ = 0;  // Leading zeros count.
  std::uint64_t chunk_left_ = 0;  // While in kSize, the size as far as it was read.
  std::uint32_t skipped_ = 0;     // Bytes of extensions and trailers.
};

}  // namespace parley::http
