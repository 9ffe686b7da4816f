// Counts what is allocated, by us and by OpenSSL: for a packet it shall be nothing.
#include <gtest/gtest.h>
#include <openssl/crypto.h>

#include <cstdlib>
#include <new>

#include "srtp/receiver.h"
#include "srtp/sender.h"
#include "srtp/test_packets.h"

namespace {

std::size_t allocations = 0;

// Before OpenSSL allocates anything: afterwards it takes no others.
[[maybe_unused]] const int counted_openssl = CRYPTO_set_mem_functions(
    [](std::size_t size, const char*, int) {
      ++allocations;
      return std::malloc(size);
    },
    [](void* memory, std::size_t size, const char*, int) {
      ++allocations;
      return std::realloc(memory, size);
    },
    [](void* memory, const char*, int) { std::free(memory); });

}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  void* const memory = std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace parley::srtp {
namespace {

class Allocation : public testing::TestWithParam<Setting> {
 protected:
  std::unique_ptr<Provider> provider_ = Provider::make(GetParam().kind);
  Sender sender_{*provider_, key_of(GetParam().profile)};
  Receiver receiver_{*provider_, key_of(GetParam().profile)};
};

INSTANTIATE_TEST_SUITE_P(Srtp, Allocation, testing::ValuesIn(all_settings()),
                         [](const auto& test) { return test.param.name(); });

TEST(Counting, SeesWhatIsAllocated) {
  ASSERT_EQ(counted_openssl, 1);
  const std::size_t before = allocations;
  const auto number = std::make_unique<int>(1);
  OPENSSL_free(OPENSSL_malloc(1));
  EXPECT_EQ(allocations - before, static_cast<std::size_t>(*number) + 1);
}

TEST_P(Allocation, IsDoneForTheFirstPacketAlone) {
  Packet rtp = make_rtp({.payload_size = 1'000});
  const Packet rtcp = make_rtcp(1);
  Packet out(1'500);
  std::vector<Protection> batch(20);
  const auto cross = [&](std::uint8_t sequence) {
    rtp[3] = sequence;
    const auto rtp_size = sender_.protect_rtp(rtp, out);
    const bool rtp_came = receiver_.unprotect_rtp(std::span(out).first(*rtp_size)).has_value();
    const auto rtcp_size = sender_.protect_rtcp(rtcp, out);
    return rtp_came && receiver_.unprotect_rtcp(std::span(out).first(*rtcp_size)).has_value();
  };
  ASSERT_TRUE(cross(1));
  const std::size_t before = allocations;
  for (std::uint8_t sequence = 2; sequence < 100; ++sequence) ASSERT_TRUE(cross(sequence));
  for (Protection& part : batch) {
    part = {.sender = &sender_, .header = Bytes(rtp).first(12), .payload = rtp, .out = out};
  }
  protect_rtp(batch);  // Most are refused, which costs none either.
  EXPECT_EQ(allocations - before, 0u);
}

}  // namespace
}  // namespace parley::srtp
