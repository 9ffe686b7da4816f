#include "probe/report.h"

namespace parley::probe {

std::string_view to_string(Way way) {
  switch (way) {
    case Way::kUdp: return "UDP";
    case Way::kTcp: return "TCP";
    case Way::kTls: break;
  }
  return "TLS";
}

std::string_view to_string(WebSockets websockets) {
  switch (websockets) {
    case WebSockets::kWork: return "work";
    case WebSockets::kOnlyPolling: return "only long-polling works";
    case WebSockets::kNeither: return "neither they nor long-polling work";
    case WebSockets::kUnknown: break;
  }
  return "unknown";
}

bool is_symmetric(Mapping mapping) {
  return mapping == Mapping::kAddressDependent || mapping == Mapping::kDependent;
}

std::string_view to_string(Mapping mapping) {
  switch (mapping) {
    case Mapping::kNone: return "no translation";
    case Mapping::kEndpointIndependent: return "endpoint-independent mapping";
    case Mapping::kAddressDependent: return "address-dependent mapping";
    case Mapping::kIndependent: return "endpoint-independent or address-dependent mapping";
    case Mapping::kDependent: return "address and port-dependent mapping";
    case Mapping::kUnknown: break;
  }
  return "unknown";
}

std::string_view to_string(Filtering filtering) {
  switch (filtering) {
    case Filtering::kEndpointIndependent: return "endpoint-independent filtering";
    case Filtering::kAddressDependent: return "address-dependent filtering";
    case Filtering::kOpen: return "endpoint-independent or address-dependent filtering";
    case Filtering::kStrict: return "address and port-dependent filtering";
    case Filtering::kUnknown: break;
  }
  return "unknown";
}

}  // namespace parley::probe
