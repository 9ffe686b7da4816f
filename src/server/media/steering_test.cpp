#include "server/media/steering.h"

#include <gtest/gtest.h>

#include <vector>

#include "stun/message_builder.h"

namespace parley::server {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart = Time(1h);

std::vector<std::uint8_t> check_for(std::string_view ufrag) {
  stun::MessageBuilder check(stun::Class::kRequest, stun::Method::kBinding, {});
  check.add(stun::Attribute::kUsername, as_bytes(std::string(ufrag) + ":peer"));
  return check.take();
}

net::Path path(std::uint16_t port) {
  return {.remote = {net::IpAddress::v4({192, 0, 2, 1}), port}};
}

const std::vector<std::uint8_t> kRtp = {0x80, 96, 0, 1};

struct SteeringTest : testing::Test {
  SteeringTest() {
    steering.set("mine", 1);
    steering.set("theirs", 2);
  }

  Steering steering{1};
};

TEST_F(SteeringTest, FollowsTheCheckThatBeganAPath) {
  EXPECT_EQ(steering.worker_of(kStart, path(1), kRtp), std::nullopt);
  EXPECT_EQ(steering.worker_of(kStart, path(1), check_for("theirs")), 2u);
  EXPECT_EQ(steering.worker_of(kStart, path(1), kRtp), 2u);
  EXPECT_EQ(steering.worker_of(kStart, path(2), kRtp), std::nullopt);
}

TEST_F(SteeringTest, KeepsWhatIsItsOwnOrNobodys) {
  EXPECT_EQ(steering.worker_of(kStart, path(1), check_for("mine")), std::nullopt);
  EXPECT_EQ(steering.worker_of(kStart, path(1), check_for("nobodys")), std::nullopt);
  EXPECT_EQ(steering.paths(), 0u);
}

TEST_F(SteeringTest, TakesAPathBackThatIsUsedForItsOwn) {
  steering.worker_of(kStart, path(1), check_for("theirs"));
  EXPECT_EQ(steering.worker_of(kStart, path(1), check_for("mine")), std::nullopt);
  EXPECT_EQ(steering.worker_of(kStart, path(1), kRtp), std::nullopt);
}

TEST_F(SteeringTest, LetsNobodyLeadAPathAwayWithAnUnknownName) {
  steering.worker_of(kStart, path(1), check_for("theirs"));
  EXPECT_EQ(steering.worker_of(kStart, path(1), check_for("nobodys")), std::nullopt);
  EXPECT_EQ(steering.worker_of(kStart, path(1), kRtp), 2u);
}

TEST_F(SteeringTest, ForgetsWhoHasGone) {
  steering.forget("theirs");
  steering.forget("never there");
  EXPECT_EQ(steering.worker_of(kStart, path(1), check_for("theirs")), std::nullopt);
  EXPECT_EQ(steering.worker_of(check_for("theirs")), std::nullopt);
}

TEST_F(SteeringTest, KnowsAStreamByItsFirstPacket) {
  EXPECT_EQ(steering.worker_of(check_for("theirs")), 2u);
  EXPECT_EQ(steering.worker_of(check_for("mine")), std::nullopt);
  EXPECT_EQ(steering.worker_of(kRtp), std::nullopt);
}

TEST_F(SteeringTest, RemembersABoundedNumberOfPathsAndForgetsTheSilent) {
  const auto check = check_for("theirs");
  const auto open = [&](std::uint32_t i, Time now) {
    net::Path one = path(static_cast<std::uint16_t>(i));
    one.local.port = static_cast<std::uint16_t>(i >> 16);
    steering.worker_of(now, one, check);
  };
  for (std::uint32_t i = 0; i < 70'000; ++i) open(i, kStart);
  EXPECT_EQ(steering.paths(), 65'536u);
  open(70'001, kStart + 2min);
  EXPECT_EQ(steering.paths(), 1u);
}

}  // namespace
}  // namespace parley::server
