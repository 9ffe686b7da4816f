#include <algorithm>
#include <bit>
#include <utility>

#include "base/assert.h"
#include "rtp/rtcp/message.h"
#include "rtp/rtcp/wire.h"

namespace parley::rtp::rtcp {
namespace {

constexpr std::size_t kMaxCount = 31;  // Five bits.

// The header of one message; its length field is right once the object is gone.
class MessageScope {
 public:
  MessageScope(ByteWriter& writer, PacketType type, std::size_t count)
      : writer_(writer), begin_(writer.size()) {
    PARLEY_ASSERT(count <= kMaxCount);
    writer_.u8(static_cast<std::uint8_t>(0x80 | count));
    writer_.u8(std::to_underlying(type));
    writer_.u16(0);
  }
  MessageScope(ByteWriter& writer, TransportFormat format)
      : MessageScope(writer, PacketType::kTransportFeedback, std::to_underlying(format)) {}
  MessageScope(ByteWriter& writer, PayloadFormat format)
      : MessageScope(writer, PacketType::kPayloadFeedback, std::to_underlying(format)) {}
  MessageScope(const MessageScope&) = delete;
  MessageScope& operator=(const MessageScope&) = delete;

  ~MessageScope() {
    const std::size_t words = (writer_.size() - begin_) / 4 - 1;
    writer_.patch_u16(begin_ + 2, static_cast<std::uint16_t>(words));
  }

 private:
  ByteWriter& writer_;
  std::size_t begin_;
};

void write_ssrc(ByteWriter& writer, Ssrc ssrc) {
  writer.u32(std::to_underlying(ssrc));
}

void write_report_block(ByteWriter& writer, const ReportBlock& block) {
  constexpr std::int32_t kMaxLost = 0x7FFFFF;
  const std::int32_t lost = std::clamp(block.cumulative_lost, -kMaxLost - 1, kMaxLost);
  write_ssrc(writer, block.ssrc);
  writer.u32(std::uint32_t{block.fraction_lost} << 24 |
             (static_cast<std::uint32_t>(lost) & 0xFFFFFF));
  writer.u32(block.highest_sequence);
  writer.u32(block.jitter);
  writer.u32(block.last_sr);
  writer.u32(block.delay_since_last_sr);
}

void write_xr_block_header(ByteWriter& writer, XrBlockType type, std::size_t words) {
  writer.u8(std::to_underlying(type));
  writer.u8(0);
  writer.u16(static_cast<std::uint16_t>(words));
}

}  // namespace

void write_to(ByteWriter& writer, const SenderReport& report) {
  const MessageScope scope(writer, PacketType::kSenderReport, report.blocks.size());
  write_ssrc(writer, report.sender);
  writer.u64(report.ntp.value);
  writer.u32(report.rtp_timestamp);
  writer.u32(report.packets);
  writer.u32(report.octets);
  for (const ReportBlock& block : report.blocks) write_report_block(writer, block);
}

void write_to(ByteWriter& writer, const ReceiverReport& report) {
  const MessageScope scope(writer, PacketType::kReceiverReport, report.blocks.size());
  write_ssrc(writer, report.sender);
  for (const ReportBlock& block : report.blocks) write_report_block(writer, block);
}

void write_to(ByteWriter& writer, const SourceDescription& description) {
  constexpr std::uint8_t kCname = 1;
  const MessageScope scope(writer, PacketType::kSourceDescription, description.chunks.size());
  for (const SourceDescription::Chunk& chunk : description.chunks) {
    PARLEY_ASSERT(chunk.cname.size() <= 255);
    write_ssrc(writer, chunk.ssrc);
    writer.u8(kCname);
    writer.u8(static_cast<std::uint8_t>(chunk.cname.size()));
    writer.text(chunk.cname);
    writer.zeros(4 - (2 + chunk.cname.size()) % 4);  // The end, and on to a whole word.
  }
}

void write_to(ByteWriter& writer, const Goodbye& goodbye) {
  const MessageScope scope(writer, PacketType::kGoodbye, goodbye.ssrcs.size());
  for (const Ssrc ssrc : goodbye.ssrcs) write_ssrc(writer, ssrc);
}

void write_to(ByteWriter& writer, const ExtendedReport& report) {
  const MessageScope scope(writer, PacketType::kExtendedReport, 0);
  write_ssrc(writer, report.sender);
  if (report.receiver_reference_time) {
    write_xr_block_header(writer, XrBlockType::kReceiverReferenceTime, 2);
    writer.u64(report.receiver_reference_time->value);
  }
  if (report.last_receiver_references.empty()) return;
  write_xr_block_header(writer, XrBlockType::kDlrr, 3 * report.last_receiver_references.size());
  for (const auto& last : report.last_receiver_references) {
    write_ssrc(writer, last.ssrc);
    writer.u32(last.last_rr);
    writer.u32(last.delay_since_last_rr);
  }
}

void write_to(ByteWriter& writer, const Nack& nack) {
  const MessageScope scope(writer, TransportFormat::kNack);
  write_ssrc(writer, nack.sender);
  write_ssrc(writer, nack.media);
  for (auto it = nack.missing.begin(); it != nack.missing.end();) {
    const std::uint16_t first = *it++;
    std::uint16_t following = 0;
    // A number goes into this entry as long as it is one of the next sixteen, in rising order.
    for (int newest = 0; it != nack.missing.end(); ++it) {
      const int ahead = static_cast<std::uint16_t>(*it - first);
      if (ahead <= newest || ahead > 16) break;
      following = static_cast<std::uint16_t>(following | 1 << (ahead - 1));
      newest = ahead;
    }
    writer.u16(first);
    writer.u16(following);
  }
}

void write_to(ByteWriter& writer, const PictureLossIndication& indication) {
  const MessageScope scope(writer, PayloadFormat::kPli);
  write_ssrc(writer, indication.sender);
  write_ssrc(writer, indication.media);
}

void write_to(ByteWriter& writer, const FullIntraRequest& request) {
  const MessageScope scope(writer, PayloadFormat::kFir);
  write_ssrc(writer, request.sender);
  writer.u32(0);
  for (const FullIntraRequest::Entry& entry : request.entries) {
    write_ssrc(writer, entry.ssrc);
    writer.u8(entry.sequence_number);
    writer.zeros(3);
  }
}

void write_to(ByteWriter& writer, const ReceiverEstimatedMaximumBitrate& maximum) {
  PARLEY_ASSERT(maximum.ssrcs.size() <= 255);
  const MessageScope scope(writer, PayloadFormat::kApplication);
  write_ssrc(writer, maximum.sender);
  writer.u32(0);
  writer.text("REMB");
  const auto width = static_cast<std::uint32_t>(std::bit_width(maximum.bits_per_second));
  const std::uint32_t exponent = width > 18 ? width - 18 : 0;
  const auto mantissa = static_cast<std::uint32_t>(maximum.bits_per_second >> exponent);
  writer.u32(static_cast<std::uint32_t>(maximum.ssrcs.size()) << 24 | exponent << 18 | mantissa);
  for (const Ssrc ssrc : maximum.ssrcs) write_ssrc(writer, ssrc);
}

void write_to(ByteWriter& writer, const TransportFeedback& feedback) {
  const MessageScope scope(writer, TransportFormat::kTransportWide);
  write_ssrc(writer, feedback.sender);
  write_ssrc(writer, feedback.media);
  write_transport_feedback(writer, feedback);
}

void write_to(ByteWriter& writer, const Message& message) {
  std::visit([&](const auto& one) { write_to(writer, one); }, message);
}

}  // namespace parley::rtp::rtcp
