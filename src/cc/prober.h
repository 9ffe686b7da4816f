#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>

#include "base/small_queue.h"
#include "cc/probe_cluster.h"

namespace parley::cc {

// Decides when to try a higher rate by a burst, instead of climbing to it for half a minute:
//
//   at the start             3 and 6 times the start rate; on from there while it goes well
//   after a large drop       once the path is calm again, nearly what there was before
//   while limited by the application, every 5 s, twice the target: nothing else would teach it
//   in a long calm           twice the target, as the path may have become wider
//   when the maximum rises   the new maximum
//
// A path that has shown a limit may let a burst pass that is no longer than that (a token bucket
// that has filled up): there a probe is only a trial, and what it finds has to be proven by a
// longer one. Where that finds less, trials are left out, until a proof finds what it looked for.
//
// Drive it with the handle_*() calls and with poll(), until it returns nothing, at next_deadline().
class Prober {
 public:
  struct Config {
    double first = 3;
    double second = 6;
    double further = 2;              // Times what the last probe measured, ...
    double further_threshold = 0.7;  // ... if it measured this share of what it tried.
    Duration result_time = std::chrono::seconds{1};     // By then a probe has told what it will.
    double large_drop = 0.66;                           // A change of the target below this share.
    double recovery = 0.85;                             // Of the target before the drop is tried.
    Duration recovery_time = std::chrono::seconds{15};  // After that the drop is how things are.
    Duration limited_interval = std::chrono::seconds{5};
    Duration calm_interval = std::chrono::seconds{5};
    double periodic = 2;
    int min_packets = 5;
    Duration duration = std::chrono::milliseconds{15};  // Of a cluster.
    // Times the target, what a trial has to find; and while the application sends what it may, as
    // the target then grows by itself.
    double worth_a_proof = 1.02;
    double worth_a_proof_unlimited = 1.2;
    Duration proof = std::chrono::milliseconds{150};  // Of a cluster that proves.
    double proven = 0.9;                              // Of its rate, what it has to find.
    std::size_t max_waiting = 8;
  };

  Prober() : Prober(Config{}) {}
  explicit Prober(Config config) : config_(config) {}

  // Begins, at first or on a new path.
  void start(Time now, DataRate target, DataRate max);
  void set_max(Time now, DataRate max);
  // `cap`: what something else than the path allows at present. No probe goes above it.
  void handle_target(Time now, DataRate target, DataRate cap);
  // Results do come: from now on probes are repeated.
  void set_periodic(bool periodic) { periodic_ = periodic; }
  // None: the application sends what it may.
  void set_limited_since(std::optional<Time> since) { limited_since_ = since; }
  void handle_result(Time now, DataRate measured);
  void handle_trial(Time now, DataRate measured);  // The same of a trial.
  // A queue grows: this is no time for probes, and none is followed by a further one.
  void handle_overuse(Time now);
  // The queue that grew has drained.
  void handle_recovery(Time now);
  // Feedback ceased, and came again.
  void handle_time_out(Time now);
  void handle_return(Time now);

  std::optional<ProbeCluster> poll(Time now);
  Time next_deadline() const;

 private:
  struct Drop {
    Time at = {};
    DataRate before = {};
  };

  void probe(Time now, DataRate rate);
  void push(Time now, DataRate rate, Duration duration, ProbeKind kind);
  DataRate ceiling() const { return std::min(max_, cap_); }

  Config config_;
  DataRate target_ = {};
  DataRate max_ = DataRate::infinite();
  DataRate cap_ = DataRate::infinite();
  SmallQueue<ProbeCluster> waiting_;  // Never more than config_.max_waiting.
  std::uint64_t last_id_ = 0;
  Time last_probe_ = {};
  Time last_overuse_ = {};
  std::optional<Time> limited_since_;
  bool periodic_ = false;
  DataRate min_to_go_on_ = DataRate::infinite();  // The result that asks for a further probe.
  std::optional<Drop> drop_;                      // The last large one.
  bool has_limit_ = false;                        // The path has shown one.
  // The rate of the last cluster, if it was one; of a trial, until its result is known.
  std::optional<DataRate> trial_, proof_;
  bool trials_deceive_ = false;  // What the last of them found was not so.
  std::optional<DataRate> before_time_out_;
};

}  // namespace parley::cc
