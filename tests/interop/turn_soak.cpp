// turn_soak churn SERVER NAME:PASSWORD COUNT   makes and lets go of allocations, 64 at a time
// turn_soak flood SERVER SOURCE COUNT          sends what needs a password, without one, from 2,000
//                                              ports of the address SOURCE
//
// Prints one line of JSON when it is done.
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/overloaded.h"
#include "crypto/system_random.h"
#include "io/clock.h"
#include "io/event_loop.h"
#include "io/udp.h"
#include "stun/message_builder.h"
#include "turn/client.h"

namespace {

using namespace parley;
using namespace std::chrono_literals;

constexpr std::size_t kAtOnce = 64;
constexpr std::size_t kPorts = 2000;

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "turn_soak: %s\n", why.c_str());
  std::exit(1);
}

net::SocketAddress parse(const std::string& text) {
  const auto address = net::SocketAddress::parse(text);
  if (!address) fail("no address with a port: " + text);
  return *address;
}

std::unique_ptr<io::UdpSocket> open(io::EventLoop& loop, const net::SocketAddress& at,
                                    io::UdpSocket::Handler& handler) {
  auto socket = io::UdpSocket::open(loop, at, handler, {.receive_buffer = 0, .send_buffer = 0});
  if (!socket) fail(socket.error());
  return *std::move(socket);
}

// What is left to be done, and was done.
struct Work {
  std::size_t to_make = 0;
  std::size_t made = 0;
  std::size_t let_go = 0;
};

// One client after the other, on one socket.
class Churner final : io::UdpSocket::Handler {
 public:
  Churner(io::EventLoop& loop, const net::SocketAddress& server, turn::Login login, Random& random,
          Work& work)
      : loop_(loop),
        server_(server),
        login_(std::move(login)),
        random_(random),
        work_(work),
        socket_(open(loop, {.ip = net::IpAddress::parse("127.0.0.1").value()}, *this)) {}

  void start() {
    if (work_.to_make == 0) return client_.reset();
    --work_.to_make;
    client_ = std::make_unique<turn::Client>(turn::ClientConfig{.login = login_}, random_);
    client_->start(loop_.now());
    drain();
  }

  void tick() {
    if (client_ == nullptr) return;
    client_->handle_timeout(loop_.now());
    drain();
  }

 private:
  void on_datagrams(std::span<const io::ReceivedDatagram> datagrams) override {
    for (const io::ReceivedDatagram& datagram : datagrams) {
      if (client_ == nullptr) return;
      client_->handle_input(loop_.now(), {.packet = datagram.payload});
      drain();
    }
  }

  void drain() {
    bool is_over = false;
    while (auto output = client_->poll_output()) {
      std::visit(overloaded{
                     [&](const turn::ToServer& out) { socket_->send({server_}, out.packet); },
                     [&](const turn::Allocated&) {
                       ++work_.made;
                       client_->close(loop_.now());
                     },
                     [&](const turn::ClientClosed&) { is_over = true; },
                     [](const turn::ClientFailed& failed) {
                       fail("an allocation failed: " + std::string(to_string(failed.why)) + " " +
                            std::to_string(std::to_underlying(failed.code)));
                     },
                     [](const auto&) {},
                 },
                 *output);
    }
    if (!is_over) return;
    ++work_.let_go;
    start();
  }

  io::EventLoop& loop_;
  net::SocketAddress server_;
  turn::Login login_;
  Random& random_;
  Work& work_;
  std::unique_ptr<turn::Client> client_;
  std::unique_ptr<io::UdpSocket> socket_;
};

void churn(const net::SocketAddress& server, const std::string& login, std::size_t count) {
  io::EventLoop loop;
  crypto::SystemRandom random;
  Work work{.to_make = count};
  const std::size_t colon = login.find(':');
  std::vector<std::unique_ptr<Churner>> churners;
  for (std::size_t i = 0; i < kAtOnce; ++i) {
    churners.push_back(std::make_unique<Churner>(
        loop, server, turn::Login{login.substr(0, colon), login.substr(colon + 1)}, random, work));
    churners.back()->start();
  }
  Time tick = io::monotonic_now() + 100ms;
  while (work.let_go < count) {
    loop.run_turn(100ms);
    if (loop.now() < tick) continue;
    for (const auto& churner : churners) churner->tick();
    tick = loop.now() + 100ms;
  }
  std::printf("{\"made\":%zu,\"letGo\":%zu}\n", work.made, work.let_go);
}

// Of every kind that a stranger may try.
std::vector<std::uint8_t> stranger_packet(std::size_t i, Random& random) {
  const stun::TransactionId id = stun::make_transaction_id(random);
  const auto request = [&](stun::Method method) {
    stun::MessageBuilder message(stun::Class::kRequest, method, id);
    message.add_u32(stun::Attribute::kRequestedTransport, turn::kProtocolUdp << 24);
    return message;
  };
  switch (i % 5) {
    case 0: return request(stun::Method::kAllocate).take();
    case 1: {
      stun::MessageBuilder message = request(stun::Method::kAllocate);
      message.add_text(stun::Attribute::kUsername, random.token(20));
      message.add_text(stun::Attribute::kRealm, "parley");
      message.add_text(stun::Attribute::kNonce, random.token(30));
      message.add_integrity(as_bytes("no key of anyone"));
      return message.take();
    }
    case 2: return request(stun::Method::kCreatePermission).take();
    case 3: return stun::MessageBuilder(stun::Class::kIndication, stun::Method::kSend, id).take();
    default: return {0x40, 0x00, 0x00, 0x04, 1, 2, 3, 4};  // Channel data.
  }
}

struct Stranger final : io::UdpSocket::Handler {
  void on_datagrams(std::span<const io::ReceivedDatagram> datagrams) override {
    answers += datagrams.size();
  }
  std::unique_ptr<io::UdpSocket> socket;
  std::size_t answers = 0;
};

void flood(const net::SocketAddress& server, const std::string& source, std::size_t count) {
  io::EventLoop loop;
  crypto::SystemRandom random;
  const net::SocketAddress at = parse(source + ":0");
  std::vector<std::unique_ptr<Stranger>> strangers;
  for (std::size_t i = 0; i < kPorts; ++i) {
    strangers.push_back(std::make_unique<Stranger>());
    strangers.back()->socket = open(loop, at, *strangers.back());
  }
  for (std::size_t i = 0; i < count; ++i) {
    strangers[i % kPorts]->socket->send({server}, stranger_packet(i / kPorts + i, random));
    if (i % 50 == 0) loop.run_turn(1ms);
  }
  for (int i = 0; i < 50; ++i) loop.run_turn(10ms);
  std::size_t answers = 0;
  for (const auto& stranger : strangers) answers += stranger->answers;
  std::printf("{\"sent\":%zu,\"answers\":%zu}\n", count, answers);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() != 4) fail("churn SERVER LOGIN COUNT, or flood SERVER SOURCE COUNT");
  rlimit files = {};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  const std::size_t count = std::stoul(words[3]);
  if (words[0] == "churn") {
    churn(parse(words[1]), words[2], count);
  } else {
    flood(parse(words[1]), words[2], count);
  }
}
