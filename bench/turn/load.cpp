// turn_load --server ADDRESS --pid SERVER --login NAME:PASSWORD CASE...
//
// Loads a TURN server with clients and peers, all in this process, and prints one line of JSON for
// each case:
//
//   binding                          answers to Binding requests
//   channels:SIZE:BURST:up|down|both      packets of SIZE bytes in channels, BURST in a row for one
//   indications:SIZE:BURST:up|down|both   client, to the peers (up), from them (down), or by turns
//   memory:COUNT                     allocations, each with a peer that it has sent to
//
// What is to be sent when is fixed beforehand; what could not be sent in time, because somebody
// else had the processor, is left out and not made up for in one lump.
#include <sys/resource.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/system_random.h"
#include "io/clock.h"
#include "load/process.h"
#include "participants.h"

namespace {

using namespace bench;
using namespace parley::load;
using namespace std::chrono_literals;

struct Options {
  net::SocketAddress server = {};
  int pid = 0;
  turn::Login login = {};
  double rate = 50'000;  // Packets a second.
  double seconds = 2;
  std::size_t clients = 100;
  std::size_t peers = 20;
  std::vector<std::string> cases = {};
};

struct Result {
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  double cpu = 0;

  void print(const std::string& name) const {
    std::printf(R"({"case":"%s","sent":%llu,"lost":%lld,"cpu":%.4f,"per_cpu_second":%.0f})"
                "\n",
                name.c_str(), static_cast<unsigned long long>(sent),
                static_cast<long long>(sent) - static_cast<long long>(received), cpu,
                static_cast<double>(received) / cpu);
    std::fflush(stdout);
  }
};

class Load {
 public:
  explicit Load(Options options) : options_(std::move(options)) {
    for (std::size_t i = 0; i < options_.peers; ++i) {
      peers_.push_back(std::make_unique<Peer>(loop_));
    }
  }

  ~Load() { close_all(clients_); }

  void run(const std::string& name) {
    std::vector<std::string> words;
    for (std::size_t from = 0; from <= name.size();) {
      const std::size_t to = std::min(name.find(':', from), name.size());
      words.push_back(name.substr(from, to - from));
      from = to + 1;
    }
    if (words[0] == "binding") {
      run_binding(name);
    } else if (words[0] == "memory" && words.size() == 2) {
      run_memory(name, std::stoul(words[1]));
    } else if (words.size() == 4) {
      run_relay(name, words[0] == "channels", std::stoul(words[1]), std::stoul(words[2]), words[3]);
    } else {
      fail("no such case: " + name);
    }
  }

 private:
  // Sends in even steps, `burst` at once, and tells what that cost the server.
  Result measure(std::size_t burst, const std::function<void(std::size_t)>& send,
                 const std::function<std::uint64_t()>& received) {
    const auto step = std::chrono::duration<double>(static_cast<double>(burst) / options_.rate);
    Result result;
    const std::uint64_t received_before = received();
    const double cpu_before = cpu_seconds(options_.pid);
    auto next = std::chrono::steady_clock::now();
    const auto end = next + std::chrono::duration<double>(options_.seconds);
    for (std::size_t i = 0;; ++i) {
      auto now = std::chrono::steady_clock::now();
      for (; now < next; now = std::chrono::steady_clock::now()) loop_.run_turn(0ms);
      if (now > end) break;
      if (now > next + 1ms) next = now;
      next += std::chrono::duration_cast<std::chrono::steady_clock::duration>(step);
      for (std::size_t n = 0; n < burst; ++n) send(i);
      result.sent += burst;
      loop_.run_turn(0ms);
    }
    turn_for(200ms);
    result.cpu = cpu_seconds(options_.pid) - cpu_before;
    result.received = received() - received_before;
    return result;
  }

  void run_binding(const std::string& name) {
    std::vector<std::unique_ptr<Asker>> askers;
    for (std::size_t i = 0; i < options_.clients; ++i) {
      askers.push_back(std::make_unique<Asker>(loop_, options_.server));
    }
    measure(
        1, [&](std::size_t i) { askers[i % askers.size()]->ask(); },
        [&] {
          std::uint64_t sum = 0;
          for (const auto& asker : askers) sum += asker->answered;
          return sum;
        })
        .print(name);
  }

  void run_relay(const std::string& name, bool channels, std::size_t size, std::size_t burst,
                 std::string_view way) {
    prepare(channels);
    const std::vector<std::uint8_t> payload(size, 0x5A);
    const auto send_up = [&](std::size_t i) {
      clients_[i % clients_.size()]->send(peer_of(i % clients_.size()).address(), payload);
    };
    const auto send_down = [&](std::size_t i) {
      const std::size_t client = i % clients_.size();
      peer_of(client).send(clients_[client]->relayed(), payload);
    };
    const auto send_both = [&](std::size_t i) { i % 2 == 0 ? send_up(i / 2) : send_down(i / 2); };
    const auto send = way == "up"     ? std::function<void(std::size_t)>(send_up)
                      : way == "down" ? std::function<void(std::size_t)>(send_down)
                                      : std::function<void(std::size_t)>(send_both);
    measure(burst, send, [&] { return received_by_peers() + received_by_clients(); }).print(name);
    if (way != "up" && (received_in_channels() > 0) != channels) {
      fail("that was not as it should be");
    }
  }

  void run_memory(const std::string& name, std::size_t count) {
    std::vector<std::unique_ptr<Client>> before;
    add_clients(before, true, 100);  // What a server sets up for the first ones.
    const std::uint64_t resident = resident_bytes(options_.pid);
    const std::uint64_t files = open_files(options_.pid);
    const std::uint64_t kernel = kernel_bytes();
    std::vector<std::unique_ptr<Client>> clients;
    add_clients(clients, true, count);
    const auto each = [&](std::uint64_t now, std::uint64_t then) {
      return (static_cast<double>(now) - static_cast<double>(then)) / static_cast<double>(count);
    };
    const double kernel_each = each(kernel_bytes(), kernel);
    std::printf(
        R"({"case":"%s","bytes_each":%.0f,"files_each":%.2f,"kernel_bytes_each_both_ends":%.0f})"
        "\n",
        name.c_str(), each(resident_bytes(options_.pid), resident),
        each(open_files(options_.pid), files), kernel_each);
    close_all(before);
    close_all(clients);
  }

  // Clients with a channel or a permission each, unless they are there from the last case.
  void prepare(bool channels) {
    if (!clients_.empty() && channels_ == channels) return;
    close_all(clients_);
    channels_ = channels;
    add_clients(clients_, channels, options_.clients);
  }

  void add_clients(std::vector<std::unique_ptr<Client>>& clients, bool channels,
                   std::size_t count) {
    constexpr std::size_t kAtOnce = 50;
    const Client::Config config{
        .server = options_.server, .login = options_.login, .channels = channels};
    const std::vector<std::uint8_t> hello(10);
    while (clients.size() < count) {
      const std::size_t first = clients.size();
      const std::size_t last = std::min(first + kAtOnce, count);
      for (std::size_t i = first; i < last; ++i) {
        clients.push_back(std::make_unique<Client>(loop_, config, random_));
        clients.back()->start();
      }
      const auto all = [&](auto condition) {
        return std::all_of(clients.begin() + static_cast<std::ptrdiff_t>(first), clients.end(),
                           condition);
      };
      wait_for([&] { return all([](const auto& client) { return client->is_allocated(); }); },
               clients);
      const std::uint64_t goal = received_by_peers() + last - first;
      for (std::size_t i = first; i < last; ++i) clients[i]->send(peer_of(i).address(), hello);
      wait_for([&] { return received_by_peers() >= goal; }, clients);
    }
    turn_for(300ms);  // Channels are asked for beside the first packet.
  }

  void close_all(std::vector<std::unique_ptr<Client>>& clients) {
    for (const auto& client : clients) client->close();
    wait_for(
        [&] {
          return std::ranges::all_of(clients, &Client::is_closed,
                                     [](const auto& c) -> Client& { return *c; });
        },
        clients);
    clients.clear();
  }

  void wait_for(const std::function<bool()>& done,
                const std::vector<std::unique_ptr<Client>>& clients) {
    for (int tick = 0; !done(); ++tick) {
      if (tick == 300) fail("the server does not answer");
      turn_for(tick < 10 ? 5ms : 100ms);
      for (const auto& client : clients) client->tick();
    }
  }

  void turn_for(Duration time) {
    const Time end = io::monotonic_now() + time;
    do {
      loop_.run_turn(std::min<Duration>(time, 5ms));
    } while (io::monotonic_now() < end);
  }

  Peer& peer_of(std::size_t client) { return *peers_[client % peers_.size()]; }
  std::uint64_t received_by_peers() const {
    std::uint64_t sum = 0;
    for (const auto& peer : peers_) sum += peer->received;
    return sum;
  }
  std::uint64_t received_by_clients() const {
    std::uint64_t sum = 0;
    for (const auto& client : clients_) sum += client->received;
    return sum;
  }
  std::uint64_t received_in_channels() const {
    std::uint64_t sum = 0;
    for (const auto& client : clients_) sum += client->received_in_channels;
    return sum;
  }

  Options options_;
  crypto::SystemRandom random_;
  io::EventLoop loop_;
  std::vector<std::unique_ptr<Peer>> peers_;
  std::vector<std::unique_ptr<Client>> clients_;
  bool channels_ = false;
};

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (!name.starts_with("--")) {
      options.cases.emplace_back(name);
      continue;
    }
    if (++i == argc) fail("a value is missing");
    const std::string value = argv[i];
    if (name == "--server") {
      const auto address = net::SocketAddress::parse(value);
      if (!address) fail("--server takes an address with its port");
      options.server = *address;
    } else if (name == "--login") {
      const std::size_t colon = value.find(':');
      options.login = {.username = value.substr(0, colon), .password = value.substr(colon + 1)};
    } else if (name == "--pid") {
      options.pid = std::stoi(value);
    } else if (name == "--rate") {
      options.rate = std::stod(value);
    } else if (name == "--seconds") {
      options.seconds = std::stod(value);
    } else if (name == "--clients") {
      options.clients = std::stoul(value);
    } else if (name == "--peers") {
      options.peers = std::stoul(value);
    } else {
      fail("no such option: " + std::string(name));
    }
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse(argc, argv);
  rlimit files = {};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  Load load(options);
  for (const std::string& name : options.cases) load.run(name);
}
