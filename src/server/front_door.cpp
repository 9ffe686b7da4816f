#include "server/front_door.h"

#include <utility>

#include "server/arrival.h"

namespace parley::server {

FrontDoor::FrontDoor(io::EventLoop& loop, FrontDoorConfig config, Behind behind)
    : loop_(loop),
      config_(config),
      behind_(std::move(behind)),
      deadline_(loop, [this] { check_deadlines(); }) {}

FrontDoor::~FrontDoor() = default;

void FrontDoor::set_certificate(std::shared_ptr<const tls::Context> certificate) {
  certificate_ = std::move(certificate);
}

std::expected<net::SocketAddress, std::string> FrontDoor::listen(
    const net::SocketAddress& address) {
  if (certificate_ == nullptr) return std::unexpected("HTTPS needs a certificate");
  auto listener = io::TcpListener::listen(
      loop_, address, [this](int fd, const net::SocketAddress& peer) { accept(io::Fd(fd), peer); });
  if (!listener) return std::unexpected(std::move(listener.error()));
  listener_ = *std::move(listener);
  return listener_->address();
}

void FrontDoor::stop() {
  listener_.reset();
  arrivals_.clear();
  waiting_from_.clear();
  counters_.waiting = 0;
}

void FrontDoor::accept(io::Fd fd, const net::SocketAddress& peer) {
  if (waiting_from_.of(peer.ip) >= config_.max_waiting_per_address) {
    ++counters_.refused_address;
    return;
  }
  if (arrivals_.size() >= config_.max_waiting) turn_away_oldest();
  waiting_from_.add(peer.ip);
  const std::uint64_t id = next_id_++;
  arrivals_.emplace(id, std::make_unique<Arrival>(*this, id, std::move(fd), peer));
  counters_.waiting = arrivals_.size();
  if (!deadline_.is_armed()) deadline_.arm(loop_.now() + config_.time_limit);
}

void FrontDoor::hand_over(net::Spoken spoken, tls::Handover handover) {
  const bool is_secure = handover.session != nullptr;
  switch (spoken) {
    case net::Spoken::kHttp:
      ++(is_secure ? counters_.https : counters_.http);
      return behind_.http(std::move(handover));
    case net::Spoken::kStun:
      if (!behind_.relay) break;
      ++(is_secure ? counters_.turn_tls : counters_.turn_tcp);
      return behind_.relay(std::move(handover), listener_->address());
    case net::Spoken::kIceTcp:
      ++counters_.ice_tcp;
      if (behind_.media && !is_secure) behind_.media(std::move(handover), listener_->address());
      return;
    default: break;  // TLS within TLS is one of them.
  }
  ++counters_.unknown;
}

void FrontDoor::remove(std::uint64_t id) {
  const auto it = arrivals_.find(id);
  waiting_from_.remove(it->second->peer().ip);
  arrivals_.erase(it);
  counters_.waiting = arrivals_.size();
}

void FrontDoor::turn_away_oldest() {
  const auto& [id, arrival] = *arrivals_.begin();
  if (!arrival->has_failed()) ++counters_.silent;
  remove(id);
}

// All have the same time, so who came first is due first.
void FrontDoor::check_deadlines() {
  while (!arrivals_.empty()) {
    const Time due = arrivals_.begin()->second->since() + config_.time_limit;
    if (due > loop_.now()) return deadline_.arm(due);
    turn_away_oldest();
  }
}

}  // namespace parley::server
