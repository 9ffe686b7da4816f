#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace parley::socketio {

// Looks strings up by string_view, without a copy.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept {
    return std::hash<std::string_view>{}(text);
  }
};
template <class Value>
using ByName = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

class Rooms;

// Whoever can be in rooms. One that is in none costs three pointers.
class RoomMember {
 public:
  std::vector<std::string> rooms() const;
  bool in(std::string_view room) const;

 protected:
  RoomMember() = default;
  ~RoomMember() = default;

 private:
  friend class Rooms;
  struct Room;
  struct Place {
    Room* room = nullptr;
    std::size_t index = 0;  // In the room's members.
  };

  std::vector<Place> places_;
};

// Who is in which room. A room is there while somebody is in it.
class Rooms {
 public:
  Rooms();
  ~Rooms();

  void join(RoomMember& member, std::string_view room);
  void leave(RoomMember& member, std::string_view room);
  void leave_all(RoomMember& member);

  std::span<RoomMember* const> members(std::string_view room) const;
  std::size_t size() const { return rooms_.size(); }

 private:
  using Room = RoomMember::Room;
  void remove(RoomMember& member, std::size_t place);

  ByName<Room> rooms_;
};

struct RoomMember::Room {
  std::string_view name = {};  // The key's.
  std::vector<RoomMember*> members = {};
};

}  // namespace parley::socketio
