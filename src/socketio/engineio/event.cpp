#include "socketio/engineio/event.h"

#include <algorithm>

namespace parley::engineio {

std::optional<std::string_view> Handshake::header(std::string_view lower_case_name) const {
  const auto it = std::ranges::find(headers, lower_case_name, &http::Header::name);
  if (it == headers.end()) return std::nullopt;
  return it->value;
}

std::string_view to_string(CloseReason reason) {
  switch (reason) {
    case CloseReason::kTransportClose: return "transport close";
    case CloseReason::kTransportError: return "transport error";
    case CloseReason::kPingTimeout: return "ping timeout";
    case CloseReason::kParseError: return "parse error";
  }
  return "";
}

}  // namespace parley::engineio
