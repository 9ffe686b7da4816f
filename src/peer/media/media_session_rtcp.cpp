// The RTCP of a media session: what the peer says of us, and what we say of it.
#include <algorithm>
#include <iterator>
#include <utility>

#include "peer/media/media_session.h"

namespace parley::peer {
namespace {

namespace rtcp = rtp::rtcp;

// A compound packet of so many fits a datagram: 28 bytes each, beside blocks and names.
constexpr std::size_t kSenderReportsEach = 8;
constexpr std::size_t kBlocksEach = 24;

}  // namespace

void MediaSession::handle_rtcp(Time now, Bytes packet) {
  const auto messages = rtcp::parse(packet);
  if (!messages) {
    ++counters_.malformed_rtcp;
    return;
  }
  for (const rtcp::Message& message : *messages) {
    std::visit([&](const auto& each) { handle(now, each); }, message);
  }
  pump(now);
}

void MediaSession::handle(Time now, const rtcp::SenderReport& report) {
  if (IncomingStream* const stream = find_incoming(report.sender)) {
    stream->handle_sender_report(now, report);
  }
  handle_blocks(now, report.blocks);
}

void MediaSession::handle(Time now, const rtcp::ReceiverReport& report) {
  handle_blocks(now, report.blocks);
}

void MediaSession::handle_blocks(Time now, const std::vector<rtcp::ReportBlock>& blocks) {
  for (const rtcp::ReportBlock& block : blocks) {
    OutgoingStream* const stream = find_outgoing(block.ssrc);
    if (stream == nullptr) continue;
    const auto before = stream->last_report();
    stream->handle_report(now, block);
    if (const auto rtt = stream->round_trip_time().latest()) {
      sender_.handle_round_trip(now, *rtt);
      set_round_trip_time(*rtt);
    }
    if (!before) continue;
    const std::uint32_t expected = block.highest_sequence - before->highest_sequence;
    const std::int32_t lost = block.cumulative_lost - before->cumulative_lost;
    if (expected == 0 || expected > 0x7FFF'FFFF) continue;  // A report that overtook another.
    sender_.handle_loss(now, static_cast<std::uint64_t>(std::max(lost, 0)), expected);
  }
}

void MediaSession::handle(Time now, const rtcp::ExtendedReport& report) {
  references_.handle(now, report);
  for (const auto& reference : report.last_receiver_references) {
    if (reference.ssrc != ssrc_) continue;
    rtt_.handle(now, reference);
    if (const auto rtt = rtt_.smoothed()) set_round_trip_time(*rtt);
  }
}

void MediaSession::set_round_trip_time(Duration rtt) {
  for (auto& [key, stream] : incoming_) stream.set_round_trip_time(rtt);
}

void MediaSession::handle(Time now, const rtcp::Nack& nack) {
  OutgoingStream* const stream = find_outgoing(nack.media);
  if (stream == nullptr) return;
  stream->handle_nack();
  for (const std::uint16_t missing : nack.missing) {
    auto packet = stream->resend(now, missing);
    if (!packet) continue;
    sender_.push(now, cc::Priority::kRetransmission, stream->identity().ssrcs.rtx,
                 *std::move(packet));
  }
}

void MediaSession::handle(Time, const rtcp::PictureLossIndication& indication) {
  OutgoingStream* const stream = find_outgoing(indication.media);
  if (stream == nullptr) return;
  stream->handle_pli();
  outputs_.push_back(KeyFrameRequested{stream->identity().transceiver, stream->identity().rid});
}

void MediaSession::handle(Time, const rtcp::FullIntraRequest& request) {
  for (const rtcp::FullIntraRequest::Entry& entry : request.entries) {
    OutgoingStream* const stream = find_outgoing(entry.ssrc);
    if (stream == nullptr || !stream->handle_fir(entry.sequence_number)) continue;
    outputs_.push_back(KeyFrameRequested{stream->identity().transceiver, stream->identity().rid});
  }
}

void MediaSession::handle(Time now, const rtcp::ReceiverEstimatedMaximumBitrate& maximum) {
  constexpr std::uint64_t kMost = 1'000'000'000'000;
  const auto bps = static_cast<std::int64_t>(std::min(maximum.bits_per_second, kMost));
  sender_.handle_remb(now, DataRate::bps(bps));
}

void MediaSession::handle(Time now, const rtcp::TransportFeedback& feedback) {
  sender_.handle_feedback(now, feedback);
}

OutgoingStream* MediaSession::find_outgoing(rtp::Ssrc ssrc) {
  const auto it = std::ranges::find_if(
      outgoing_, [&](const auto& entry) { return entry.second.identity().ssrcs.media == ssrc; });
  return it == outgoing_.end() ? nullptr : &it->second;
}

IncomingStream* MediaSession::find_incoming(rtp::Ssrc ssrc) {
  const auto it = std::ranges::find_if(
      incoming_, [&](const auto& entry) { return entry.second.identity().ssrc == ssrc; });
  return it == incoming_.end() ? nullptr : &it->second;
}

// What a stream that comes in has to ask of its sender.
void MediaSession::send_feedback(Time now, IncomingStream& stream) {
  const auto feedback = stream.poll_feedback(now, ssrc_);
  if (!feedback.nack.empty()) {
    send_message(
        rtcp::Nack{.sender = ssrc_, .media = stream.identity().ssrc, .missing = feedback.nack});
  }
  if (feedback.pli) send_message(*feedback.pli);
  if (feedback.fir) send_message(*feedback.fir);
}

// By itself where the peer takes that, else behind a report without blocks (RFC 4585, 3.1).
void MediaSession::send_message(const rtcp::Message& message) {
  ByteWriter writer;
  if (!reduced_size_) {
    write_to(writer, rtcp::ReceiverReport{.sender = ssrc_});
    write_to(writer, rtcp::SourceDescription{.chunks = {{.ssrc = ssrc_, .cname = cname_}}});
  }
  write_to(writer, message);
  outputs_.push_back(SendRtcp{writer.take()});
}

void MediaSession::send_reports(Time now) {
  std::vector<rtcp::ReportBlock> blocks;
  for (auto& [key, stream] : incoming_) {
    if (const auto block = stream.report(now)) blocks.push_back(*block);
  }
  std::vector<rtcp::SenderReport> reports;
  for (const auto& [key, stream] : outgoing_) {
    if (const auto report = stream.report(now)) reports.push_back(*report);
  }
  auto next_report = reports.begin();
  auto next_block = blocks.begin();
  do {
    const auto take = [](auto& it, auto end, std::size_t limit) {
      const auto count = std::min(limit, static_cast<std::size_t>(end - it));
      const auto first = it;
      it += static_cast<std::ptrdiff_t>(count);
      return std::pair{first, it};
    };
    const auto [block, blocks_end] = take(next_block, blocks.end(), kBlocksEach);
    const auto [report, reports_end] = take(next_report, reports.end(), kSenderReportsEach);
    ByteWriter writer;
    rtcp::SourceDescription names{.chunks = {{.ssrc = ssrc_, .cname = cname_}}};
    if (report == reports_end) {
      write_to(writer, rtcp::ReceiverReport{.sender = ssrc_, .blocks = {block, blocks_end}});
    }
    for (auto it = report; it != reports_end; ++it) {
      if (it == report) it->blocks.assign(block, blocks_end);
      write_to(writer, *it);
      names.chunks.push_back({.ssrc = it->sender, .cname = cname_});
    }
    write_to(writer, names);
    write_to(writer, extended_report(now));
    outputs_.push_back(SendRtcp{writer.take()});
  } while (next_report != reports.end() || next_block != blocks.end());
}

// Our own reference time for the peer to answer, and our answers to its own.
rtcp::ExtendedReport MediaSession::extended_report(Time now) {
  auto report = references_.report(now, ssrc_).value_or(rtcp::ExtendedReport{.sender = ssrc_});
  report.receiver_reference_time = rtp::NtpTime::of(now);
  return report;
}

}  // namespace parley::peer
