// How far from the floor the SFU is: packets of 1,200 bytes to many receivers who read them, by the
// sockets that the server uses and nothing else. Prints, for runs of 1 to 8 packets, packets for
// each second of the sending thread's processor time.
//
//   sfu_sockets [ADDRESS] [RECEIVERS]
#include <fmt/format.h>
#include <time.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "io/event_loop.h"
#include "io/loop_thread.h"
#include "io/udp.h"
#include "net/datagram_batch.h"

namespace {

using namespace parley;
using namespace std::chrono_literals;

constexpr std::size_t kBytes = 1'200;
constexpr std::size_t kRounds = 400;

struct Silent final : io::UdpSocket::Handler {
  void on_datagrams(std::span<const io::ReceivedDatagram>) override {}
};

double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

std::unique_ptr<io::UdpSocket> open(io::EventLoop& loop, const std::string& address,
                                    io::UdpSocket::Handler& handler) {
  return io::UdpSocket::open(loop, {*net::IpAddress::parse(address), 0}, handler).value();
}

// `run` packets to each receiver every few milliseconds, as a forwarded frame goes to all.
double packets_a_second(const std::string& address, std::size_t receivers, std::size_t run) {
  Silent silent;
  io::LoopThread far("receivers");
  std::vector<std::unique_ptr<io::UdpSocket>> sockets;
  far.run_there([&] {
    for (std::size_t i = 0; i < receivers; ++i)
      sockets.push_back(open(far.loop(), address, silent));
  });
  io::EventLoop loop;
  const auto socket = open(loop, address, silent);
  std::vector<net::Path> paths;  // Found out beforehand: each is two system calls.
  for (const auto& to : sockets) {
    paths.push_back({.local = socket->address(), .remote = to->address()});
  }
  net::DatagramBatch batch;
  const auto send = [&] {
    socket->send_batch(batch);
    batch.clear();
  };
  double spent = 0;
  for (std::size_t round = 0; round < kRounds; ++round) {
    const double begin = cpu_seconds();
    for (const net::Path& path : paths) {
      for (std::size_t i = 0; i < run; ++i) {
        if (batch.size() == net::DatagramBatch::kMaxDatagrams) send();
        batch.add(path, kBytes);
      }
    }
    send();
    spent += cpu_seconds() - begin;
    std::this_thread::sleep_for(5ms);
  }
  far.run_there([&] { sockets.clear(); });
  return static_cast<double>(kRounds * receivers * run) / spent;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string address = argc > 1 ? argv[1] : "127.0.0.1";
  const std::size_t receivers = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 200;
  for (const std::size_t run : {1u, 2u, 4u, 8u}) {
    fmt::print("runs of {}: {:.0f} packets a CPU-second\n", run,
               packets_a_second(address, receivers, run));
  }
}
