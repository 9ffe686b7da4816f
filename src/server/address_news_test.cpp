#include "server/address_news.h"

#include <gtest/gtest.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cstring>
#include <thread>

namespace parley::server {
namespace {

using namespace std::chrono_literals;

// A new network's loopback gets its addresses when it is switched on.
void switch_loopback_on() {
  const io::Fd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request = {};
  std::strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP;
  EXPECT_EQ(::ioctl(socket.get(), SIOCSIFFLAGS, &request), 0) << std::strerror(errno);
}

// Turns of the loop until there was news; bounded.
bool hears(io::EventLoop& loop, const int& news, int before) {
  for (int turns = 0; turns < 500 && news == before; ++turns) loop.run_turn(20ms);
  return news > before;
}

TEST(AddressNews, TellsThatThisHostHasGainedAnAddress) {
  bool is_allowed = false;
  // The network is the thread's own, and gone with it.
  std::thread([&] {
    is_allowed = ::unshare(CLONE_NEWNET) == 0;
    if (!is_allowed) return;
    io::EventLoop loop;
    int news = 0;
    const AddressNews listener(loop, [&] { ++news; });
    EXPECT_TRUE(listener.is_listening());
    loop.run_turn(1ms);
    EXPECT_EQ(news, 0) << "nothing has changed";
    switch_loopback_on();
    EXPECT_TRUE(hears(loop, news, 0));
  }).join();
  if (!is_allowed) GTEST_SKIP() << "a network of one's own needs root";
}

TEST(AddressNews, LetsGoOfTheLoop) {
  io::EventLoop loop;
  {
    const AddressNews listener(loop, [] { FAIL(); });
  }
  loop.run_turn(1ms);
}

}  // namespace
}  // namespace parley::server
