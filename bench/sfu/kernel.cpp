// What the kernel alone costs: packets of 1,200 bytes to many receivers who read them, by sendmmsg in one
// batch, with GSO where several go to one receiver. For each second of the sending thread's processor time.
//
//   sfu_kernel [RECEIVERS]
#include <fmt/format.h>
#include <netinet/udp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "net/address.h"
#include "net/socket_address.h"

namespace {

constexpr std::size_t kBytes = 1'200;
constexpr int kPackets = 400'000;

double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

}  // namespace
int main() {}
