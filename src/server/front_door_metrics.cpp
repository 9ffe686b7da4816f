#include "server/front_door_metrics.h"

namespace parley::server {

void write_front_door_metrics(MetricsText& metrics, const FrontDoor::Counters& door) {
  metrics.counter("front_door_connections", "Connections to the single port, by what they spoke.")
      .value("kind", "https", door.https)
      .value("kind", "http", door.http)
      .value("kind", "turn-tls", door.turn_tls)
      .value("kind", "turn-tcp", door.turn_tcp)
      .value("kind", "ice-tcp", door.ice_tcp)
      .value("kind", "unknown", door.unknown);
  metrics.counter("front_door_lost", "Connections to the single port that never spoke, by reason.")
      .value("reason", "silent", door.silent)
      .value("reason", "gone", door.gone)
      .value("reason", "tls", door.tls_failures)
      .value("reason", "address", door.refused_address);
  metrics.gauge("front_door_waiting", "Connections that have not yet shown what they speak.")
      .value(door.waiting);
}

}  // namespace parley::server
