// Two agents behind every pair of the four NATs, and behind none.
#include <gtest/gtest.h>

#include <array>
#include <random>

#include "ice/test_call.h"

namespace parley::ice {
namespace {

using namespace test;
using sim::NatKind;

constexpr std::array<std::optional<NatKind>, 5> kSituations = {
    std::nullopt, NatKind::kFullCone, NatKind::kAddressRestricted, NatKind::kPortRestricted,
    NatKind::kSymmetric};

std::string name(std::optional<NatKind> kind) {
  return kind ? std::string(to_string(*kind)) : "none";
}

SideConfig side(std::optional<NatKind> kind, bool first, bool relay, const sim::LinkConfig& link) {
  SideConfig config;
  config.host = kind ? nat_host(first ? "10.0.0.2" : "192.168.1.2",
                                first ? "203.0.113.1" : "203.0.113.2", *kind)
                     : public_host(first ? "203.0.113.11" : "203.0.113.12");
  config.host.up = config.host.down = link;
  config.ice.controlling = first;
  config.stun = true;
  config.relay = relay;
  return config;
}

// A symmetric NAT's mapping for the peer is one that the peer cannot know; that is no matter where
// the peer lets in any port.
bool can_connect_directly(std::optional<NatKind> a, std::optional<NatKind> b) {
  const auto strict = [](std::optional<NatKind> kind) {
    return kind == NatKind::kPortRestricted || kind == NatKind::kSymmetric;
  };
  const bool symmetric = a == NatKind::kSymmetric || b == NatKind::kSymmetric;
  return !(symmetric && strict(a) && strict(b));
}

TEST(IceThroughNats, FindsADirectPathWhereverThereIsOne) {
  for (const auto a : kSituations) {
    for (const auto b : kSituations) {
      Call call(1, side(a, true, false, {.latency = 10ms}),
                side(b, false, false, {.latency = 10ms}));
      call.start();
      EXPECT_EQ(call.connect(5s), can_connect_directly(a, b)) << name(a) << " and " << name(b);
    }
  }
}

TEST(IceThroughNats, PrefersTheDirectPathToTheRelay) {
  for (const auto a : kSituations) {
    for (const auto b : kSituations) {
      Call call(2, side(a, true, true, {.latency = 10ms}), side(b, false, true, {.latency = 10ms}));
      call.start();
      ASSERT_TRUE(call.connect(5s)) << name(a) << " and " << name(b);
      call.end_of_candidates();
      ASSERT_TRUE(call.run_until([&] { return call.a().nominated() && call.b().nominated(); }, 5s))
          << name(a) << " and " << name(b);
      call.run_for(2s);
      const net::Path path = call.a().agent->selected().value();
      const bool relayed = path.local.ip == kRelay.ip || path.remote.ip == kRelay.ip;
      EXPECT_EQ(relayed, !can_connect_directly(a, b)) << name(a) << " and " << name(b);
    }
  }
}

// 1,000 seeds in all: latency, jitter and some loss; candidates trickle.
TEST(IceThroughNats, ConnectsOverAThousandSeeds) {
  std::uint64_t seed = 1;
  Duration longest{};
  for (int round = 0; round < 40; ++round) {
    for (const auto a : kSituations) {
      for (const auto b : kSituations) {
        std::mt19937_64 random(seed);
        const sim::LinkConfig link{.latency = 1ms * (1 + random() % 80),
                                   .jitter = 1ms * (random() % 20),
                                   .reorder = true,
                                   .loss = 0.01 * static_cast<double>(random() % 10)};
        const bool relay = !can_connect_directly(a, b) || random() % 2 == 0;
        Call call(seed, side(a, true, relay, link), side(b, false, relay, link));
        call.set_signalling_delay(1ms * (random() % 200));
        call.start();
        ASSERT_TRUE(call.connect(15s)) << "seed " << seed << ": " << name(a) << " and " << name(b);
        longest = std::max(longest, call.now() - kStart);
        ASSERT_TRUE(
            call.run_until([&] { return call.a().nominated() && call.b().nominated(); }, 15s))
            << "seed " << seed << ": " << name(a) << " and " << name(b);
        call.send_data(call.a());
        ++seed;
      }
    }
  }
  EXPECT_EQ(seed, 1001u);
  RecordProperty("longest_ms", static_cast<int>(longest / 1ms));
}

}  // namespace
}  // namespace parley::ice
