#include "base/shared_bytes.h"

#include <algorithm>
#include <new>

namespace parley {

SharedBytes::SharedBytes(std::span<const Bytes> parts) {
  std::size_t size = 0;
  for (const Bytes part : parts) size += part.size();
  void* const memory = ::operator new(sizeof(Block) + size);
  block_ = new (memory) Block{.size = size, .holders = 1};
  auto* out = reinterpret_cast<std::uint8_t*>(block_ + 1);
  for (const Bytes part : parts) out = std::ranges::copy(part, out).out;
}

void SharedBytes::release() {
  if (block_ == nullptr || --block_->holders > 0) return;
  ::operator delete(block_);
}

}  // namespace parley
