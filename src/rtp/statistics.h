#pragma once

#include <cstdint>
#include <optional>

#include "base/time.h"
#include "rtp/identifiers.h"
#include "rtp/rtcp/message.h"
#include "rtp/seq_no.h"

// What reports about one stream are made of (RFC 3550, 6.4 and appendix A).
namespace parley::rtp {

// The receiver's side: loss and jitter.
class ReceptionStatistics {
 public:
  ReceptionStatistics(Ssrc ssrc, std::uint32_t clock_rate) : ssrc_(ssrc), clock_rate_(clock_rate) {}

  // Every packet of the stream itself; retransmissions by RTX do not count.
  void handle_packet(Time now, SeqNo seq, std::uint32_t timestamp);
  void handle_sender_report(Time now, const rtcp::SenderReport& report);

  // What to tell the sender; nothing before the first packet. Fractions are since the last call.
  std::optional<rtcp::ReportBlock> report(Time now);

  std::uint64_t packets_received() const { return received_; }
  // Negative where packets came twice.
  std::int64_t packets_lost() const;
  Duration jitter() const;

 private:
  struct LastSenderReport {
    std::uint32_t middle_of_ntp = 0;
    Time arrived = {};
  };

  void add_jitter(Time now, std::uint32_t timestamp);

  Ssrc ssrc_;
  std::uint32_t clock_rate_;  // Of the RTP timestamp, in Hz.
  std::optional<SeqNo> first_;
  SeqNo highest_ = {};
  std::uint64_t received_ = 0;
  std::uint64_t expected_before_ = 0;  // At the last report.
  std::uint64_t received_before_ = 0;
  std::optional<std::uint32_t> last_transit_;  // In timestamp units.
  std::uint32_t last_timestamp_ = 0;
  double jitter_ = 0;  // In timestamp units.
  std::optional<LastSenderReport> last_sr_;
};

// The sender's side: what was sent, and which moment of the stream is which of the clock.
class SendStatistics {
 public:
  SendStatistics(Ssrc ssrc, std::uint32_t clock_rate) : ssrc_(ssrc), clock_rate_(clock_rate) {}

  // `captured`: when what the timestamp names was there.
  void handle_packet(Time captured, std::uint32_t timestamp, std::size_t payload_size);

  // Nothing before the first packet.
  std::optional<rtcp::SenderReport> report(Time now) const;

  std::uint64_t packets_sent() const { return packets_; }
  std::uint64_t octets_sent() const { return octets_; }

 private:
  struct Moment {
    Time time = {};
    std::uint32_t timestamp = 0;
  };

  Ssrc ssrc_;
  std::uint32_t clock_rate_;
  std::uint64_t packets_ = 0;
  std::uint64_t octets_ = 0;
  std::optional<Moment> newest_;
};

// How long a packet and its answer are under way, as reports tell it.
class RoundTripTime {
 public:
  // From a report block about one of our streams. Blocks that answer no sender report of ours, or
  // make no sense, are ignored.
  void handle(Time now, const rtcp::ReportBlock& block);
  // From the answer to our receiver reference time (RFC 3611, 4.5).
  void handle(Time now, const rtcp::ExtendedReport::LastReceiverReference& reference);

  std::optional<Duration> latest() const { return latest_; }
  std::optional<Duration> smoothed() const { return smoothed_; }  // Seven parts old, one part new.

 private:
  void add(Time now, std::uint32_t echoed, std::uint32_t delay);

  std::optional<Duration> latest_;
  std::optional<Duration> smoothed_;
};

}  // namespace parley::rtp
