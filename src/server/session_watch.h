#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "io/event_loop.h"
#include "server/identities.h"
#include "server/storage.h"

namespace parley::server {

// Shuts the door on who came in by a session that has ended.
//
// What ends in this process, Identities tells at once. What another process ends (`parley user`) is
// found in the store, which is asked once when a session comes, and again for all that are watched
// whenever somebody else has changed the database: that is looked at every second.
class SessionWatch {
 public:
  static constexpr Duration kInterval = std::chrono::seconds{1};

  // One connection is watched for as long as this lives. An empty one watches nothing.
  class Guard {
   public:
    Guard() = default;
    Guard(Guard&& other) noexcept
        : watch_(std::exchange(other.watch_, nullptr)), session_(other.session_), id_(other.id_) {}
    Guard& operator=(Guard&& other) noexcept {
      std::swap(watch_, other.watch_);
      std::swap(session_, other.session_);
      std::swap(id_, other.id_);
      return *this;
    }
    ~Guard() {
      if (watch_ != nullptr) watch_->forget(session_, id_);
    }

   private:
    friend class SessionWatch;
    Guard(SessionWatch& watch, store::SessionId session, std::uint64_t id)
        : watch_(&watch), session_(session), id_(id) {}

    SessionWatch* watch_ = nullptr;
    store::SessionId session_ = {};
    std::uint64_t id_ = 0;
  };

  SessionWatch(io::EventLoop& loop, Storage& storage, Identities& identities);
  SessionWatch(const SessionWatch&) = delete;
  SessionWatch& operator=(const SessionWatch&) = delete;

  // `on_ended` is called at most once, never at once, and may destroy the guard.
  [[nodiscard]] Guard watch(store::SessionId session, std::function<void()> on_ended);

  const Identities& identities() const { return identities_; }
  std::size_t size() const { return doors_.size(); }  // Sessions.

 private:
  using Doors = std::map<std::uint64_t, std::function<void()>>;

  void forget(store::SessionId session, std::uint64_t id);
  void shut(store::SessionId session);
  void look();
  void check(std::vector<store::SessionId> sessions);

  Storage& storage_;
  Identities& identities_;
  io::EventLoop& loop_;
  io::Timer timer_;
  std::unordered_map<store::SessionId, Doors> doors_;
  std::uint64_t last_id_ = 0;
  std::optional<std::int64_t> version_;  // Of the database, when it was last looked at.
};

}  // namespace parley::server
