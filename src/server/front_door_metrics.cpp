#include "server/front_door_metrics.h"

namespace parley::server {

void write_front_door_metrics(MetricsText& metrics, const FrontDoor::Counters& door) {
  const auto number = [](auto value) { return static_cast<double>(value); };
  metrics.counter("front_door_connections", "Connections to the single port, by what they spoke.")
      .value("kind", "https", number(door.https))
      .value("kind", "http", number(door.http))
      .value("kind", "turn-tls", number(door.turn_tls))
      .value("kind", "turn-tcp", number(door.turn_tcp))
      .value("kind", "ice-tcp", number(door.ice_tcp))
      .value("kind", "unknown", number(door.unknown));
  metrics.counter("front_door_lost", "Connections to the single port that never spoke, by reason.")
      .value("reason", "silent", number(door.silent))
      .value("reason", "gone", number(door.gone))
      .value("reason", "tls", number(door.tls_failures))
      .value("reason", "address", number(door.refused_address));
  metrics.gauge("front_door_waiting", "Connections that have not yet shown what they speak.")
      .value(number(door.waiting));
}

}  // namespace parley::server
