#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/time.h"
#include "load/member.h"

namespace parley::load {

// What a run comes to. Rates and shares are of the measured time, in which everyone was there.
struct Report {
  std::size_t bots = 0;
  std::size_t connected = 0;
  std::string problem = {};  // The first, of those that failed.

  // Of those that connected, in milliseconds.
  std::optional<double> join_median = {};
  std::optional<double> connect_median = {};
  std::optional<double> first_frame_median = {};
  std::optional<double> first_frame_worst = {};
  std::size_t without_picture = 0;  // Viewers that never saw one.

  double seconds = 0;
  std::uint64_t packets_sent = 0;
  std::uint64_t packets_received = 0;
  std::int64_t packets_lost = 0;
  std::uint64_t retransmitted = 0;
  std::uint64_t frames = 0;
  std::uint64_t broken_frames = 0;
  std::uint64_t freezes = 0;
  double frozen_seconds = 0;
  double received_mbit = 0;  // A second.

  // Of the server, where it was asked for.
  std::optional<double> cpu_seconds = {};
  std::optional<double> packets_a_cpu_second = {};
  std::optional<double> memory_bytes = {};
  std::optional<double> memory_before = {};     // Anybody came.
  std::optional<double> memory_after = {};      // All have left.
  std::optional<double> join_cpu_seconds = {};  // While they came.
  std::optional<double> load_cpu_seconds = {};  // Of the bots themselves, in the measured time.

  static Report of(std::span<const Member::Summary> bots, Duration measured);
  // What the server used up meanwhile.
  struct Server {
    double cpu = 0;       // In the measured time.
    double join_cpu = 0;  // Before it.
    std::uint64_t memory = 0, memory_before = 0, memory_after = 0;
  };
  void add_server(const Server& server);

  bool all_well() const { return connected == bots && without_picture == 0; }
  std::string to_text() const;
  std::string to_json() const;
};

}  // namespace parley::load
