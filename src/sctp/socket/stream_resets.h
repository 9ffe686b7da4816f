#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "base/time.h"
#include "sctp/config.h"
#include "sctp/packet/re_config.h"
#include "sctp/rx/receiver.h"
#include "sctp/socket/retry_timer.h"
#include "sctp/tx/send_queue.h"
#include "sctp/types.h"

namespace parley::sctp {

// The conversation about streams that begin anew (RFC 6525): ours, one request at a time, and the
// peer's.
class StreamResets {
 public:
  struct Outcome {
    std::vector<StreamId> streams = {};
    bool performed = false;
  };

  // `config` and `queue` must outlive it. The numbers are the initial TSNs (RFC 6525, 4).
  StreamResets(const Config& config, SendQueue& queue, std::uint32_t local_initial_tsn,
               std::uint32_t peer_initial_tsn)
      : config_(config),
        queue_(queue),
        next_request_(local_initial_tsn),
        expected_request_(peer_initial_tsn) {}

  // Ours to send on. What they have queued goes before. A stream whose reset is under way is reset
  // once more after that.
  void reset(const std::vector<StreamId>& streams);

  // The peer's chunk: what becomes of its requests is answered by poll_chunk().
  void handle(Time now, const std::vector<ReConfigParameter>& parameters, Receiver& receiver);

  // The value of a RE-CONFIG chunk to send: an answer, or our request if it is time for it.
  // `next_tsn` is the first TSN that was not given away yet.
  std::optional<std::vector<std::uint8_t>> poll_chunk(Time now, std::uint32_t next_tsn,
                                                      Duration rto);
  std::optional<Outcome> poll_outcome();                 // Of ours.
  std::optional<std::vector<StreamId>> poll_incoming();  // The peer's, performed.

  // Whether our request had to be repeated: one more silence of the peer.
  bool handle_timeout(Time now);
  Time deadline() const { return timer_.deadline(); }
  bool is_idle() const { return pending_.empty() && !request_; }

 private:
  std::optional<ReConfigResponse> handle_request(const ReConfigParameter& parameter,
                                                 Receiver& receiver);
  // No result: the answer comes later.
  std::optional<ResetResult> perform(const ReConfigParameter& parameter, Receiver& receiver);
  ResetResult perform(const OutgoingResetRequest& request, Receiver& receiver);
  std::optional<ResetResult> perform(const IncomingResetRequest& request);
  void handle(Time now, const ReConfigResponse& response);
  void finish(bool performed);
  bool begin_request(std::uint32_t next_tsn);
  bool is_requested(StreamId stream) const;

  const Config& config_;
  SendQueue& queue_;
  std::uint32_t next_request_;
  std::uint32_t expected_request_;
  std::optional<ResetResult> last_result_;  // Of the peer's last request.
  std::vector<StreamId> pending_;           // Asked for by us or by the peer, sorted, each once.
  std::optional<OutgoingResetRequest> request_;  // Under way.
  bool request_due_ = false;
  RetryTimer timer_;
  Duration rto_ = Duration::zero();
  std::deque<ReConfigResponse> responses_;  // To be sent. Two a chunk of the peer at most.
  std::deque<Outcome> outcomes_;
  std::deque<std::vector<StreamId>> incoming_;
};

}  // namespace parley::sctp
