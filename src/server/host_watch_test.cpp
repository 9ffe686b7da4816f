#include "server/host_watch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace parley::server {
namespace {

HostAddresses with(std::string_view ip) {
  return {.all = {net::IpAddress::parse(ip).value()}};
}

TEST(HostWatch, TellsOnceOfEachChange) {
  io::EventLoop loop;
  std::vector<HostAddresses> told;
  std::size_t looked = 0;
  const std::vector<HostAddresses> each = {with("10.0.0.5"), with("2a00::5"), with("2a00::5"),
                                           with("10.0.0.5")};
  const HostWatch watch(
      loop, with("10.0.0.5"), [&](const HostAddresses& host) { told.push_back(host); },
      [&] {
        const HostAddresses& host = each[std::min(looked, each.size() - 1)];
        if (++looked == each.size() + 2) loop.stop();
        return host;
      },
      std::chrono::milliseconds{1});
  loop.run();
  EXPECT_EQ(told, (std::vector<HostAddresses>{with("2a00::5"), with("10.0.0.5")}));
}

// With both the minute and the end of the pause far away.
TEST(HostWatch, LooksAsSoonAsThereIsNewsButNotForEachPiece) {
  using std::chrono::hours;
  io::EventLoop loop;
  std::vector<HostAddresses> told;
  int looked = 0;
  HostWatch watch(
      loop, with("10.0.0.5"), [&](const HostAddresses& host) { told.push_back(host); },
      [&] { return with(++looked == 1 ? "10.0.0.6" : "10.0.0.7"); }, hours{1}, hours{1});
  for (int i = 0; i < 5; ++i) {
    watch.look_soon();
    loop.run_turn(std::chrono::milliseconds{1});
  }
  EXPECT_EQ(looked, 1);
  EXPECT_EQ(told, std::vector{with("10.0.0.6")});
}

TEST(HostWatch, LooksOnceMoreWhenThePauseIsOver) {
  io::EventLoop loop;
  int looked = 0;
  const auto look = [&] {
    if (++looked == 2) loop.stop();
    return with("10.0.0.5");
  };
  HostWatch watch(
      loop, with("10.0.0.5"), [](const HostAddresses&) { FAIL(); }, look, std::chrono::hours{1},
      std::chrono::milliseconds{20});
  watch.look_soon();
  loop.run_turn(std::chrono::milliseconds{1});
  watch.look_soon();  // Within the pause, unless this machine is very slow.
  loop.run();
  EXPECT_EQ(looked, 2);
}

}  // namespace
}  // namespace parley::server
