#include "server/relay_metrics.h"

#include <gtest/gtest.h>

namespace parley::server {
namespace {

std::string page(const RelayCounters& counters) {
  MetricsText metrics;
  write_relay_metrics(metrics, counters);
  return metrics.text();
}

void expect_line(const std::string& page, std::string_view line) {
  EXPECT_NE(page.find("\n" + std::string(line) + "\n"), page.npos) << line << "\n" << page;
}

TEST(RelayMetrics, TellWhatIsRelayed) {
  RelayCounters counters;
  counters.allocations = 1;
  counters.turn.allocations = 2;
  counters.turn.requests = 3;
  counters.turn.packets_to_peers = 4;
  counters.turn.bytes_to_peers = 5;
  counters.turn.packets_to_clients = 6;
  counters.turn.bytes_to_clients = 7;
  counters.joined = 8;
  counters.joins = 9;
  counters.joined_bytes_to_peers = 10;
  counters.joined_bytes_to_clients = 11;
  const std::string text = page(counters);
  expect_line(text, "parley_turn_allocations 1");
  expect_line(text, "parley_turn_allocations_made_total 2");
  expect_line(text, "parley_turn_requests_total 3");
  expect_line(text, "parley_turn_packets_total{direction=\"to-peers\"} 4");
  expect_line(text, "parley_turn_bytes_total{direction=\"to-peers\"} 5");
  expect_line(text, "parley_turn_packets_total{direction=\"to-clients\"} 6");
  expect_line(text, "parley_turn_bytes_total{direction=\"to-clients\"} 7");
  expect_line(text, "parley_turn_peer_connections 8");
  expect_line(text, "parley_turn_peer_connections_joined_total 9");
  expect_line(text, "parley_turn_joined_bytes_total{direction=\"to-peers\"} 10");
  expect_line(text, "parley_turn_joined_bytes_total{direction=\"to-clients\"} 11");
}

TEST(RelayMetrics, TellWhyNotEverythingIs) {
  RelayCounters counters;
  counters.turn.errors = {{stun::ErrorCode::kUnauthenticated, 1},
                          {stun::ErrorCode::kAllocationQuotaReached, 2}};
  counters.turn.dropped_bandwidth = 3;
  counters.turn.dropped_no_permission = 4;
  counters.dropped_stream_full = 5;
  counters.relays_refused = 6;
  counters.closed_tls = 7;
  const std::string text = page(counters);
  expect_line(text, "parley_turn_errors_total{code=\"401\"} 1");
  expect_line(text, "parley_turn_errors_total{code=\"486\"} 2");
  expect_line(text, "parley_turn_drops_total{reason=\"bandwidth\"} 3");
  expect_line(text, "parley_turn_drops_total{reason=\"no-permission\"} 4");
  expect_line(text, "parley_turn_drops_total{reason=\"slow-reader\"} 5");
  expect_line(text, "parley_turn_ports_refused_total 6");
  expect_line(text, "parley_stun_drops_total{reason=\"tls\"} 7");
}

TEST(RelayMetrics, TellOfStun) {
  RelayCounters counters;
  counters.binding.answered = 1;
  counters.udp.received = 2;
  counters.udp.sent = 3;
  counters.streams = 5;
  counters.tls_streams = 4;
  counters.open_streams = 6;
  counters.binding.dropped_rate = 7;
  counters.binding.answered_discovery = 8;
  counters.binding.answered_bad_request = 9;
  const std::string text = page(counters);
  expect_line(text, "parley_stun_answers_total 1");
  expect_line(text, "parley_stun_datagrams_total{direction=\"in\"} 2");
  expect_line(text, "parley_stun_datagrams_total{direction=\"out\"} 3");
  expect_line(text, "parley_stun_connections_total 5");
  expect_line(text, "parley_turn_tls_connections_total 4");
  expect_line(text, "parley_stun_open_connections 6");
  expect_line(text, "parley_stun_drops_total{reason=\"rate\"} 7");
  expect_line(text, "parley_stun_discovery_answers_total 8");
  expect_line(text, "parley_stun_drops_total{reason=\"bad-request\"} 9");
}

}  // namespace
}  // namespace parley::server
