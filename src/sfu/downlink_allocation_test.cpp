// Counts what is allocated: for a packet that leaves at once it shall be nothing.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "sfu/test_receiver.h"

namespace {

std::size_t allocations = 0;

}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  void* const memory = std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
// All forms go together: a sanitizer would not have one's memory given back to another.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
  std::free(memory);
}

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};

struct Forwarding {
  SeededRandom random{1};
  std::unique_ptr<srtp::Provider> provider = srtp::Provider::make();
  srtp::Sender sender{*provider, srtp::MasterKey::make(srtp::Profile::kAeadAes128Gcm,
                                                       std::vector<std::uint8_t>(28, 7))
                                     .value()};
  Downlink downlink{test_downlink(), random};
  PacketPool pool;
  net::Path path;
  net::DatagramBatch batch;
  std::vector<srtp::Protection> work;
  std::vector<std::uint8_t> payload = std::vector<std::uint8_t>(1'100, 7);
  Time now = kStart;
  std::uint16_t number = 0;

  // A frame of eight packets, with picture ids of the receiver's own.
  void forward_frame() {
    for (int i = 0; i < 8; ++i) {
      auto made = pool.make(payload);
      made->packet->payload = made->bytes;
      downlink.push(now, kPictureSlot,
                    {.packet = made->ref,
                     .payload = made->bytes,
                     .sequence_number = number++,
                     .payload_type = kVp8,
                     .picture_id = number});
    }
    while (!downlink.fill(now, sender, path, batch, work)) {
    }
    srtp::protect_rtp(work);
    work.clear();
    batch.clear();
    now += 40ms;
  }
};

TEST(DownlinkAllocation, AllocatesNothingForAPacket) {
  Forwarding forwarding;
  forwarding.downlink.start(forwarding.now);
  // As many as the log of what was sent remembers, of which nobody tells.
  for (int i = 0; i < 2'000; ++i) forwarding.forward_frame();
  const std::size_t before = allocations;
  for (int i = 0; i < 100; ++i) forwarding.forward_frame();
  EXPECT_EQ(allocations, before);
  EXPECT_EQ(forwarding.downlink.counters().packets, 2'100u * 8);
}

}  // namespace
}  // namespace parley::sfu
