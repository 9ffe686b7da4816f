#include "server/housekeeping.h"

#include "io/clock.h"

namespace parley::server {
namespace {

store::Result<Housekeeping::Counters> clean(store::Store& store, UnixMillis now,
                                            const HousekeepingConfig& config) {
  const auto sessions = store.sessions().remove_expired(now);
  if (!sessions) return std::unexpected(sessions.error());
  const auto rooms = store.rooms().unused(now - config.forget_rooms_after, config.rooms_at_once);
  if (!rooms) return std::unexpected(rooms.error());
  for (const store::Room& room : *rooms) {
    if (auto removed = store.rooms().remove(room.id); !removed) {
      return std::unexpected(removed.error());
    }
  }
  return Housekeeping::Counters{.rooms = rooms->size(), .sessions = *sessions};
}

}  // namespace

Housekeeping::Housekeeping(io::EventLoop& loop, Storage& storage, HousekeepingConfig config)
    : loop_(loop), storage_(storage), config_(config), timer_(loop, [this] { sweep(); }) {
  sweep();
}

void Housekeeping::sweep() {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(io::wall_now());
  storage_.run([now, config = config_](store::Store& store) { return clean(store, now, config); },
               [this](const store::Result<Counters>& swept) { on_swept(swept); });
}

void Housekeeping::on_swept(const store::Result<Counters>& swept) {
  timer_.arm(loop_.now() + config_.interval);
  if (!swept) return;  // The store has logged why; perhaps it can the next time.
  counters_.rooms += swept->rooms;
  counters_.sessions += swept->sessions;
  if (swept->rooms == config_.rooms_at_once) timer_.arm(loop_.now());
}

}  // namespace parley::server
