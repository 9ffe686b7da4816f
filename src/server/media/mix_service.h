#pragma once

#include <functional>

#include "base/random.h"
#include "io/event_loop.h"
#include "mcu/node.h"
#include "server/latencies.h"
#include "server/media/media_calls.h"
#include "server/media/media_counters.h"

namespace parley::server {

// A mixer on its loop: an mcu::Node, and time for it. The thread of one that mixes pictures gives
// way to all others where processors are scarce: neither what is forwarded nor sound waits for it.
class MixService {
 public:
  // To the media worker of that index. Returns how many packets had to be dropped.
  using ToWorker = std::move_only_function<std::size_t(std::size_t worker, sfu::RelayBatch batch)>;

  // `loop` and `random` outlive it. Made on the loop's thread.
  MixService(io::EventLoop& loop, mcu::Node::Kind kind, const mcu::Node::Config& config,
             Random& random, ToWorker to_worker);

  // Before those whom it reaches are gone: nothing is told to them any more.
  void stop() { to_worker_ = nullptr; }

  void carry_out(MixCall call);
  void on_relayed(std::size_t worker, sfu::RelayBatch batch);

  MixCounters counters() const;

 private:
  void call(mix_call::LinkRoom& link);
  void call(mix_call::LinkMixer& link);
  void call(mix_call::Listen& listen);
  void call(mix_call::Describe& describe);
  void call(mix_call::Forget& forget);
  void call(mix_call::CloseRoom& close);

  void on_due();
  void drain();

  io::EventLoop& loop_;
  mcu::Fonts fonts_;  // None before there is a room.
  bool needs_fonts_;  // They have still to be read.
  mcu::Node node_;
  ToWorker to_worker_;
  std::uint64_t relay_dropped_ = 0;
  Latencies turns_;
  io::Timer timer_;
};

}  // namespace parley::server
