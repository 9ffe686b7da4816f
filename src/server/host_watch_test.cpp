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

}  // namespace
}  // namespace parley::server
