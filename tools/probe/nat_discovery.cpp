#include "probe/nat_discovery.h"

#include <algorithm>
#include <utility>

#include "stun/discovery.h"

namespace parley::probe {
namespace {

constexpr Duration kAgain = std::chrono::milliseconds{300};

}  // namespace

bool NatDiscovery::is_usable(const net::SocketAddress& server, const net::SocketAddress& other) {
  return other.ip.is_v4() == server.ip.is_v4() && other.ip != server.ip && !other.ip.is_any() &&
         other.port != server.port && other.port != 0;
}

NatDiscovery::NatDiscovery(const Config& config, Random& random)
    : config_(config),
      random_(&random),
      other_ip_({config.other.ip, config.server.port}),
      from_other_(config.server, stun::kChangeIp | stun::kChangePort, config.other),
      from_other_port_(config.server, stun::kChangePort, {config.server.ip, config.other.port}) {}

void NatDiscovery::start(Time now) {
  give_up_at_ = now + config_.patience;
  ask_unanswered(now);
}

void NatDiscovery::ask(Time now, Socket socket, Question& question) {
  if (question.answer()) return;
  outputs_.push_back({socket, question.to(), question.ask(now, *random_)});
}

void NatDiscovery::ask_unanswered(Time now) {
  ask(now, Socket::kMapping, other_ip_);
  if (other_port_) ask(now, Socket::kMapping, *other_port_);
  ask(now, Socket::kFiltering, from_other_);
  ask(now, Socket::kFiltering, from_other_port_);
  again_at_ = now + kAgain;
}

void NatDiscovery::handle_input(Time now, const Input& input) {
  const auto message = stun::MessageView::parse(input.packet);
  if (!message || is_over()) return;
  if (input.socket == Socket::kFiltering) {
    from_other_.take(now, input.from, *message);
    from_other_port_.take(now, input.from, *message);
  } else if (other_ip_.take(now, input.from, *message)) {
    if (!is_same_mapping()) {
      ask(now, Socket::kMapping, other_port_.emplace(config_.other));
      give_up_at_ = now + config_.patience;
    }
  } else if (other_port_) {
    other_port_->take(now, input.from, *message);
  }
  settle();
}

void NatDiscovery::handle_timeout(Time now) {
  if (give_up_at_ <= now) {
    give_up_at_ = again_at_ = kNever;
  } else if (again_at_ <= now) {
    ask_unanswered(now);
  }
}

// What does not come may still do: of filtering, only what has come ends the waiting.
void NatDiscovery::settle() {
  const bool is_filtering_known = from_other_.answer() || from_other_.is_refused();
  if (is_mapping_known() && is_filtering_known) give_up_at_ = again_at_ = kNever;
}

bool NatDiscovery::is_same_mapping() const {
  return other_ip_.answer()->mapped == config_.mapped;
}

bool NatDiscovery::is_mapping_known() const {
  if (!other_ip_.answer()) return false;
  return is_same_mapping() || (other_port_ && other_port_->answer());
}

std::optional<NatDiscovery::Output> NatDiscovery::poll_output() {
  if (outputs_.empty()) return std::nullopt;
  auto output = std::move(outputs_.front());
  outputs_.pop_front();
  return output;
}

Nat NatDiscovery::result() const {
  Nat nat;
  if (!other_ip_.answer()) return nat;
  if (is_same_mapping()) {
    const bool is_ours = config_.mapped == config_.local;
    nat.mapping = is_ours ? Mapping::kNone : Mapping::kEndpointIndependent;
  } else {
    const bool is_same =
        is_mapping_known() && other_port_->answer()->mapped == other_ip_.answer()->mapped;
    nat.mapping = is_same ? Mapping::kAddressDependent : Mapping::kDependent;
  }
  if (from_other_.is_refused() || from_other_port_.is_refused()) return nat;
  nat.filtering = from_other_.answer()        ? Filtering::kEndpointIndependent
                  : from_other_port_.answer() ? Filtering::kAddressDependent
                                              : Filtering::kStrict;
  return nat;
}

}  // namespace parley::probe
