#include "server/media_metrics.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "server/media_metrics_parts.h"

namespace parley::server {
namespace {

void write_now(ByWorker& by) {
  by.gauge("sfu_rooms", "Rooms that are carried now.",
           [](const MediaCounters& one) { return one.node.rooms; });
  by.gauge("sfu_participants", "Connections of participants now.",
           [](const MediaCounters& one) { return one.node.participants; });
  by.gauge("sfu_publications", "Tracks that are received now.",
           [](const MediaCounters& one) { return one.node.publications_now; });
  by.gauge("sfu_subscriptions", "Slots that show a track now.",
           [](const MediaCounters& one) { return one.node.subscriptions_now; });
  by.gauge("sfu_packets_held", "Packets kept for retransmission now.",
           [](const MediaCounters& one) { return one.node.packets_held; });
  by.gauge("sfu_tcp_connections", "Participants by ICE-TCP now.",
           [](const MediaCounters& one) { return one.open_streams; });
  by.gauge("sfu_receive_buffer_bytes", "What the kernel grants the port for what arrives.",
           [](const MediaCounters& one) { return one.buffers.receive; });
}

void write_links(ByWorker& by) {
  by.gauge("sfu_estimate_bits_per_second",
           "What the links of all receivers carry, all of them together.",
           [](const MediaCounters& one) { return one.node.links.estimate.in_bps(); });
  by.gauge("sfu_allocated_bits_per_second", "What of it pictures were given.",
           [](const MediaCounters& one) { return one.node.links.allocated.in_bps(); });
}

void write_traffic(ByWorker& by) {
  by.counters("sfu_datagrams", "Datagrams of the media ports, by direction.", "direction",
              [](const MediaCounters& one) {
                return Rows<2>{{{"in", one.udp.received}, {"out", one.udp.sent}}};
              });
  by.counters("sfu_datagram_bytes", "Their bytes.", "direction", [](const MediaCounters& one) {
    return Rows<2>{{{"in", one.udp.received_bytes}, {"out", one.udp.sent_bytes}}};
  });
  by.counter("sfu_runs_sent", "Runs of datagrams that left as one.",
             [](const MediaCounters& one) { return one.udp.runs_sent; });
  by.counters("sfu_tcp_packets", "Packets of ICE-TCP, by direction.", "direction",
              [](const MediaCounters& one) {
                return Rows<2>{{{"in", one.streams.packets_in}, {"out", one.streams.packets_out}}};
              });
  by.counters(
      "sfu_packets", "RTP packets of participants, by direction.", "direction",
      [](const MediaCounters& one) {
        return Rows<2>{{{"in", one.node.uplink.packets}, {"out", one.node.downlink.packets}}};
      });
  by.counters("sfu_bytes", "Their bytes.", "direction", [](const MediaCounters& one) {
    return Rows<2>{{{"in", one.node.uplink.bytes}, {"out", one.node.downlink.bytes}}};
  });
  by.counter("sfu_forwarded", "Packets forwarded, once a receiver.",
             [](const MediaCounters& one) { return one.node.forwarded; });
  by.counters(
      "sfu_messages", "Messages of data channels that came, by channel.", "channel",
      [](const MediaCounters& one) {
        const sfu::MessageCounters& messages = one.node.messages;
        return Rows<2>{{{"reliable", messages.reliable}, {"unreliable", messages.unreliable}}};
      });
  by.counter("sfu_messages_delivered", "Messages of data channels, once a receiver.",
             [](const MediaCounters& one) { return one.node.messages.delivered; });
  by.counters("sfu_messages_dropped", "Messages that did not go on, by reason.", "reason",
              [](const MediaCounters& one) {
                const sfu::MessageCounters& messages = one.node.messages;
                return Rows<6>{{{"malformed", messages.malformed},
                                {"not-permitted", messages.forbidden},
                                {"too-many", messages.too_many},
                                {"no-receiver", messages.no_receiver},
                                {"slow-reader-reliable", messages.skipped_reliable},
                                {"slow-reader-unreliable", messages.skipped_unreliable}}};
              });
  by.counter("sfu_relayed",
             "What workers told each other of rooms that are on several: packets, once a worker.",
             [](const MediaCounters& one) { return one.node.relayed_in; });
  by.counter("sfu_passed_on", "Datagrams of a shared port for another worker.",
             [](const MediaCounters& one) { return one.passed_on; });
}

void write_repair(ByWorker& by) {
  by.counters("sfu_nacks", "Packets asked for again, by who asked.", "by",
              [](const MediaCounters& one) {
                const auto [server, receivers] = nacks_of(one.node);
                return Rows<3>{{server, receivers, {"workers", one.node.relayed.nacks}}};
              });
  by.counter("sfu_retransmissions", "Packets sent again.",
             [](const MediaCounters& one) { return one.node.downlink.retransmitted; });
  by.counter("sfu_repairs", "Packets that came again, as they had been asked for.",
             [](const MediaCounters& one) { return one.node.uplink.repaired; });
  by.counter("sfu_padding_received", "Packets of padding, by which participants probe links.",
             [](const MediaCounters& one) { return one.node.uplink.padding; });
  by.counter("sfu_stream_restarts", "Streams that went on with other numbers than they had.",
             [](const MediaCounters& one) { return one.node.publications.restarts; });
  by.counter("sfu_padding", "Packets of padding, to probe links.",
             [](const MediaCounters& one) { return one.node.downlink.padding; });
  by.counters("sfu_key_frames", "Key frames, by what became of them.", "event",
              [](const MediaCounters& one) { return key_frames_of(one.node); });
}

// What is dropped between workers, of publications that are carried by another.
Rows<9> relay_drops_of(const MediaCounters& one) {
  const sfu::Node::Counters& node = one.node;
  return {{{"relay-slow-worker", one.relay_dropped},
           {"relay-stale", node.relayed_stale},
           {"relay-unusable", node.relayed_unusable},
           {"relay-duplicate", node.relayed.duplicates},
           {"relay-too-late", node.relayed.too_late},
           {"relay-stray", node.relayed.refused},
           {"relay-unknown-payload", node.relayed.unknown_payload},
           {"relay-malformed", node.relayed.malformed},
           {"relay-pool-full", node.relayed.pool_full}}};
}

// And before anybody was found for it, or on its way out.
Rows<12> port_drops_of(const MediaCounters& one) {
  const sfu::Node::Counters& node = one.node;
  return {{{"unknown-path", node.unknown_path},
           {"unknown-ufrag", node.unknown_ufrag},
           {"not-webrtc", node.not_webrtc},
           {"history-cut", node.packets_given_up},
           {"too-long", one.udp.dropped_too_long},
           {"send-buffer", one.udp.dropped_full},
           {"unreachable", one.udp.dropped_unreachable},
           {"receive-buffer", one.udp.dropped_by_kernel},
           {"tcp-slow-reader", one.streams.dropped_full},
           {"tcp-gone", one.streams.dropped_gone},
           {"tcp-full", one.streams.refused_full},
           {"tcp-address", one.streams.refused_address}}};
}

void write_drops(ByWorker& by) {
  by.counters("sfu_drops", "What was dropped, by reason.", "reason", [](const MediaCounters& one) {
    std::vector<Row> rows;
    std::ranges::copy(port_drops_of(one), std::back_inserter(rows));
    std::ranges::copy(drops_of(one.node), std::back_inserter(rows));
    std::ranges::copy(relay_drops_of(one), std::back_inserter(rows));
    return rows;
  });
  by.counters("sfu_tcp_closed", "Connections of ICE-TCP that we ended, by reason.", "reason",
              [](const MediaCounters& one) {
                return Rows<3>{{{"idle", one.streams.closed_idle},
                                {"malformed", one.streams.closed_malformed},
                                {"slow", one.streams.closed_slow}}};
              });
}

}  // namespace

void write_mix_metrics(MetricsText& metrics, std::span<const MixCounters> mixers,
                       std::uint64_t refused) {
  metrics.counter("mcu_refused", "Rooms that were not mixed, as the mixers have enough.");
  metrics.value(refused);
  const auto each = [&](auto&& value) {
    for (std::size_t i = 0; i < mixers.size(); ++i) {
      metrics.value("mixer", std::to_string(i), value(mixers[i]));
    }
  };
  metrics.gauge("mcu_rooms", "Rooms that are mixed, by mixer.");
  each([](const MixCounters& one) { return one.node.rooms; });
  metrics.gauge("mcu_speaking", "Who is in their sound now.");
  each([](const MixCounters& one) { return one.node.of_rooms.speaking; });
  metrics.counter("mcu_frames", "20 ms of sound that were mixed.");
  each([](const MixCounters& one) { return one.node.of_rooms.audio.frames; });
  metrics.counter("mcu_encoded", "Encodings of them.");
  each([](const MixCounters& one) { return one.node.of_rooms.audio.encoded; });
  metrics.counter("mcu_left_out", "Frames that were not mixed, as the mixer came too late.");
  each([](const MixCounters& one) { return one.node.of_rooms.audio.left_out; });
  metrics.gauge("mcu_overloaded", "Rooms with fewer or smaller pictures, as more take too long.");
  each([](const MixCounters& one) { return one.node.of_rooms.overloaded; });
  metrics.counter("mcu_pictures", "Pictures that were composed.");
  each([](const MixCounters& one) { return one.node.of_rooms.video.pictures; });
  metrics.counter("mcu_pictures_encoded", "Encodings of them, each quality by itself.");
  each([](const MixCounters& one) { return one.node.of_rooms.video.encoded; });
  metrics.counter("mcu_pictures_left_out",
                  "Those that were not composed, as the mixer came too late.");
  each([](const MixCounters& one) { return one.node.of_rooms.video.left_out; });
  metrics.counter("mcu_packets", "Packets, by direction.");
  for (std::size_t i = 0; i < mixers.size(); ++i) {
    const std::string mixer = std::to_string(i);
    const auto direction = [&](std::string_view way, std::uint64_t count) {
      metrics.value({{"mixer", mixer}, {"direction", way}}, static_cast<double>(count));
    };
    const mcu::RoomMixer::Counters& rooms = mixers[i].node.of_rooms;
    direction("in", rooms.packets);
    direction("out", rooms.packets_out);
  }
  metrics.counter("mcu_dropped", "What a mixer could not use, by reason.");
  for (std::size_t i = 0; i < mixers.size(); ++i) {
    const MixCounters& one = mixers[i];
    const std::string mixer = std::to_string(i);
    const auto reason = [&](std::string_view why, std::uint64_t count) {
      metrics.value({{"mixer", mixer}, {"reason", why}}, static_cast<double>(count));
    };
    reason("unreadable", one.node.of_rooms.unreadable);
    reason("unknown", one.node.of_rooms.of_nobody + one.node.stale);
    reason("too-many-speak", one.node.of_rooms.audio.not_mixed);
    reason("worker-behind", one.relay_dropped);
  }
  metrics.histogram("mcu_turn_seconds", "How long mixing took, each time that something was due.");
  for (std::size_t i = 0; i < mixers.size(); ++i) {
    metrics.latencies("mixer", std::to_string(i), mixers[i].turns);
  }
}

void write_media_metrics(MetricsText& metrics, std::span<const MediaCounters> workers,
                         const MediaRooms& rooms) {
  ByWorker by(metrics, workers);
  write_now(by);
  write_links(by);
  write_traffic(by);
  write_repair(by);
  write_drops(by);
  write_connections(by);
  metrics.histogram("sfu_turn_seconds",
                    "How long a turn of a worker took: what comes in meanwhile waits.");
  by.each([&](const std::string& worker, const MediaCounters& one) {
    metrics.latencies("worker", worker, one.turns);
  });
  write_rooms(metrics, workers, rooms);
}

}  // namespace parley::server
