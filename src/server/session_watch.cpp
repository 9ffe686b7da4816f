#include "server/session_watch.h"

#include <utility>
#include <vector>

#include "base/log.h"
#include "server/calendar.h"

namespace parley::server {

using Sessions = std::vector<store::SessionId>;

SessionWatch::SessionWatch(io::EventLoop& loop, Storage& storage, Identities& identities)
    : storage_(storage), identities_(identities), loop_(loop), timer_(loop, [this] { look(); }) {
  // In a later turn: what is shut may be what is under way just now.
  identities_.on_revoked(
      [this](store::SessionId session) { loop_.defer([this, session] { shut(session); }); });
}

SessionWatch::Guard SessionWatch::watch(store::SessionId session, std::function<void()> on_ended) {
  Doors& doors = doors_[session];
  if (doors.empty()) check({session});
  doors.emplace(++last_id_, std::move(on_ended));
  if (!timer_.is_armed()) timer_.arm(loop_.now() + kInterval);
  return Guard(*this, session, last_id_);
}

void SessionWatch::forget(store::SessionId session, std::uint64_t id) {
  const auto it = doors_.find(session);
  if (it == doors_.end()) return;
  it->second.erase(id);
  if (it->second.empty()) doors_.erase(it);
}

// One by one: each call may destroy guards, its own and others.
void SessionWatch::shut(store::SessionId session) {
  for (auto it = doors_.find(session); it != doors_.end(); it = doors_.find(session)) {
    const auto [id, on_ended] = *it->second.begin();
    forget(session, id);
    on_ended();
  }
}

void SessionWatch::look() {
  if (doors_.empty()) return;
  timer_.arm(loop_.now() + kInterval);
  storage_.run([](store::Store& store) { return store.version(); },
               [this](store::Result<std::int64_t> version) {
                 if (!version || version_ == *version) return;
                 version_ = *version;
                 Sessions all;
                 for (const auto& [session, doors] : doors_) all.push_back(session);
                 check(std::move(all));
               });
}

void SessionWatch::check(Sessions sessions) {
  storage_.run(
      [sessions = std::move(sessions),
       now = unix_now()](store::Store& store) -> store::Result<Sessions> {
        Sessions ended;
        for (const store::SessionId id : sessions) {
          const auto session = store.sessions().find(id);
          if (!session) return std::unexpected(session.error());
          if (!*session || (*session)->expires <= now) ended.push_back(id);
        }
        return ended;
      },
      [this](const store::Result<Sessions>& ended) {
        if (!ended) return;
        for (const store::SessionId session : *ended) {
          log::info("server", "session {} has ended elsewhere", session.value);
          identities_.revoke(session);
        }
      });
}

}  // namespace parley::server
