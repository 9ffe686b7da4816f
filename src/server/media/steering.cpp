#include "server/media/steering.h"

#include <chrono>
#include <utility>

#include "ice/credentials.h"
#include "net/demux.h"

namespace parley::server {
namespace {

// A path begins with a check for a connection that exists, so this is some for each.
constexpr std::size_t kMaxPaths = 65'536;
// Who lives asks for consent every few seconds (RFC 7675, 5.1).
constexpr Duration kForgetAfter = std::chrono::minutes{1};

}  // namespace

void Steering::forget(std::string_view ufrag) {
  const auto known = workers_.find(ufrag);
  if (known != workers_.end()) workers_.erase(known);
}

std::optional<unsigned> Steering::worker_of(Time now, const net::Path& path, Bytes datagram) {
  if (net::protocol_of(datagram) == net::Protocol::kStun) {
    const auto ufrag = ice::addressed_ufrag(datagram);
    const auto worker = ufrag ? find(*ufrag) : std::nullopt;
    if (worker && *worker != own_) {
      remember(now, path, *worker);
      return worker;
    }
    if (worker) paths_.erase(path);
    return std::nullopt;
  }
  const auto elsewhere = paths_.find(path);
  if (elsewhere == paths_.end()) return std::nullopt;
  elsewhere->second.last_heard = now;
  return elsewhere->second.worker;
}

std::optional<unsigned> Steering::worker_of(Bytes check) const {
  const auto ufrag = ice::addressed_ufrag(check);
  const auto worker = ufrag ? find(*ufrag) : std::nullopt;
  return worker && *worker != own_ ? worker : std::nullopt;
}

std::optional<unsigned> Steering::find(std::string_view ufrag) const {
  const auto known = workers_.find(ufrag);
  return known == workers_.end() ? std::nullopt : std::optional(known->second);
}

void Steering::remember(Time now, const net::Path& path, unsigned worker) {
  if (const auto known = paths_.find(path); known != paths_.end()) {
    known->second = {worker, now};
    return;
  }
  if (paths_.size() >= kMaxPaths && swept_ + kForgetAfter <= now) {
    swept_ = now;
    std::erase_if(paths_,
                  [&](const auto& one) { return one.second.last_heard + kForgetAfter < now; });
  }
  if (paths_.size() < kMaxPaths) paths_.emplace(path, Elsewhere{worker, now});
}

}  // namespace parley::server
