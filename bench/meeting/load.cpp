// meeting_load --port N --pid SERVER [--rooms N] [--people N] [--signals N] [--chats N] [--seconds
// N]
//
// Fills the rooms of a Parley server with people over Socket.IO, lets them signal and chat, and
// prints one line of JSON. --people are in each room; --signals and --chats are a second, in all.
//
// What is to be sent when is fixed beforehand, and a latency counts from that moment: so a server
// that stalls is charged for all that it keeps waiting, not only for what was on its way.
#include <sys/epoll.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "client.h"

namespace {

using namespace bench;

struct Options {
  std::uint16_t port = 0;
  int pid = 0;
  std::size_t rooms = 500;
  std::size_t people = 4;
  double signals = 2'000;
  double chats = 100;
  double seconds = 20;
};

// What a browser's description for sound and picture comes to.
constexpr std::size_t kSdpBytes = 4'000;
// Of so many signals one is a description and the others are candidates, as in a call's set-up.
constexpr std::size_t kSignalsADescription = 10;

struct Person {
  Stream stream;
  std::string room = {};
  std::string sid = {};
};

class Latencies {
 public:
  void add(double seconds) { all_.push_back(seconds); }
  std::string json() {
    std::ranges::sort(all_);
    const auto last = static_cast<double>(all_.size()) - 1;
    const auto at = [&](double part) {
      return all_.empty() ? 0 : 1'000 * all_[static_cast<std::size_t>(part * last)];
    };
    std::array<char, 128> text;
    std::snprintf(text.data(), text.size(), R"({"count":%zu,"p50":%.3f,"p99":%.3f,"max":%.3f})",
                  all_.size(), at(0.5), at(0.99), at(1));
    return text.data();
  }

 private:
  std::vector<double> all_;
};

// A moment inside a message, to be found again in what comes of it.
std::string mark(double when) {
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "@%.6f@", when);
  return text.data();
}

double marked(std::string_view text) {
  const std::size_t from = text.find('@') + 1;
  double when = 0;
  std::from_chars(text.data() + from, text.data() + text.find('@', from), when);
  return when;
}

// Waits for the first message that begins so, and answers pings meanwhile.
std::string await_message(Stream& stream, std::string_view beginning) {
  for (;;) {
    std::string_view bytes = stream.read();
    std::string found;
    for (std::string_view frame; found.empty() && take_frame(bytes, frame);) {
      if (frame.starts_with(beginning)) found = frame;
      if (frame == "2") send_all(stream.fd(), text_frame("3"));
    }
    stream.keep(bytes);
    if (!found.empty()) return found;
  }
}

Person join(const Options& options, std::size_t number, Latencies& latencies) {
  Person person{.stream = join_by_websocket(options.port),
                .room = "load-" + std::to_string(number / options.people)};
  const double began = now_seconds();
  send_all(person.stream.fd(),
           text_frame(R"(420["join",{"room":")" + person.room + R"(","name":"Person )" +
                      std::to_string(number) + R"(","micinf":true,"vidinf":true}])"));
  const std::string answer = await_message(person.stream, "430");
  latencies.add(now_seconds() - began);
  const auto welcome = parley::Json::parse(std::string_view(answer).substr(3));
  const parley::Json::Array* const body = welcome ? welcome->as_array() : nullptr;
  const parley::Json* const sid = body == nullptr ? nullptr : body->front().find("sid");
  if (sid == nullptr) {
    std::fprintf(stderr, "load: no welcome: %s\n", answer.c_str());
    std::exit(EXIT_FAILURE);
  }
  person.sid = *sid->as_string();
  return person;
}

// The people and what they say to each other.
class Meetings {
 public:
  Meetings(const Options& options, Latencies& joins) : options_(options) {
    for (std::size_t i = 0; i < options.rooms * options.people; ++i) {
      people_.push_back(join(options, i, joins));
      epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
      if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, people_.back().stream.fd(), &event) != 0) {
        fail("epoll_ctl");
      }
    }
  }

  // Everyone signals and chats at those rates for so long; what comes within a second more counts.
  void run(double signals, double chats, double seconds) {
    const double began = now_seconds();
    const double end = began + seconds;
    double next_signal = signals > 0 ? began : end;
    double next_chat = chats > 0 ? began : end;
    for (double now = began; now < end + 1; now = now_seconds()) {
      for (; next_signal < std::min(now, end); next_signal += 1 / signals) signal(next_signal);
      for (; next_chat < std::min(now, end); next_chat += 1 / chats) chat(next_chat);
      receive();
    }
  }

  void forget() { relayed = acknowledged = told = {}; }

  Latencies relayed;       // From one participant to another.
  Latencies acknowledged;  // A chat message, to who said it: it is on the disk.
  Latencies told;          // The same message, to each of the others.
  std::size_t refused = 0;

 private:
  void signal(double when) {
    const std::size_t from = signals_ % people_.size();
    const std::size_t room = from - from % options_.people;
    const std::size_t further = 1 + signals_ / people_.size() % (options_.people - 1);
    const std::size_t to = room + (from - room + further) % options_.people;
    ++signals_;
    const std::string& sid = people_[to].sid;
    say(from, signals_ % kSignalsADescription == 0 ? description(sid, when) : candidate(sid, when));
  }

  static std::string description(const std::string& sid, double when) {
    return R"(42["description",{"sid":")" + sid + R"(","type":"offer","sdp":"v=0 )" + mark(when) +
           std::string(kSdpBytes, 'x') + R"("}])";
  }

  static std::string candidate(const std::string& sid, double when) {
    return R"(42["candidate",{"sid":")" + sid +
           R"(","candidate":{"candidate":"candidate:1 1 udp 2122260223 192.0.2.7 51234 typ host )" +
           mark(when) + R"(","sdpMid":"0","sdpMLineIndex":0,"usernameFragment":"Xy3z"}}])";
  }

  // Rooms take turns, and in each its people.
  void chat(double when) {
    const std::size_t room = chats_ % options_.rooms;
    const std::size_t from = room * options_.people + chats_ / options_.rooms % options_.people;
    ++chats_;
    say(from, R"(421["chat",{"key":"k)" + std::to_string(chats_) + R"(","text":"Hello )" +
                  mark(when) + R"("}])");
  }

  void say(std::size_t person, const std::string& message) {
    send_all(people_[person].stream.fd(), text_frame(message));
  }

  void receive() {
    const int count = ::epoll_wait(epoll_, events_.data(), static_cast<int>(events_.size()), 1);
    for (int i = 0; i < count; ++i) {
      Stream& stream = people_[events_[static_cast<std::size_t>(i)].data.u64].stream;
      std::string_view bytes = stream.read();
      const double now = now_seconds();
      for (std::string_view frame; take_frame(bytes, frame);) hear(stream, frame, now);
      stream.keep(bytes);
    }
  }

  void hear(Stream& stream, std::string_view frame, double now) {
    if (frame == "2") {
      send_all(stream.fd(), text_frame("3"));
    } else if (frame.starts_with(R"(42["candidate")") || frame.starts_with(R"(42["description")")) {
      relayed.add(now - marked(frame));
    } else if (frame.starts_with(R"(42["chat")")) {
      told.add(now - marked(frame));
    } else if (frame.starts_with("431") && frame.find(R"("ok":true)") != frame.npos) {
      acknowledged.add(now - marked(frame));
    } else if (frame.starts_with("431") || frame.starts_with(R"(42["error")")) {
      if (refused++ == 0) std::fprintf(stderr, "load: refused: %s\n", std::string(frame).c_str());
    }
  }

  const Options& options_;
  std::vector<Person> people_;  // Those of a room stand side by side.
  int epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  std::array<epoll_event, 1'024> events_{};
  std::size_t signals_ = 0;
  std::size_t chats_ = 0;
};

void measure(const Options& options) {
  // What the first ones cost is not theirs; and they are elsewhere.
  Latencies warm_up;
  std::vector<Person> first;
  for (std::size_t i = 0; i < 100; ++i) {
    first.push_back(join(options, 10'000'000 + i, warm_up));
  }
  const std::size_t memory = resident_bytes(options.pid);
  const double joins_cpu = cpu_seconds(options.pid);
  Latencies joins;
  Meetings meetings(options, joins);
  const double joined_cpu = cpu_seconds(options.pid) - joins_cpu;
  meetings.run(0, 0, 1);
  const std::size_t resident = resident_bytes(options.pid);
  const auto people = static_cast<double>(options.rooms * options.people);

  meetings.run(options.signals, options.chats, 2);  // Warms up.
  meetings.forget();
  const double cpu = cpu_seconds(options.pid);
  const double began = now_seconds();
  meetings.run(options.signals, options.chats, options.seconds);
  const double used = (cpu_seconds(options.pid) - cpu) / (now_seconds() - began);
  std::printf(R"({"people":%.0f,"rooms":%zu,"join_cpu_ms":%.4f,"join_ms":%s,)"
              R"("bytes_a_person":%.0f,"resident_bytes":%zu,"peak_bytes":%zu,"cpu":%.3f,)"
              R"("relayed_ms":%s,"chat_acknowledged_ms":%s,"chat_told_ms":%s,"refused":%zu})"
              "\n",
              people, options.rooms, 1'000 * joined_cpu / people, joins.json().c_str(),
              static_cast<double>(resident - memory) / people, resident,
              resident_bytes(options.pid), used, meetings.relayed.json().c_str(),
              meetings.acknowledged.json().c_str(), meetings.told.json().c_str(), meetings.refused);
}

}  // namespace

int main(int argc, char** argv) {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);

  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view flag = argv[i];
    const double value = std::atof(argv[i + 1]);
    if (flag == "--port") options.port = static_cast<std::uint16_t>(value);
    if (flag == "--pid") options.pid = static_cast<int>(value);
    if (flag == "--rooms") options.rooms = static_cast<std::size_t>(value);
    if (flag == "--people") options.people = static_cast<std::size_t>(value);
    if (flag == "--signals") options.signals = value;
    if (flag == "--chats") options.chats = value;
    if (flag == "--seconds") options.seconds = value;
  }
  if (options.port == 0 || options.pid == 0 || options.rooms == 0 || options.people < 2) {
    return std::fputs("meeting_load --port N --pid SERVER: see the top of load.cpp\n", stderr), 2;
  }
  measure(options);
  return 0;
}
