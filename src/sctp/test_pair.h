#pragma once

#include <algorithm>
#include <functional>
#include <utility>
#include <variant>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "sim/link.h"

namespace parley::sctp {

// For tests: two engines and a link each way between them, in virtual time. The same seed gives the
// same run. Engine is Association or DataChannels.
template <class Engine>
class Pair {
 public:
  using Output = typename Engine::Output;

  template <class Config>
  Pair(const Config& config, const sim::LinkConfig& link, std::uint64_t seed = 1)
      : Pair(config, config, link, seed) {}

  template <class Config>
  Pair(const Config& config_a, const Config& config_b, const sim::LinkConfig& link,
       std::uint64_t seed)
      : random_(seed),
        a(random_, config_a),
        b(random_, config_b),
        to_b(link, seed * 2 + 1),
        to_a(link, seed * 2 + 2) {}

  // Lets pass what is to happen until `done`, or until `limit` has passed. Whether it is done.
  bool run(
      Duration limit, const std::function<bool()>& done = [] { return false; }) {
    const Time end = now + limit;
    while (true) {
      drain(a, to_b, from_a);
      drain(b, to_a, from_b);
      if (done()) return true;
      const Time next = std::min(
          {a.next_deadline(), b.next_deadline(), to_a.next_deadline(), to_b.next_deadline()});
      if (next > end) break;
      now = std::max(now, next);
      ++steps;
      // Who has something to do at the same moment does it in this order.
      if (auto packet = to_b.poll(now)) {
        if (!filter_to_b || filter_to_b(*packet)) b.handle_input(now, {.payload = *packet});
      } else if (auto other = to_a.poll(now)) {
        if (!filter_to_a || filter_to_a(*other)) a.handle_input(now, {.payload = *other});
      } else if (a.next_deadline() <= now) {
        a.handle_timeout(now);
      } else if (b.next_deadline() <= now) {
        b.handle_timeout(now);
      }
    }
    now = end;
    return done();
  }

  void drain(Engine& engine, sim::Link& link, std::vector<Output>& events) {
    while (auto output = engine.poll_output()) {
      if (auto* transmit = std::get_if<typename Engine::Transmit>(&*output)) {
        link.send(now, transmit->packet);
      } else {
        events.push_back(*std::move(output));
      }
    }
  }

 private:
  SeededRandom random_;

 public:
  Engine a;
  Engine b;
  sim::Link to_b;
  sim::Link to_a;
  // Packets for which these say no are lost; they may change them.
  std::function<bool(sim::Datagram&)> filter_to_b;
  std::function<bool(sim::Datagram&)> filter_to_a;
  std::vector<Output> from_a;  // All that is no Transmit.
  std::vector<Output> from_b;
  Time now{std::chrono::hours{1}};
  std::uint64_t steps = 0;
};

template <class Event, class Output>
std::size_t count(const std::vector<Output>& outputs) {
  return static_cast<std::size_t>(std::ranges::count_if(
      outputs, [](const Output& output) { return std::holds_alternative<Event>(output); }));
}

template <class Event, class Output>
std::vector<Event> all(const std::vector<Output>& outputs) {
  std::vector<Event> events;
  for (const Output& output : outputs) {
    if (const Event* event = std::get_if<Event>(&output)) events.push_back(*event);
  }
  return events;
}

}  // namespace parley::sctp
