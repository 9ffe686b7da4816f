#include "io/send_queue.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/assert.h"

namespace parley::io {
namespace {

// As many as a busy turn brings for one client, so that such a turn allocates once.
constexpr std::size_t kFirstCapacity = 8;

// Fills a Gather from the front.
class Layout {
 public:
  explicit Layout(Gather& gather) : gather_(gather) {}

  // False if no more fits: then nothing of `bytes` was laid out.
  bool append(Bytes bytes) {
    if (bytes.empty()) return true;
    return bytes.size() <= Gather::kSmall ? append_copy(bytes) : append_piece(bytes);
  }

  std::span<iovec> pieces() { return std::span(gather_.pieces).first(count_); }

 private:
  bool append_copy(Bytes bytes) {
    if (bytes.size() > gather_.buffer.size() - used_) return false;
    std::uint8_t* const copy = gather_.buffer.data() + used_;
    if (last_is_copy_) {
      gather_.pieces[count_ - 1].iov_len += bytes.size();
    } else if (!append_piece({copy, bytes.size()})) {
      return false;
    }
    std::memcpy(copy, bytes.data(), bytes.size());
    used_ += bytes.size();
    last_is_copy_ = true;
    return true;
  }

  bool append_piece(Bytes bytes) {
    if (count_ == gather_.pieces.size()) return false;
    // sendmsg() only reads, but its iovec serves for reading into as well.
    gather_.pieces[count_++] = {const_cast<std::uint8_t*>(bytes.data()), bytes.size()};
    last_is_copy_ = false;
    return true;
  }

  Gather& gather_;
  std::size_t count_ = 0;
  std::size_t used_ = 0;  // Of the buffer.
  bool last_is_copy_ = false;
};

Bytes skip(Bytes bytes, std::size_t& count) {
  const std::size_t skipped = std::min(count, bytes.size());
  count -= skipped;
  return bytes.subspan(skipped);
}

}  // namespace

void SendQueue::push(Bytes header, SharedBytes payload) {
  PARLEY_ASSERT(header.size() <= kMaxHeader);
  const std::size_t size = header.size() + payload.size();
  if (size == 0) return;
  if (entries_.capacity() == 0) entries_.reserve(kFirstCapacity);
  Entry& entry = entries_.emplace_back();
  entry.header_size = static_cast<std::uint8_t>(header.size());
  std::ranges::copy(header, entry.header.begin());
  entry.payload = std::move(payload);
  bytes_ += size;
}

std::span<iovec> SendQueue::lay_out(Gather& gather) const {
  Layout layout(gather);
  std::size_t sent = front_sent_;
  for (const Entry& entry : std::span(entries_).subspan(first_)) {
    const Bytes header = skip(Bytes(entry.header).first(entry.header_size), sent);
    const Bytes payload = skip(entry.payload.bytes(), sent);
    if (!layout.append(header) || !layout.append(payload)) break;
  }
  return layout.pieces();
}

void SendQueue::consume(std::size_t count) {
  PARLEY_ASSERT(count <= bytes_);
  bytes_ -= count;
  if (bytes_ == 0) {
    clear();
    return;
  }
  count += front_sent_;
  for (; count >= entries_[first_].size(); ++first_) {
    count -= entries_[first_].size();
    entries_[first_].payload = {};
  }
  front_sent_ = count;
  if (first_ > entries_.size() / 2) {  // Moved at most once for every entry that has left.
    entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
}

}  // namespace parley::io
