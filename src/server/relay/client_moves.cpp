#include "server/relay/client_moves.h"

#include <chrono>

namespace parley::server {
namespace {

// Anybody can make us remember one, with a ticket that is none: beyond this number those who move
// make a new allocation.
constexpr std::size_t kMaxMoved = 4096;
// Who lives refreshes more often (RFC 8656, 3.2).
constexpr Duration kForgetAfter = std::chrono::minutes{10};

}  // namespace

std::optional<unsigned> ClientMoves::worker_asked_for(Bytes packet) const {
  const auto instance = tickets_ ? tickets_->instance_asked_for(packet) : std::nullopt;
  if (!instance || *instance == share_.index || *instance >= share_.count) return std::nullopt;
  return *instance;
}

bool ClientMoves::pass_on_known(Time now, const net::Path& path, Bytes packet) {
  const auto moved = moved_.find(path);
  if (moved == moved_.end()) return false;
  moved->second.last_heard = now;
  pass_on_(moved->second.worker, path, packet);
  return true;
}

bool ClientMoves::pass_on_new(Time now, const net::Path& path, Bytes packet, unsigned to) {
  if (moved_.size() >= kMaxMoved) {
    std::erase_if(moved_,
                  [&](const auto& one) { return one.second.last_heard + kForgetAfter < now; });
  }
  if (moved_.size() >= kMaxMoved) return false;
  moved_.emplace(path, Moved{to, now});
  pass_on_(to, path, packet);
  return true;
}

}  // namespace parley::server
