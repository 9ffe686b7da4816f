#include "server/relay_metrics.h"

#include <string>
#include <utility>

namespace parley::server {
namespace {

void write_stun(MetricsText& metrics, const RelayCounters& relay) {
  metrics.counter("stun_answers", "STUN Binding requests answered.").value(relay.binding.answered);
  metrics
      .counter("stun_discovery_answers",
               "Of these, from another address, to another port or padded (RFC 5780).")
      .value(relay.binding.answered_discovery);
  metrics.counter("stun_datagrams", "STUN and TURN datagrams of clients, by direction.")
      .value("direction", "in", relay.udp.received)
      .value("direction", "out", relay.udp.sent);
  metrics.counter("stun_connections", "STUN and TURN clients by TCP, those with TLS among them.")
      .value(relay.streams);
  metrics.gauge("stun_open_connections", "STUN and TURN clients by TCP now.")
      .value(relay.open_streams);
  metrics.counter("stun_drops", "STUN messages and clients dropped, by reason.")
      .value("reason", "malformed", relay.binding.dropped_malformed)
      .value("reason", "fingerprint", relay.binding.dropped_fingerprint)
      .value("reason", "unsupported", relay.binding.dropped_unsupported)
      .value("reason", "unknown-attribute", relay.binding.answered_unknown_attribute)
      .value("reason", "bad-request", relay.binding.answered_bad_request)
      .value("reason", "rate", relay.binding.dropped_rate)
      .value("reason", "too-long", relay.udp.dropped_too_long)
      .value("reason", "send-buffer", relay.udp.dropped_full)
      .value("reason", "unreachable", relay.udp.dropped_unreachable)
      .value("reason", "receive-buffer", relay.udp.dropped_by_kernel)
      .value("reason", "tcp-full", relay.refused_full)
      .value("reason", "tcp-address", relay.refused_address)
      .value("reason", "tcp-idle", relay.closed_idle)
      .value("reason", "tcp-for-room", relay.closed_for_room)
      .value("reason", "tcp-malformed", relay.closed_malformed)
      .value("reason", "tcp-slow", relay.closed_slow)
      .value("reason", "tls", relay.closed_tls);
}

void write_turn_traffic(MetricsText& metrics, const RelayCounters& relay) {
  metrics.counter("turn_packets", "Packets relayed, by direction.")
      .value("direction", "to-peers", relay.turn.packets_to_peers)
      .value("direction", "to-clients", relay.turn.packets_to_clients);
  metrics.counter("turn_bytes", "Bytes relayed without headers, by direction.")
      .value("direction", "to-peers", relay.turn.bytes_to_peers)
      .value("direction", "to-clients", relay.turn.bytes_to_clients);
  metrics.gauge("turn_peer_connections", "TCP connections to peers now.").value(relay.joined);
  metrics.counter("turn_peer_connections_joined", "TCP connections to peers.").value(relay.joins);
  metrics.counter("turn_joined_bytes", "Bytes passed on by TCP connections, by direction.")
      .value("direction", "to-peers", relay.joined_bytes_to_peers)
      .value("direction", "to-clients", relay.joined_bytes_to_clients);
}

void write_turn_drops(MetricsText& metrics, const RelayCounters& relay) {
  const turn::Server::Counters& turn = relay.turn;
  metrics.counter("turn_drops", "Packets of clients and peers dropped, by reason.")
      .value("reason", "malformed", turn.dropped_malformed)
      .value("reason", "fingerprint", turn.dropped_fingerprint)
      .value("reason", "unsupported", turn.dropped_unsupported)
      .value("reason", "rate", turn.dropped_rate)
      .value("reason", "no-allocation", turn.dropped_no_allocation)
      .value("reason", "no-channel", turn.dropped_no_channel)
      .value("reason", "no-permission", turn.dropped_no_permission)
      .value("reason", "bandwidth", turn.dropped_bandwidth)
      .value("reason", "too-many-connections", turn.dropped_connections)
      .value("reason", "too-long", turn.dropped_too_long)
      .value("reason", "retransmission", turn.dropped_retransmission)
      .value("reason", "slow-reader", relay.dropped_stream_full)
      .value("reason", "peer-too-long", relay.relays.dropped_too_long)
      .value("reason", "peer-send-buffer", relay.relays.dropped_full)
      .value("reason", "peer-unreachable", relay.relays.dropped_unreachable)
      .value("reason", "peer-receive-buffer", relay.relays.dropped_by_kernel);
}

void write_turn(MetricsText& metrics, const RelayCounters& relay) {
  metrics.gauge("turn_allocations", "Relayed addresses that clients have now.")
      .value(relay.allocations);
  metrics.counter("turn_allocations_made", "Allocations.").value(relay.turn.allocations);
  metrics.counter("turn_requests", "Requests of TURN clients.").value(relay.turn.requests);
  metrics.counter("turn_errors", "Requests that were refused, by code.");
  for (const auto& [code, count] : relay.turn.errors) {
    metrics.value("code", std::to_string(std::to_underlying(code)), count);
  }
  metrics.counter("turn_tls_connections", "Clients by TLS.").value(relay.tls_streams);
  metrics.counter("turn_ports_refused", "Ports of relayed addresses that could not be had.")
      .value(relay.relays_refused);
  write_turn_traffic(metrics, relay);
  write_turn_drops(metrics, relay);
}

}  // namespace

void write_relay_metrics(MetricsText& metrics, const RelayCounters& relay) {
  write_stun(metrics, relay);
  write_turn(metrics, relay);
}

}  // namespace parley::server
