#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

#include "meeting/identity.h"

namespace parley::meeting {

// Who was removed from a room while it lives. They do not come back as who they were; and who
// comes from where they came must be admitted, since it may be they under another name.
class Bans {
 public:
  static constexpr std::size_t kMax = 256;  // More than a host removes by hand; the first goes.

  void add(std::string_view sid, const Identity& identity, std::string_view address);

  bool holds(std::string_view sid) const;
  // `address` is empty where it is not known.
  bool suspects(const Identity& identity, std::string_view address) const;

 private:
  struct Removed {
    std::string sid = {};
    store::UserId user = {};
    std::string address = {};
  };

  std::deque<Removed> removed_;  // Never more than kMax.
};

}  // namespace parley::meeting
