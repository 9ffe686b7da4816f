#include "sim/link.h"

#include <algorithm>

namespace parley::sim {

namespace {

constexpr std::size_t kIpAndUdp = 28;

}  // namespace

void Link::send(Time now, Bytes datagram) {
  ++counters_.sent;
  if (down_ || is_lost()) {
    ++counters_.lost;
    return;
  }
  Time leaves = now;
  if (config_.bits_per_second > 0) {
    const Duration wait = queueing_delay(now);
    if (wait > config_.queue) {
      ++counters_.overflowed;
      return;
    }
    counters_.longest_queue = std::max(counters_.longest_queue, wait);
    wire_free_ =
        std::max(wire_free_, now - on_wire(config_.bucket)) + on_wire(datagram.size() + kIpAndUdp);
    leaves = std::max(now, wire_free_);
  }
  deliver(leaves, datagram);
  if (chance(config_.duplicate)) deliver(leaves, datagram);
}

std::optional<Datagram> Link::poll(Time now) {
  if (under_way_.empty() || next_deadline() > now) return std::nullopt;
  Datagram datagram = std::move(under_way_.begin()->second);
  under_way_.erase(under_way_.begin());
  ++counters_.delivered;
  counters_.bytes += datagram.size();
  return datagram;
}

Time Link::next_deadline() const {
  return under_way_.empty() ? kNever : under_way_.begin()->first.first;
}

Duration Link::queueing_delay(Time now) const {
  return wire_free_ > now ? wire_free_ - now : Duration::zero();
}

Duration Link::on_wire(std::size_t bytes) const {
  return Duration{static_cast<Duration::rep>(bytes * 8 * 1'000'000 / config_.bits_per_second)};
}

// Gilbert's model: a burst ends after each loss with the chance 1/burst; it begins just so often
// that the share of what is lost is right.
bool Link::is_lost() {
  if (config_.loss <= 0) return false;
  if (config_.loss >= 1) return true;
  const double end = 1 / std::max(config_.burst, 1.0);
  const double begin = end * config_.loss / (1 - config_.loss);
  in_burst_ = in_burst_ ? !chance(end) : chance(begin);
  return in_burst_;
}

void Link::deliver(Time at, Bytes datagram) {
  Time arrival = at + config_.latency;
  if (config_.jitter > Duration::zero()) {
    arrival +=
        Duration{std::uniform_int_distribution<Duration::rep>(0, config_.jitter.count())(random_)};
  }
  if (!config_.reorder) arrival = std::max(arrival, last_arrival_);
  last_arrival_ = arrival;
  under_way_.emplace(std::pair{arrival, entered_++}, Datagram(datagram.begin(), datagram.end()));
}

}  // namespace parley::sim
