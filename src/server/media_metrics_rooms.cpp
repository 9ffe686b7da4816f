// The largest rooms.
#include <map>
#include <vector>

#include "server/media_metrics_parts.h"
#include "sfu/add_counts.h"

namespace parley::server {
namespace {

// Of all workers that have it.
struct RoomSum {
  std::string_view name = {};
  sfu::Node::RoomCounters of = {};
};

std::vector<RoomSum> sum_by_room(std::span<const MediaCounters> workers, const MediaRooms& rooms) {
  std::map<sfu::RoomId, RoomSum> sums;
  for (const MediaCounters& worker : workers) {
    for (const sfu::Node::RoomCounters& part : worker.rooms) {
      const std::string_view name = rooms.name_of(part.room);
      if (name.empty()) continue;  // It has ended meanwhile.
      auto& [known_as, sum] = sums[part.room];
      known_as = name;
      sfu::add_counts<sfu::ParticipantCounters>(sum, part);
      sum.participants += part.participants;
      sum.estimate = sum.estimate + part.estimate;
      sum.allocated = sum.allocated + part.allocated;
    }
  }
  std::vector<RoomSum> all;
  for (const auto& [id, sum] : sums) all.push_back(sum);
  return all;
}

}  // namespace

void write_rooms(MetricsText& metrics, std::span<const MediaCounters> workers,
                 const MediaRooms& rooms) {
  const std::vector<RoomSum> sums = sum_by_room(workers, rooms);
  using Of = sfu::Node::RoomCounters;
  const auto each = [&](auto count_of) {
    for (const auto& [name, of] : sums) {
      metrics.value({{"room", name}}, static_cast<double>(count_of(of)));
    }
  };
  const auto each_row = [&](std::string_view label, auto rows_of) {
    for (const auto& [name, of] : sums) {
      for (const auto& [value, count] : rows_of(of)) {
        metrics.value({{"room", name}, {label, value}}, static_cast<double>(count));
      }
    }
  };
  metrics.gauge("sfu_room_participants", "Participants of the largest rooms.");
  each([](const Of& of) { return of.participants; });
  metrics.counter("sfu_room_packets", "RTP packets of the largest rooms, by direction.");
  each_row("direction", [](const Of& of) {
    return Rows<2>{{{"in", of.uplink.packets}, {"out", of.downlink.packets}}};
  });
  metrics.counter("sfu_room_bytes", "Their bytes.");
  each_row("direction", [](const Of& of) {
    return Rows<2>{{{"in", of.uplink.bytes}, {"out", of.downlink.bytes}}};
  });
  metrics.counter("sfu_room_drops", "What was dropped of them, by reason.");
  each_row("reason", drops_of);
  metrics.counter("sfu_room_nacks", "Packets of them asked for again, by who asked.");
  each_row("by", nacks_of);
  metrics.counter("sfu_room_retransmissions", "Packets of them sent again.");
  each([](const Of& of) { return of.downlink.retransmitted; });
  metrics.counter("sfu_room_key_frames", "Their key frames, by what became of them.");
  each_row("event", key_frames_of);
  metrics.gauge(
      "sfu_room_estimate_bits_per_second",
      "What the links of the receivers of the largest rooms carry, all of them together.");
  each([](const Of& of) { return of.estimate.in_bps(); });
  metrics.gauge("sfu_room_allocated_bits_per_second", "What of it their pictures were given.");
  each([](const Of& of) { return of.allocated.in_bps(); });
}

}  // namespace parley::server
