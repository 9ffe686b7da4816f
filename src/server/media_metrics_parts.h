#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "server/media/media_counters.h"
#include "server/media/media_rooms.h"
#include "server/metrics.h"
#include "sfu/participant_counters.h"

// What write_media_metrics() is made of.
namespace parley::server {

// A label's value and a count.
using Row = std::pair<std::string_view, std::uint64_t>;
template <std::size_t kCount>
using Rows = std::array<Row, kCount>;

// Writes metrics that each worker has.
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

  // `of` returns rows.
  template <class Of>
  void counters(std::string_view name, std::string_view help, std::string_view label, Of of) {
    metrics_.counter(name, help);
    each(
        [&](const std::string& worker, const MediaCounters& one) { rows(worker, label, of(one)); });
  }
  template <class Of>
  void gauges(std::string_view name, std::string_view help, std::string_view label, Of of) {
    metrics_.gauge(name, help);
    each(
        [&](const std::string& worker, const MediaCounters& one) { rows(worker, label, of(one)); });
  }

  template <class Call>
  void each(Call call) {
    for (std::size_t i = 0; i < workers_.size(); ++i) call(std::to_string(i), workers_[i]);
  }
  MetricsText& metrics() { return metrics_; }

 private:
  void rows(const std::string& worker, std::string_view label, const auto& of) {
    for (const auto& [value, count] : of) {
      metrics_.value({{"worker", worker}, {label, value}}, static_cast<double>(count));
    }
  }

  MetricsText& metrics_;
  std::span<const MediaCounters> workers_;
};

// What a worker and a room tell alike of their participants.
inline Rows<13> drops_of(const sfu::ParticipantCounters& people) {
  const auto& [uplink, downlink, publications, connection] = people;
  return {{{"too-many", uplink.too_many},
           {"malformed", uplink.malformed + publications.malformed},
           {"unroutable", uplink.unroutable},
           {"not-permitted", uplink.not_permitted},
           {"duplicate", publications.duplicates},
           {"too-late", publications.too_late},
           {"stray", publications.refused},
           {"unknown-payload", publications.unknown_payload},
           {"pool-full", publications.pool_full},
           {"nack-of-unknown", downlink.unknown_nack},
           {"waited-too-long", downlink.dropped_waiting},
           {"too-large", downlink.dropped_size},
           {"srtp", downlink.dropped_srtp}}};
}
inline Rows<2> nacks_of(const sfu::ParticipantCounters& people) {
  return {{{"server", people.publications.nacks}, {"receivers", people.downlink.nacked}}};
}
inline Rows<3> key_frames_of(const sfu::ParticipantCounters& people) {
  return {{{"wanted", people.downlink.picture_losses},
           {"asked", people.publications.key_frames_asked},
           {"came", people.publications.key_frames}}};
}

// How connections stand and fared, and what their layers dropped.
void write_connections(ByWorker& by);
// Of the rooms that the workers tell of: each the sum of what all of them that have it tell.
void write_rooms(MetricsText& metrics, std::span<const MediaCounters> workers,
                 const MediaRooms& rooms);

}  // namespace parley::server
