#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace parley::server {

// Chooses which pictures of a room a player is shown: shared screens before people, the newest
// first; of people who speaks, or spoke last, then the others as they came. Who speaks keeps the
// picture until they have ended, whoever is louder meanwhile.
//
// Or everyone in one stream, where the server makes one: in a lecture by itself.
class Director {
 public:
  // What the player's address asks for.
  struct Wish {
    std::string name = {};    // Of this participant only; empty: of everyone.
    std::string source = {};  // "camera" or "screen"; empty: of both.
    std::string view = {};    // "all": in one stream, "each": not so; empty: as the room is.
  };

  // `pictures`: how many the player shows at once.
  Director(Wish wish, std::size_t pictures) : wish_(std::move(wish)), pictures_(pictures) {}

  // What the meeting tells the player, its welcome too (docs/protocol.md).
  void welcome(const Json& body);
  void handle(std::string_view event, const Json& body);

  // The body of the `view` to ask for, if it is another than the last that was taken.
  std::optional<Json> take_view();

 private:
  struct Picture {
    std::string sid = {};
    bool screen = false;

    friend bool operator==(const Picture&, const Picture&) = default;
  };

  void put(const Json& participant);
  void set(std::string_view sid, const Json& flags);
  void show(std::string_view sid, bool screen, bool on);
  void remove(std::string_view sid);
  bool wants_one_stream() const;
  void hear(const Json& speakers);

  Wish wish_;
  std::size_t pictures_;
  std::vector<std::string> wished_ = {};  // Who goes by the name that is wished for.
  std::vector<Picture> cameras_ = {};     // That are on, as they came.
  std::vector<Picture> screens_ = {};     // The same.
  std::string speaker_ = {};
  bool lecture_ = false;
  bool has_one_stream_ = false;  // The room.
  bool in_one_stream_ = false;   // As the view that was taken last says.
  std::optional<std::vector<Picture>> shown_ = {};
};

}  // namespace parley::server
