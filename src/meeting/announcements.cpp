#include "meeting/announcements.h"

#include <algorithm>
#include <utility>

#include "base/overloaded.h"

namespace parley::meeting {

void Announcements::hold(Tell tell) {
  if (waiting_.size() >= kMaxWaiting) free_all();
  deadline_ = std::min(deadline_, tell.due);
  waiting_.push_back(std::move(tell));
}

bool Announcements::precede(const Output& output) {
  if (waiting_.empty()) return false;
  std::visit(overloaded{
                 [&](const Tell& tell) {
                   if (tell.due != kAtOnce) return;  // It comes after them in any case.
                   if (tell.to.size() > kFew) return free_all();
                   for (const ConnectionId to : tell.to) free_for(to);
                 },
                 [&](const Forget& gone) { forget(gone.connection); },
                 [](const ToStore&) {},
                 [](const ToMedia&) {},
                 [&](const auto& answer) { free_for(answer.to); },
             },
             output);
  return !free_.empty();
}

void Announcements::handle_timeout(Time now) {
  if (deadline_ <= now) free_all();
}

std::optional<Tell> Announcements::take() {
  if (free_.empty()) return std::nullopt;
  Tell tell = std::move(free_.front());
  free_.pop_front();
  return tell;
}

void Announcements::free_all() {
  for (Tell& tell : waiting_) {
    tell.due = kAtOnce;
    if (!tell.to.empty()) free_.push_back(std::move(tell));
  }
  waiting_.clear();
  deadline_ = kNever;
}

void Announcements::free_for(ConnectionId connection) {
  for (Tell& tell : waiting_) {
    if (std::erase(tell.to, connection) > 0)
      free_.push_back({.to = {connection}, .event = tell.event});
  }
}

// Nothing may be told to it any more.
void Announcements::forget(ConnectionId connection) {
  for (Tell& tell : waiting_) std::erase(tell.to, connection);
}

}  // namespace parley::meeting
