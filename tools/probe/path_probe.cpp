#include "probe/path_probe.h"

#include <algorithm>

#include "base/overloaded.h"
#include "probe/allocation_words.h"
#include "probe/payload.h"
#include "stun/message.h"

namespace parley::probe {
namespace {

constexpr Duration kAgain = std::chrono::milliseconds{300};
// For what may well never come: a packet that a NAT lets in or not, another port's answer.
constexpr Duration kMaybe = std::chrono::milliseconds{900};
constexpr Duration kLeave = std::chrono::milliseconds{500};

turn::ClientConfig client_config(const PathProbe::Config& config) {
  return {.server = config.way == Way::kUdp ? net::Transport::kUdp : net::Transport::kTcp,
          .login = *config.login,
          .ipv4 = config.server.ip.is_v4(),
          .ipv6 = config.server.ip.is_v6(),
          .rto = std::chrono::milliseconds{250}};
}

}  // namespace

PathProbe::PathProbe(Config config, Random& random)
    : config_(std::move(config)),
      random_(&random),
      report_{.way = config_.way, .server = config_.server, .relays = config_.login.has_value()},
      meter_(config_.measure_for / 2),
      ramp_(config_.measure_for / 2) {}

void PathProbe::enter(Time now, Step step, Duration at_most) {
  step_ = step;
  give_up_at_ = now + at_most;
  again_at_ = kNever;
}

void PathProbe::start(Time now) {
  enter(now, Step::kOpening, config_.patience);
  outputs_.push_back(Open{Wire::kCaller});
}

void PathProbe::finish(Time now, std::string problem) {
  report_.problem = std::move(problem);
  leave(now);
}

void PathProbe::leave(Time now) {
  enter(now, Step::kLeaving, kLeave);
  for (auto& end : ends_) {
    if (end && end->client.is_allocated()) end->client.close(now);
  }
  settle_clients(now);
}

// --- Binding, and what the NAT makes of it ---

void PathProbe::ask_again(Time now) {
  for (Question& question : questions_) {
    if (!question.answer()) {
      outputs_.push_back(Send{Wire::kCaller, question.to(), question.ask(now, *random_)});
    }
  }
  // A stream loses nothing: what is not answered there waits.
  again_at_ = is_udp() ? now + kAgain : kNever;
}

// Whether it is an answer to a Binding request, be it late.
bool PathProbe::on_binding_answer(Time now, const Packet& packet) {
  const auto answer = stun::MessageView::parse(packet.packet);
  if (!answer || answer->method() != stun::Method::kBinding) return false;
  if (step_ == Step::kDiscovering && discovery_) {
    const bool is_callers = packet.wire == Wire::kCaller;
    using enum NatDiscovery::Socket;
    discovery_->handle_input(now, {is_callers ? kMapping : kFiltering, packet.from, packet.packet});
    return true;
  }
  for (Question& question : questions_) {
    if (!question.take(now, packet.from, *answer)) continue;
    if (report_.mapped) {
      on_mapping_seen(question.answer()->mapped);
    } else {
      report_.mapped = question.answer()->mapped;
      report_.round_trip = question.answer()->round_trip;
      other_address_ = question.answer()->other;
    }
  }
  return true;
}

// What another port sees of the socket whose address the first has told.
void PathProbe::on_mapping_seen(const net::SocketAddress& mapped) {
  if (mapped != *report_.mapped) {
    nat_.mapping = Mapping::kDependent;
  } else if (nat_.mapping == Mapping::kUnknown) {
    nat_.mapping = mapped == report_.local ? Mapping::kNone : Mapping::kIndependent;
  }
}

void PathProbe::after_binding(Time now) {
  questions_.clear();
  const bool is_discoverable =
      is_udp() && other_address_ && NatDiscovery::is_usable(config_.server, *other_address_);
  if (!is_discoverable) return ask_other_ports(now);
  enter(now, Step::kDiscovering, config_.patience);
  outputs_.push_back(Open{Wire::kCalled});
}

void PathProbe::discover(Time now) {
  enter(now, Step::kDiscovering, kNever - now);  // It has a deadline of its own.
  discovery_.emplace(NatDiscovery::Config{.server = config_.server,
                                          .other = *other_address_,
                                          .local = *report_.local,
                                          .mapped = *report_.mapped,
                                          .patience = kMaybe + *report_.round_trip},
                     *random_);
  discovery_->start(now);
}

void PathProbe::settle_discovery() {
  if (!discovery_) return;
  while (auto output = discovery_->poll_output()) {
    const bool is_callers = output->socket == NatDiscovery::Socket::kMapping;
    outputs_.push_back(
        Send{is_callers ? Wire::kCaller : Wire::kCalled, output->to, std::move(output->packet)});
  }
}

void PathProbe::after_discovery(Time now) {
  nat_ = discovery_->result();
  if (nat_.mapping == Mapping::kUnknown) return ask_other_ports(now);
  allocate(now);
}

void PathProbe::ask_other_ports(Time now) {
  if (!is_udp() || config_.other_ports.empty()) return allocate(now);
  for (const auto& port : config_.other_ports) questions_.emplace_back(port);
  enter(now, Step::kOtherPorts, kMaybe);
  ask_again(now);
}

// --- The relay ---

void PathProbe::allocate(Time now) {
  questions_.clear();
  if (!config_.login) return finish(now, {});
  enter(now, Step::kAllocating, config_.patience);
  for (auto& end : ends_) end.emplace(End{turn::Client(client_config(config_), *random_)});
  if (called_is_open_) {
    end(Wire::kCalled).client.start(now);
  } else {
    outputs_.push_back(Open{Wire::kCalled});
  }
  end(Wire::kCaller).client.start(now);
}

// From the called one's relayed address to our socket, which has not written to it: does that come
// in?
void PathProbe::try_filtering(Time now) {
  if (!is_udp() || nat_.filtering != Filtering::kUnknown) return join(now);
  enter(now, Step::kNat, kMaybe);
  say_hello(now);
}

void PathProbe::after_filtering(Time now) {
  // A relay that may not write to our address (it is private, say) proves nothing.
  if (nat_.filtering == Filtering::kUnknown && !nat_is_refused_) {
    nat_.filtering = Filtering::kStrict;
  }
  join(now);
}

void PathProbe::join(Time now) {
  enter(now, Step::kJoining, config_.patience);
  end(Wire::kCalled).client.permit(now, end(Wire::kCaller).relayed->ip);
  say_hello(now);
}

// Until one has come through: the first may meet no permission.
void PathProbe::say_hello(Time now) {
  again_at_ = now + kAgain;
  if (step_ == Step::kNat) {
    end(Wire::kCalled).client.send(now, *report_.mapped, write_payload(Payload::Kind::kNat, 0, 0));
    return;
  }
  end(Wire::kCaller)
      .client.send(now, *end(Wire::kCalled).relayed, write_payload(Payload::Kind::kHello, 0, 0));
  // And what does the relayed address see of our socket, where we write to it ourselves?
  if (is_udp()) {
    outputs_.push_back(
        Send{Wire::kCaller, *end(Wire::kCalled).relayed, write_payload(Payload::Kind::kNat, 0, 0)});
  }
}

void PathProbe::send_due(Time now) {
  if (step_ != Step::kMeasuring && step_ != Step::kFilling) return;
  auto& from = end(Wire::kCaller).client;
  const auto& to = *end(Wire::kCalled).relayed;
  if (step_ == Step::kMeasuring) {
    while (const auto number = meter_.poll(now)) {
      from.send(now, to, write_payload(Payload::Kind::kMeter, *number, kMeterPacket));
    }
  }
  if (step_ == Step::kFilling) {
    while (const auto number = ramp_.poll(now)) {
      from.send(now, to, write_payload(Payload::Kind::kRamp, *number, Ramp::kPacketSize));
    }
  }
}

void PathProbe::on_relayed(Time now, const turn::Received& received) {
  const auto payload = read_payload(received.payload);
  if (!payload) return;
  switch (payload->kind) {
    case Payload::Kind::kNat:  // From our socket itself.
      if (report_.mapped && received.peer.ip == report_.mapped->ip) on_mapping_seen(received.peer);
      break;
    case Payload::Kind::kHello:
      if (step_ != Step::kJoining) break;
      enter(now, Step::kMeasuring, config_.measure_for + config_.patience);
      meter_.start(now);
      break;
    case Payload::Kind::kMeter: meter_.received(now, payload->number); break;
    case Payload::Kind::kRamp: ramp_.received(now, payload->number); break;
  }
}

void PathProbe::on_client(Time now, Wire wire, turn::ClientOutput& output) {
  std::visit(overloaded{[&](turn::ToServer& to) {
                          outputs_.push_back(Send{wire, config_.server, std::move(to.packet)});
                        },
                        [&](const turn::Allocated& allocated) {
                          if (!allocated.relayed.empty()) end(wire).relayed = allocated.relayed[0];
                          if (wire == Wire::kCaller) report_.relayed = end(wire).relayed;
                        },
                        [&](const turn::ClientFailed& failed) {
                          if (step_ < Step::kLeaving) finish(now, allocation_problem(failed));
                        },
                        [&](const turn::Received& received) {
                          if (wire == Wire::kCalled) on_relayed(now, received);
                        },
                        [&](const turn::PeerRefused&) { nat_is_refused_ |= step_ == Step::kNat; },
                        [](const auto&) {}},
             output);
}

void PathProbe::settle_clients(Time now) {
  for (const Wire wire : {Wire::kCaller, Wire::kCalled}) {
    if (!ends_[static_cast<std::size_t>(wire)]) continue;
    while (auto output = end(wire).client.poll_output()) on_client(now, wire, *output);
  }
}

// --- The run ---

// Goes on where a step has what it wants.
void PathProbe::advance(Time now) {
  settle_clients(now);
  switch (step_) {
    case Step::kBinding:
      if (report_.mapped) after_binding(now);
      break;
    case Step::kDiscovering:
      settle_discovery();
      if (discovery_ && discovery_->is_over()) after_discovery(now);
      break;
    case Step::kOtherPorts:
      if (std::ranges::all_of(questions_,
                              [](const auto& each) { return each.answer().has_value(); })) {
        allocate(now);
      }
      break;
    case Step::kAllocating:
      if (end(Wire::kCaller).relayed && end(Wire::kCalled).relayed) try_filtering(now);
      break;
    case Step::kNat:
      if (nat_.filtering != Filtering::kUnknown || nat_is_refused_) after_filtering(now);
      break;
    case Step::kMeasuring:
      if (!meter_.is_over(now)) break;
      report_.quality = meter_.result();
      enter(now, Step::kFilling, config_.measure_for + config_.patience);
      ramp_.start(now);
      break;
    case Step::kFilling:
      if (!ramp_.is_over(now)) break;
      report_.quality->bandwidth = ramp_.rate();
      report_.quality->is_at_least = ramp_.is_at_least();
      leave(now);
      break;
    default: break;
  }
  send_due(now);
  settle_clients(now);
}

std::string PathProbe::overdue() const {
  switch (step_) {
    case Step::kOpening: return "No connection came about: nothing answers there.";
    case Step::kBinding: return "STUN is not answered there.";
    case Step::kAllocating: return allocation_problem({.why = turn::ClientFailure::kTimeout});
    case Step::kJoining:
      return "The relay gives out addresses, but nothing comes through them: it cannot reach its "
             "own relayed addresses.";
    default: return {};
  }
}

void PathProbe::handle_timeout(Time now) {
  for (auto& end : ends_) {
    if (end && end->client.next_deadline() <= now) end->client.handle_timeout(now);
  }
  if (discovery_ && discovery_->next_deadline() <= now) discovery_->handle_timeout(now);
  if (again_at_ <= now) {
    if (step_ == Step::kNat || step_ == Step::kJoining) {
      say_hello(now);
    } else {
      ask_again(now);
    }
  }
  if (give_up_at_ <= now) {
    switch (step_) {
      case Step::kDiscovering: ask_other_ports(now); break;
      case Step::kOtherPorts: allocate(now); break;
      case Step::kNat: after_filtering(now); break;
      case Step::kLeaving:
        step_ = Step::kDone;
        give_up_at_ = kNever;
        outputs_.push_back(Done{});
        break;
      case Step::kDone: break;
      default: finish(now, overdue());
    }
  }
  advance(now);
}

Time PathProbe::next_deadline() const {
  if (step_ == Step::kDone) return kNever;
  Time next = std::min(give_up_at_, again_at_);
  for (const auto& end : ends_) {
    if (end) next = std::min(next, end->client.next_deadline());
  }
  if (discovery_) next = std::min(next, discovery_->next_deadline());
  if (step_ == Step::kMeasuring) next = std::min(next, meter_.next_deadline());
  if (step_ == Step::kFilling) next = std::min(next, ramp_.next_deadline());
  return next;
}

void PathProbe::on(Time now, const Opened& opened) {
  if (opened.wire == Wire::kCalled) {
    called_is_open_ = true;
    if (step_ == Step::kDiscovering) discover(now);
    if (step_ == Step::kAllocating) end(Wire::kCalled).client.start(now);
    return;
  }
  if (step_ != Step::kOpening) return;
  report_.local = opened.local;
  enter(now, Step::kBinding, config_.patience);
  questions_.emplace_back(config_.server);
  ask_again(now);
}

void PathProbe::on(Time now, const Packet& packet) {
  if (on_binding_answer(now, packet)) return;
  if (const auto payload = read_payload(packet.packet)) {
    // Later we have written to that address ourselves.
    if (step_ == Step::kNat) nat_.filtering = Filtering::kOpen;
    return;
  }
  if (ends_[static_cast<std::size_t>(packet.wire)] && packet.from == config_.server) {
    end(packet.wire).client.handle_input(now, {.packet = packet.packet});
  }
}

void PathProbe::on(Time now, const Broken& broken) {
  if (step_ >= Step::kLeaving) return;
  finish(now, broken.problem);
}

void PathProbe::handle_input(Time now, Input input) {
  std::visit([&](const auto& event) { on(now, event); }, input);
  advance(now);
}

std::optional<PathProbe::Output> PathProbe::poll_output() {
  if (outputs_.empty()) return std::nullopt;
  auto output = std::move(outputs_.front());
  outputs_.pop_front();
  return output;
}

}  // namespace parley::probe
