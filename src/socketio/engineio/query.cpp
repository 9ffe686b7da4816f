#include "socketio/engineio/query.h"

#include <cstddef>

namespace parley::engineio {

Query Query::parse(std::string_view text) {
  Query query;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(pair.size() == text.size() ? pair.size() : pair.size() + 1);
    const std::size_t equals = pair.find('=');
    const std::string_view name = pair.substr(0, equals);
    const std::string_view value =
        equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
    if (name == "EIO") {
      query.eio = value;
    } else if (name == "transport") {
      query.transport = value;
    } else if (name == "sid") {
      query.sid = value;
    } else if (name != "t" && name != "b64" && !name.empty()) {  // "t" is there to defeat caches.
      query.has_others = true;
    }
  }
  return query;
}

}  // namespace parley::engineio
