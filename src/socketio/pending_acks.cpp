#include "socketio/pending_acks.h"

#include <utility>

namespace parley::socketio {

std::string_view to_string(AckError error) {
  return error == AckError::kTimedOut ? "operation has timed out" : "socket has been disconnected";
}

void PendingAcks::await(std::uint64_t id, std::uint64_t socket, AckCall call) {
  single_.emplace(id, Single{.socket = socket, .call = std::move(call)});
}

void PendingAcks::await(std::uint64_t id, std::vector<std::uint64_t> sockets, RepliesCall call) {
  several_.emplace(id, Several{.sockets = std::move(sockets), .call = std::move(call)});
}

bool PendingAcks::handle_ack(std::uint64_t id, std::uint64_t socket, Arguments arguments) {
  const auto single = single_.find(id);
  if (single != single_.end()) {
    if (single->second.socket != socket) return false;
    auto node = single_.extract(single);
    node.mapped().call(std::move(arguments));
    return true;
  }
  const auto several = several_.find(id);
  if (several == several_.end()) return false;
  if (std::erase(several->second.sockets, socket) == 0) return false;
  several->second.replies.arguments.push_back(std::move(arguments));
  if (!several->second.sockets.empty()) return true;
  auto node = several_.extract(several);
  node.mapped().call(std::move(node.mapped().replies));
  return true;
}

void PendingAcks::give_up(std::uint64_t id, AckError error) {
  if (auto node = single_.extract(id)) {
    node.mapped().call(std::unexpected(error));
  } else if (auto some = several_.extract(id)) {
    some.mapped().replies.missing = some.mapped().sockets.size();
    some.mapped().call(std::move(some.mapped().replies));
  }
}

}  // namespace parley::socketio
