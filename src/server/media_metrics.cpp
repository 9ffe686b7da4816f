#include "server/media_metrics.h"

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace parley::server {
namespace {

class ByWorker {
 public:
  ByWorker(MetricsText& metrics, std::span<const MediaCounters> workers)
      : metrics_(metrics), workers_(workers) {}

  template <class Of>
  void counter(std::string_view name, std::string_view help, Of of) {
    metrics_.counter(name, help);
    each([&](const std::string& worker, const MediaCounters& one) {
      metrics_.value("worker", worker, of(one));
    });
  }
  template <class Of>
  void gauge(std::string_view name, std::string_view help, Of of) {
    metrics_.gauge(name, help);
    each([&](const std::string& worker, const MediaCounters& one) {
      metrics_.value("worker", worker, of(one));
    });
  }

  // `of` returns pairs of a label's value and a count.
  template <class Of>
  void counters(std::string_view name, std::string_view help, std::string_view label, Of of) {
    metrics_.counter(name, help);
    each([&](const std::string& worker, const MediaCounters& one) {
      for (const auto& [value, count] : of(one)) {
        metrics_.value({{"worker", worker}, {label, value}}, static_cast<double>(count));
      }
    });
  }

  template <class Call>
  void each(Call call) {
    for (std::size_t i = 0; i < workers_.size(); ++i) call(std::to_string(i), workers_[i]);
  }

 private:
  MetricsText& metrics_;
  std::span<const MediaCounters> workers_;
};

template <std::size_t kCount>
using Rows = std::array<std::pair<std::string_view, std::uint64_t>, kCount>;

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
  by.counters(
      "sfu_nacks", "Packets asked for again, by who asked.", "by", [](const MediaCounters& one) {
        return Rows<2>{
            {{"server", one.node.publications.nacks}, {"receivers", one.node.downlink.nacked}}};
      });
  by.counter("sfu_retransmissions", "Packets sent again.",
             [](const MediaCounters& one) { return one.node.downlink.retransmitted; });
  by.counter("sfu_padding", "Packets of padding, to probe links.",
             [](const MediaCounters& one) { return one.node.downlink.padding; });
  by.counters("sfu_key_frames", "Key frames, by what became of them.", "event",
              [](const MediaCounters& one) {
                return Rows<3>{{{"wanted", one.node.downlink.picture_losses},
                                {"asked", one.node.publications.key_frames_asked},
                                {"came", one.node.publications.key_frames}}};
              });
}

void write_drops(ByWorker& by) {
  by.counters("sfu_drops", "What was dropped, by reason.", "reason", [](const MediaCounters& one) {
    const sfu::Node::Counters& node = one.node;
    return Rows<25>{{{"unknown-path", node.unknown_path},
                     {"unknown-ufrag", node.unknown_ufrag},
                     {"not-webrtc", node.not_webrtc},
                     {"too-many", node.uplink.too_many},
                     {"malformed", node.uplink.malformed + node.publications.malformed},
                     {"unroutable", node.uplink.unroutable},
                     {"not-permitted", node.uplink.not_permitted},
                     {"duplicate", node.publications.duplicates},
                     {"too-late", node.publications.too_late},
                     {"unknown-payload", node.publications.unknown_payload},
                     {"pool-full", node.publications.pool_full},
                     {"history-cut", node.packets_given_up},
                     {"nack-of-unknown", node.downlink.unknown_nack},
                     {"waited-too-long", node.downlink.dropped_waiting},
                     {"srtp", node.dropped_srtp + node.downlink.dropped_srtp},
                     {"relay-slow-worker", one.relay_dropped},
                     {"relay-stale", node.relayed_stale},
                     {"too-long", one.udp.dropped_too_long},
                     {"send-buffer", one.udp.dropped_full},
                     {"unreachable", one.udp.dropped_unreachable},
                     {"receive-buffer", one.udp.dropped_by_kernel},
                     {"tcp-slow-reader", one.streams.dropped_full},
                     {"tcp-gone", one.streams.dropped_gone},
                     {"tcp-full", one.streams.refused_full},
                     {"tcp-address", one.streams.refused_address}}};
  });
  by.counters("sfu_tcp_closed", "Connections of ICE-TCP that we ended, by reason.", "reason",
              [](const MediaCounters& one) {
                return Rows<3>{{{"idle", one.streams.closed_idle},
                                {"malformed", one.streams.closed_malformed},
                                {"slow", one.streams.closed_slow}}};
              });
}

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
      sum.participants += part.participants;
      sum.packets_in += part.packets_in;
      sum.bytes_in += part.bytes_in;
      sum.packets_out += part.packets_out;
      sum.bytes_out += part.bytes_out;
      sum.estimate = sum.estimate + part.estimate;
      sum.allocated = sum.allocated + part.allocated;
    }
  }
  std::vector<RoomSum> all;
  for (const auto& [id, sum] : sums) all.push_back(sum);
  return all;
}

void write_rooms(MetricsText& metrics, std::span<const RoomSum> rooms) {
  const auto both_ways = [&](auto in, auto out) {
    for (const auto& [name, of] : rooms) {
      metrics.value({{"room", name}, {"direction", "in"}}, static_cast<double>(of.*in));
      metrics.value({{"room", name}, {"direction", "out"}}, static_cast<double>(of.*out));
    }
  };
  using Of = sfu::Node::RoomCounters;
  metrics.gauge("sfu_room_participants", "Participants of the largest rooms.");
  const auto each = [&](auto count_of) {
    for (const auto& [name, of] : rooms) {
      metrics.value({{"room", name}}, static_cast<double>(count_of(of)));
    }
  };
  each([](const Of& of) { return of.participants; });
  metrics.counter("sfu_room_packets", "RTP packets of the largest rooms, by direction.");
  both_ways(&Of::packets_in, &Of::packets_out);
  metrics.counter("sfu_room_bytes", "Their bytes.");
  both_ways(&Of::bytes_in, &Of::bytes_out);
  metrics.gauge(
      "sfu_room_estimate_bits_per_second",
      "What the links of the receivers of the largest rooms carry, all of them together.");
  each([](const Of& of) { return of.estimate.in_bps(); });
  metrics.gauge("sfu_room_allocated_bits_per_second", "What of it their pictures were given.");
  each([](const Of& of) { return of.allocated.in_bps(); });
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
  write_traffic(by);
  write_repair(by);
  write_drops(by);
  metrics.histogram("sfu_turn_seconds",
                    "How long a turn of a worker took: what comes in meanwhile waits.");
  by.each([&](const std::string& worker, const MediaCounters& one) {
    metrics.latencies("worker", worker, one.turns);
  });
  write_rooms(metrics, sum_by_room(workers, rooms));
}

}  // namespace parley::server
