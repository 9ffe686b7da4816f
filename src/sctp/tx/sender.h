#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/time.h"
#include "sctp/config.h"
#include "sctp/packet/packet_writer.h"
#include "sctp/packet/sack.h"
#include "sctp/packet/tsn.h"
#include "sctp/tx/congestion_window.h"
#include "sctp/tx/outstanding.h"
#include "sctp/tx/retransmission_timeout.h"
#include "sctp/tx/send_queue.h"
#include "sctp/types.h"

namespace parley::sctp {

// The sending half of an association: puts chunks into packets for as long as the peer's window,
// the congestion window and Max.Burst allow, and learns from SACKs and T3-rtx what to send again.
class Sender {
 public:
  // `config`, `queue` and `counters` must outlive it.
  Sender(const Config& config, SendQueue& queue, Counters& counters, Tsn first,
         std::uint32_t peer_window, bool partial_reliability);

  // Something happened: another Config::max_burst packets may leave.
  void begin_burst() { burst_ = config_.max_burst; }

  // Appends what may leave now and fits. False where that is nothing.
  bool write_chunks(Time now, PacketWriter& writer);

  // Whether the SACK proves that the peer is alive. One that lies is dropped and counted.
  bool handle_sack(Time now, const SackView& sack);
  // SHUTDOWN says how far the peer has come (RFC 9260, 9.2).
  void handle_cumulative_tsn(Time now, std::uint32_t cumulative);
  // Whether write_chunks() would find something, as far as can be told without looking closely.
  bool has_chunks() const;
  // Whether T3-rtx had expired: one more silence of the peer.
  bool handle_timeout(Time now);
  Time deadline() const { return t3_; }

  // What handshakes and heartbeats measure goes in here as well.
  RetransmissionTimeout& timeout() { return timeout_; }
  const RetransmissionTimeout& timeout() const { return timeout_; }

  // Nothing is queued and nothing under way.
  bool is_drained() const { return queue_.empty() && outstanding_.empty(); }
  bool is_idle() const { return outstanding_.empty(); }
  Tsn next_tsn() const { return outstanding_.next_tsn(); }

  void fill(Metrics& metrics) const;

 private:
  bool write_forward_tsn(Time now, PacketWriter& writer);
  bool write_lost(Time now, PacketWriter& writer);
  bool write_new(Time now, PacketWriter& writer);
  void write_data(PacketWriter& writer, const Outstanding::Chunk& chunk, Tsn tsn);
  void abandon_expired(Time now);
  void count_abandoned();
  void start_t3(Time now) { t3_ = now + timeout_.timeout(); }

  const Config& config_;
  SendQueue& queue_;
  Counters& counters_;
  Outstanding outstanding_;
  CongestionWindow congestion_;
  RetransmissionTimeout timeout_;
  std::size_t peer_window_;       // What is left of it.
  std::size_t burst_ = 0;         // Packets.
  bool fast_retransmit_ = false;  // The next packet of lost chunks ignores the window.
  bool forward_due_ = false;
  Time forward_sent_ = kAtOnce;
  Time t3_ = kNever;
};

}  // namespace parley::sctp
