#include "http/chunked_decoder.h"

#include <algorithm>
#include <utility>

namespace parley::http {
namespace {

constexpr std::uint32_t kMaxSkipped = 8 << 10;  // A client has no reason to send any.

constexpr std::uint8_t kMaxSizeDigits = 16;

constexpr int hex_digit(std::uint8_t byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
  if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
  return -1;
}

}  // namespace

ChunkedDecoder::Status ChunkedDecoder::decode(Bytes& input, std::vector<std::uint8_t>& body,
                                              std::size_t max_body) {
  while (!input.empty()) {
    if (state_ == State::kData) {
      const Bytes data = input.first(std::min<std::uint64_t>(input.size(), chunk_left_));
      body.insert(body.end(), data.begin(), data.end());
      input = input.subspan(data.size());
      chunk_left_ -= data.size();
      if (chunk_left_ == 0) state_ = State::kDataCarriageReturn;
      continue;
    }
    const std::uint8_t byte = input.front();
    input = input.subspan(1);
    const Status status = decode_byte(byte, max_body - body.size());
    if (status != Status::kNeedMore) return status;
  }
  return Status::kNeedMore;
}

ChunkedDecoder::Status ChunkedDecoder::decode_byte(std::uint8_t byte, std::size_t room) {
  switch (state_) {
    case State::kSize: return decode_size(byte, room);
    case State::kExtension: return skip_until_line_end(byte, State::kSizeLineFeed);
    case State::kSizeLineFeed:
      return expect(byte, '\n', chunk_left_ == 0 ? State::kTrailerStart : State::kData);
    case State::kDataCarriageReturn: return expect(byte, '\r', State::kDataLineFeed);
    case State::kDataLineFeed: size_digits_ = 0; return expect(byte, '\n', State::kSize);
    case State::kTrailerStart:
      if (byte == '\r') return expect(byte, '\r', State::kLastLineFeed);
      state_ = State::kTrailer;
      return skip_until_line_end(byte, State::kTrailerLineFeed);
    case State::kTrailer: return skip_until_line_end(byte, State::kTrailerLineFeed);
    case State::kTrailerLineFeed: return expect(byte, '\n', State::kTrailerStart);
    case State::kLastLineFeed: return byte == '\n' ? Status::kDone : Status::kMalformed;
    case State::kData: break;
  }
  std::unreachable();
}

// chunk-size [ chunk-ext ] CRLF. The size is checked digit by digit, so it cannot overflow.
ChunkedDecoder::Status ChunkedDecoder::decode_size(std::uint8_t byte, std::size_t room) {
  if (const int digit = hex_digit(byte); digit >= 0) {
    chunk_left_ = chunk_left_ << 4 | static_cast<unsigned>(digit);
    if (chunk_left_ > room) return Status::kTooLarge;
    return ++size_digits_ > kMaxSizeDigits ? Status::kMalformed : Status::kNeedMore;
  }
  if (size_digits_ == 0) return Status::kMalformed;
  if (byte == '\r') return expect(byte, '\r', State::kSizeLineFeed);
  state_ = State::kExtension;
  return byte == ';' ? Status::kNeedMore : Status::kMalformed;
}

ChunkedDecoder::Status ChunkedDecoder::expect(std::uint8_t byte, char wanted, State next) {
  state_ = next;
  return byte == static_cast<std::uint8_t>(wanted) ? Status::kNeedMore : Status::kMalformed;
}

ChunkedDecoder::Status ChunkedDecoder::skip_until_line_end(std::uint8_t byte, State next) {
  if (byte == '\r') {
    state_ = next;
    return Status::kNeedMore;
  }
  if (byte == '\n' || ++skipped_ > kMaxSkipped) return Status::kMalformed;
  return Status::kNeedMore;
}

}  // namespace parley::http
