#pragma once

#include <functional>
#include <string>

#include "meeting/state.h"
#include "server/storage.h"

namespace parley::server {

// What the meeting asks of the store about a room, carried out. Blocks, and belongs to the storage
// thread. What writes makes the room if it is not there; `now` is when that was.
meeting::StoreReply carry_out(store::Store& store, const std::string& room,
                              const meeting::StoreRequest& request, UnixMillis now);

// Hands the requests of the meeting to the storage thread, in their order, and the replies back.
class MeetingStorage {
 public:
  using OnReply = std::function<void(std::uint64_t ticket, meeting::StoreReply reply)>;

  // Null: nothing is kept, for what needs no store. `on_reply` is called on the loop, and with a
  // store never at once.
  MeetingStorage(Storage* storage, OnReply on_reply)
      : storage_(storage), on_reply_(std::move(on_reply)) {}

  void ask(meeting::ToStore request);

 private:
  Storage* storage_;
  OnReply on_reply_;
};

}  // namespace parley::server
