#include "net/datagram_batch.h"

namespace parley::net {
namespace {

constexpr std::size_t kMemory = DatagramBatch::kMaxDatagrams * DatagramBatch::kMaxDatagram;
// The kernel cuts a run into at most so many datagrams, of so many bytes together (UDP_MAX_SEGMENTS
// and the length of an IP packet).
constexpr std::size_t kMaxRun = 64;
constexpr std::size_t kMaxRunBytes = 65'000;

}  // namespace

DatagramBatch::DatagramBatch() : memory_(std::make_unique<std::uint8_t[]>(kMemory)) {
  runs_.reserve(kMaxDatagrams);
}

std::span<std::uint8_t> DatagramBatch::add(const Path& path, std::size_t size) {
  if (datagrams_ == kMaxDatagrams || size > kMaxDatagram || size == 0) return {};
  const std::span<std::uint8_t> room(memory_.get() + used_, size);
  Run* const last = runs_.empty() ? nullptr : &runs_.back();
  // A shorter one was the last of its run.
  const bool goes_on = last != nullptr && last->path == path && size <= last->datagram_size &&
                       last->bytes.size() == last->datagram_size * last->datagrams &&
                       last->datagrams < kMaxRun && last->bytes.size() + size <= kMaxRunBytes;
  if (goes_on) {
    ++last->datagrams;
    last->bytes = Bytes(last->bytes.data(), last->bytes.size() + size);
  } else {
    runs_.push_back({.path = path, .datagram_size = size, .datagrams = 1, .bytes = room});
  }
  used_ += size;
  ++datagrams_;
  return room;
}

void DatagramBatch::clear() {
  used_ = 0;
  datagrams_ = 0;
  runs_.clear();
}

}  // namespace parley::net
