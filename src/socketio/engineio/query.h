#pragma once

#include <string_view>

namespace parley::engineio {

// The parameters that Engine.IO puts into the query of every request. They borrow from it. None of
// them ever needs percent-encoding, so one that has it is simply not known.
struct Query {
  std::string_view eio = {};
  std::string_view transport = {};
  std::string_view sid = {};
  bool has_others = false;  // Parameters of the application's.

  static Query parse(std::string_view text);
};

}  // namespace parley::engineio
