// socketio_load SCENARIO --port N --pid SERVER [--clients N] [--in-flight N] [--seconds N]
//
// Loads a Socket.IO server and prints one line of JSON with what that cost its process.
//   fanout   one client publishes, all get it; --in-flight events are under way at a time
//   connect  WebSocket connections that join and then do nothing: CPU and memory of each
//   polling  clients on long-polling that post an event and fetch its echo
// --seconds are of the server's CPU time, and as many go before for its compiler and caches to warm
// up: so a busy machine makes the run longer, not the figures worse.
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "client.h"

namespace {

using namespace bench;

struct Options {
  std::uint16_t port = 0;
  int pid = 0;
  std::size_t clients = 1000;
  std::size_t in_flight = 1;
  double seconds = 2;
};

class Poller {
 public:
  void add(int fd, std::size_t index) {
    epoll_event event{.events = EPOLLIN, .data = {.u64 = index}};
    if (::epoll_ctl(fd_, EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll_ctl");
  }
  template <class Call>
  void wait(Call call) {
    const int count = ::epoll_wait(fd_, events_.data(), static_cast<int>(events_.size()), 1000);
    for (int i = 0; i < count; ++i) call(events_[static_cast<std::size_t>(i)].data.u64);
  }

 private:
  int fd_ = ::epoll_create1(EPOLL_CLOEXEC);
  std::array<epoll_event, 1024> events_{};
};

// Whether the server has used its share; looks at most a hundred times a second.
class Budget {
 public:
  explicit Budget(const Options& options)
      : pid_(options.pid), end_(cpu_seconds(pid_) + options.seconds) {}

  bool left() {
    if (now_seconds() < next_look_) return true;
    next_look_ = now_seconds() + 0.01;
    return cpu_seconds(pid_) < end_;
  }

 private:
  int pid_;
  double end_;
  double next_look_ = 0;
};

// What a scenario did from here to print(), and the server's CPU time for it.
struct Measure {
  explicit Measure(int server) : pid(server), cpu(cpu_seconds(server)), began(now_seconds()) {}
  void print(const char* what, double count) const {
    const double used = cpu_seconds(pid) - cpu;
    std::printf("{\"%s\":%.0f,\"cpu_seconds\":%.3f,\"seconds\":%.3f,\"per_cpu_second\":%.0f}\n",
                what, count, used, now_seconds() - began, count / used);
  }
  int pid;
  double cpu;
  double began;
};

// All clients get every event in order, so an event has arrived when the slowest client has it.
class FanOut {
 public:
  explicit FanOut(const Options& options) : options_(options), received_(options.clients) {
    for (std::size_t i = 0; i < options.clients; ++i) {
      streams_.push_back(join_by_websocket(options.port));
      poller_.add(streams_.back().fd(), i);
    }
    waiting_.assign(options.in_flight, 0);
  }

  void run() {
    deliveries_ = 0;
    publish(options_.in_flight - under_way_);
    for (Budget budget(options_); budget.left();) {
      poller_.wait([this](std::size_t client) { read(client); });
    }
  }
  double deliveries() const { return static_cast<double>(deliveries_); }

 private:
  void read(std::size_t client) {
    std::string_view bytes = streams_[client].read();
    std::size_t arrived = 0;
    for (std::string_view frame; take_frame(bytes, frame);) {
      if (frame.starts_with("42")) {
        ++deliveries_;
        arrived += ++waiting_[received_[client]++ % waiting_.size()] == options_.clients;
      } else if (frame == "2") {
        send_all(streams_[client].fd(), text_frame("3"));
      }
    }
    if (!bytes.empty()) streams_[client].keep(bytes);
    if (arrived > 0) {
      under_way_ -= arrived;
      finish(arrived);
    }
  }

  void finish(std::size_t arrived) {
    std::ranges::replace(waiting_, options_.clients, std::size_t{0});
    publish(arrived);
  }

  void publish(std::size_t count) {
    static const std::string frame = text_frame("42[\"publish\",\"" + std::string(64, 'x') + "\"]");
    std::string frames;
    for (std::size_t i = 0; i < count; ++i) frames += frame;
    under_way_ += count;
    send_all(streams_[0].fd(), frames);
  }

  const Options& options_;
  Poller poller_;
  std::vector<Stream> streams_;
  std::vector<std::size_t> received_;  // By client.
  std::vector<std::size_t> waiting_;   // How many clients have each event that is under way.
  std::size_t under_way_ = 0;
  std::size_t deliveries_ = 0;
};

void fan_out(const Options& options) {
  FanOut run(options);
  run.run();
  const Measure measure(options.pid);
  run.run();
  measure.print("deliveries", run.deliveries());
}

void connect(const Options& options) {
  std::vector<Stream> streams;
  const auto join = [&](std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) streams.push_back(join_by_websocket(options.port));
  };
  join(100);  // What the first ones cost is not theirs.
  const std::size_t memory = resident_bytes(options.pid);
  const double cpu = cpu_seconds(options.pid);
  join(options.clients);
  const double used = cpu_seconds(options.pid) - cpu;
  ::usleep(500'000);
  const std::size_t more = resident_bytes(options.pid) - memory;
  const auto count = static_cast<double>(options.clients);
  std::printf("{\"connections\":%zu,\"ms_each\":%.4f,\"bytes_each\":%.0f}\n", options.clients,
              used * 1000 / count, static_cast<double>(more) / count);
}

// One client on long-polling: it posts, and when that is answered fetches, and so on.
class PollingClient {
 public:
  explicit PollingClient(std::uint16_t port) : stream_(connect_to(port)) {
    ask("GET", "/socket.io/?EIO=4&transport=polling", "");
    const std::string open(wait());
    const std::size_t at = open.find("\"sid\":\"") + 7;
    path_ = "/socket.io/?EIO=4&transport=polling&sid=" + open.substr(at, open.find('"', at) - at);
    ask("POST", path_, "40");
    wait();
    ask("GET", path_, "");
    wait();
  }

  int fd() const { return stream_.fd(); }

  // Sends the next request: a post and a fetch in turn.
  void next() {
    posting_ = !posting_;
    static const std::string event = "42[\"echo\",\"" + std::string(64, 'x') + "\"]";
    if (!posting_) return ask("GET", path_, "");
    ask("POST", path_, std::exchange(pinged_, false) ? "3\x1e" + event : event);
  }

  // Whether a whole response has come.
  bool read() {
    std::string_view bytes = stream_.read();
    std::string_view body;
    const bool whole = take_response(bytes, body);
    pinged_ = pinged_ || (whole && (body == "2" || body.ends_with("\x1e\x32")));
    stream_.keep(bytes);
    return whole;
  }

 private:
  void ask(std::string_view method, const std::string& path, std::string_view body) {
    std::string request(method);
    request.append(" ").append(path).append(" HTTP/1.1\r\nHost: localhost\r\n");
    if (method == "POST") {
      request += "Content-Type: text/plain;charset=UTF-8\r\nContent-Length: " +
                 std::to_string(body.size()) + "\r\n";
    }
    send_all(stream_.fd(), request.append("\r\n").append(body));
  }

  std::string wait() {
    std::string_view body;
    std::string_view bytes = stream_.read();
    while (!take_response(bytes, body)) {
      stream_.keep(bytes);
      bytes = stream_.read();
    }
    return std::string(body);
  }

  Stream stream_;
  std::string path_;
  bool posting_ = false;
  bool pinged_ = false;  // The next post carries the pong.
};

void polling(const Options& options) {
  Poller poller;
  std::deque<PollingClient> clients;
  for (std::size_t i = 0; i < options.clients; ++i) {
    clients.emplace_back(options.port);
    poller.add(clients.back().fd(), i);
    clients.back().next();
  }
  const auto run = [&] {
    std::size_t requests = 0;
    for (Budget budget(options); budget.left();) {
      poller.wait([&](std::size_t client) {
        if (!clients[client].read()) return;
        ++requests;
        clients[client].next();
      });
    }
    return static_cast<double>(requests);
  };
  run();
  const Measure measure(options.pid);
  const double requests = run();
  measure.print("requests", requests);
}

}  // namespace

int main(int argc, char** argv) {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);

  Options options;
  const std::string_view scenario = argc > 1 ? argv[1] : "";
  for (int i = 2; i + 1 < argc; i += 2) {
    const std::string_view flag = argv[i];
    const double value = std::atof(argv[i + 1]);
    if (flag == "--port") options.port = static_cast<std::uint16_t>(value);
    if (flag == "--pid") options.pid = static_cast<int>(value);
    if (flag == "--clients") options.clients = static_cast<std::size_t>(value);
    if (flag == "--in-flight") options.in_flight = static_cast<std::size_t>(value);
    if (flag == "--seconds") options.seconds = value;
  }
  const std::map<std::string_view, void (*)(const Options&)> scenarios{
      {"fanout", fan_out}, {"connect", connect}, {"polling", polling}};
  const auto it = scenarios.find(scenario);
  if (it == scenarios.end()) return std::fputs("fanout, connect or polling?\n", stderr), 2;
  it->second(options);
  return 0;
}
