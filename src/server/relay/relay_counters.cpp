#include "server/relay/relay_counters.h"

namespace parley::server {
namespace {

void add(turn::Server::Counters& sum, const turn::Server::Counters& one) {
  sum.requests += one.requests;
  sum.allocations += one.allocations;
  for (const auto& [code, count] : one.errors) sum.errors[code] += count;
  sum.packets_to_peers += one.packets_to_peers;
  sum.bytes_to_peers += one.bytes_to_peers;
  sum.packets_to_clients += one.packets_to_clients;
  sum.bytes_to_clients += one.bytes_to_clients;
  sum.dropped_malformed += one.dropped_malformed;
  sum.dropped_fingerprint += one.dropped_fingerprint;
  sum.dropped_unsupported += one.dropped_unsupported;
  sum.dropped_rate += one.dropped_rate;
  sum.dropped_no_allocation += one.dropped_no_allocation;
  sum.dropped_no_channel += one.dropped_no_channel;
  sum.dropped_no_permission += one.dropped_no_permission;
  sum.dropped_bandwidth += one.dropped_bandwidth;
  sum.dropped_too_long += one.dropped_too_long;
  sum.dropped_retransmission += one.dropped_retransmission;
}

}  // namespace

void add(stun::BindingServer::Counters& sum, const stun::BindingServer::Counters& one) {
  sum.answered += one.answered;
  sum.answered_discovery += one.answered_discovery;
  sum.answered_unknown_attribute += one.answered_unknown_attribute;
  sum.answered_bad_request += one.answered_bad_request;
  sum.indications += one.indications;
  sum.dropped_malformed += one.dropped_malformed;
  sum.dropped_fingerprint += one.dropped_fingerprint;
  sum.dropped_unsupported += one.dropped_unsupported;
  sum.dropped_rate += one.dropped_rate;
}

RelayCounters& RelayCounters::operator+=(const RelayCounters& other) {
  add(turn, other.turn);
  add(binding, other.binding);
  udp += other.udp;
  relays += other.relays;
  allocations += other.allocations;
  open_relays += other.open_relays;
  open_streams += other.open_streams;
  joined += other.joined;
  streams += other.streams;
  tls_streams += other.tls_streams;
  joins += other.joins;
  joined_bytes_to_peers += other.joined_bytes_to_peers;
  joined_bytes_to_clients += other.joined_bytes_to_clients;
  refused_full += other.refused_full;
  refused_address += other.refused_address;
  closed_idle += other.closed_idle;
  closed_for_room += other.closed_for_room;
  closed_malformed += other.closed_malformed;
  closed_slow += other.closed_slow;
  closed_tls += other.closed_tls;
  dropped_stream_full += other.dropped_stream_full;
  relays_refused += other.relays_refused;
  return *this;
}

}  // namespace parley::server
