#include "rtp/rtcp/message.h"

#include <utility>

#include "rtp/rtcp/wire.h"

namespace parley::rtp::rtcp {
namespace {

constexpr std::size_t kHeader = 4;
constexpr std::uint64_t kHighestRemb = std::uint64_t{0x3FFFF} << 46;  // That 64 bits hold.

// A message of the datagram, cut out by its own length field.
struct Block {
  PacketType type = {};
  std::uint8_t count = 0;  // Or the feedback's format.
  Bytes body = {};
};

std::expected<Block, ParseError> next_block(ByteReader& reader) {
  const std::uint8_t first = reader.u8();
  const std::uint8_t type = reader.u8();
  const std::uint16_t words = reader.u16();
  if (!reader.ok()) return std::unexpected(ParseError::kTruncated);
  if (first >> 6 != 2 || type < 192 || type > 223) return std::unexpected(ParseError::kNotRtcp);
  Bytes body = reader.bytes(std::size_t{4} * words);
  if (!reader.ok()) return std::unexpected(ParseError::kTruncated);
  const bool has_padding = (first & 0x20) != 0;
  if (has_padding) {
    // Only the last message may be padded; the padding counts itself.
    if (!reader.at_end() || body.empty() || body.back() == 0 || body.back() > body.size()) {
      return std::unexpected(ParseError::kBadPadding);
    }
    body = body.first(body.size() - body.back());
  }
  return Block{
      .type = PacketType{type}, .count = static_cast<std::uint8_t>(first & 0x1F), .body = body};
}

ReportBlock read_report_block(ByteReader& reader) {
  ReportBlock block;
  block.ssrc = Ssrc{reader.u32()};
  const std::uint32_t lost = reader.u32();
  block.fraction_lost = static_cast<std::uint8_t>(lost >> 24);
  block.cumulative_lost = static_cast<std::int32_t>(lost << 8) >> 8;  // Sign of 24 bits.
  block.highest_sequence = reader.u32();
  block.jitter = reader.u32();
  block.last_sr = reader.u32();
  block.delay_since_last_sr = reader.u32();
  return block;
}

// Each reader below takes the body, and the count or format; `reader.ok()` is asked by the caller.

Message read_sender_report(ByteReader& reader, std::uint8_t count) {
  SenderReport report;
  report.sender = Ssrc{reader.u32()};
  report.ntp = {reader.u64()};
  report.rtp_timestamp = reader.u32();
  report.packets = reader.u32();
  report.octets = reader.u32();
  for (int i = 0; i < count && reader.ok(); ++i) report.blocks.push_back(read_report_block(reader));
  return report;
}

Message read_receiver_report(ByteReader& reader, std::uint8_t count) {
  ReceiverReport report;
  report.sender = Ssrc{reader.u32()};
  for (int i = 0; i < count && reader.ok(); ++i) report.blocks.push_back(read_report_block(reader));
  return report;
}

// A chunk ends with a null octet, and is padded with more to a whole word (RFC 3550, 6.5).
Message read_source_description(ByteReader& reader, std::uint8_t count) {
  constexpr std::uint8_t kEnd = 0;
  constexpr std::uint8_t kCname = 1;
  SourceDescription description;
  const std::size_t size = reader.remaining();
  for (int i = 0; i < count && reader.ok(); ++i) {
    SourceDescription::Chunk& chunk = description.chunks.emplace_back();
    chunk.ssrc = Ssrc{reader.u32()};
    for (std::uint8_t item = reader.u8(); item != kEnd; item = reader.u8()) {
      const Bytes text = reader.bytes(reader.u8());
      if (item == kCname) chunk.cname = as_text(text);
    }
    reader.bytes((4 - (size - reader.remaining()) % 4) % 4);
  }
  return description;
}

Message read_goodbye(ByteReader& reader, std::uint8_t count) {
  Goodbye goodbye;
  for (int i = 0; i < count && reader.ok(); ++i) goodbye.ssrcs.push_back(Ssrc{reader.u32()});
  return goodbye;
}

Message read_extended_report(ByteReader& reader) {
  ExtendedReport report;
  report.sender = Ssrc{reader.u32()};
  while (!reader.at_end()) {
    const auto type = XrBlockType{reader.u8()};
    reader.u8();
    const Bytes body = reader.bytes(std::size_t{4} * reader.u16());
    ByteReader block(body);
    if (type == XrBlockType::kReceiverReferenceTime) {
      const NtpTime time{block.u64()};
      if (block.ok()) report.receiver_reference_time = time;
    } else if (type == XrBlockType::kDlrr) {
      while (block.remaining() >= 12) {
        report.last_receiver_references.push_back({.ssrc = Ssrc{block.u32()},
                                                   .last_rr = block.u32(),
                                                   .delay_since_last_rr = block.u32()});
      }
    }
  }
  return report;
}

Message read_nack(ByteReader& reader) {
  Nack nack{.sender = Ssrc{reader.u32()}, .media = Ssrc{reader.u32()}};
  while (!reader.at_end()) {
    const std::uint16_t first = reader.u16();
    const std::uint16_t following = reader.u16();
    if (!reader.ok()) break;
    nack.missing.push_back(first);
    for (int bit = 0; bit < 16; ++bit) {
      if ((following >> bit & 1) == 0) continue;
      nack.missing.push_back(static_cast<std::uint16_t>(first + bit + 1));
    }
  }
  return nack;
}

Message read_full_intra_request(ByteReader& reader) {
  FullIntraRequest request{.sender = Ssrc{reader.u32()}};
  reader.u32();  // Of the media source: 0 (RFC 5104, 4.3.1.2).
  while (!reader.at_end()) {
    const Ssrc ssrc{reader.u32()};
    const std::uint8_t sequence_number = reader.u8();
    reader.bytes(3);
    if (reader.ok()) request.entries.push_back({ssrc, sequence_number});
  }
  return request;
}

// None where it is another application's.
std::optional<Message> read_remb(ByteReader& reader) {
  ReceiverEstimatedMaximumBitrate maximum{.sender = Ssrc{reader.u32()}};
  reader.u32();  // Of the media source: 0.
  if (as_text(reader.bytes(4)) != "REMB") return std::nullopt;
  const std::uint32_t packed = reader.u32();
  const std::uint32_t exponent = packed >> 18 & 0x3F;
  const std::uint64_t mantissa = packed & 0x3FFFF;
  const bool overflows = exponent > 0 && mantissa >> (64 - exponent) != 0;
  maximum.bits_per_second = overflows ? kHighestRemb : mantissa << exponent;
  const std::uint32_t count = packed >> 24;
  for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
    maximum.ssrcs.push_back(Ssrc{reader.u32()});
  }
  return maximum;
}

std::optional<Message> read_transport_feedback(ByteReader& reader) {
  const Ssrc sender{reader.u32()};
  const Ssrc media{reader.u32()};
  auto feedback = parse_transport_feedback(reader.bytes(reader.remaining()));
  if (!feedback) {
    reader.bytes(1);  // Nothing is left: the caller sees that it went wrong.
    return std::nullopt;
  }
  feedback->sender = sender;
  feedback->media = media;
  return *std::move(feedback);
}

std::optional<Message> read_transport_layer(ByteReader& reader, std::uint8_t format) {
  switch (TransportFormat{format}) {
    case TransportFormat::kNack: return read_nack(reader);
    case TransportFormat::kTransportWide: return read_transport_feedback(reader);
  }
  return std::nullopt;
}

std::optional<Message> read_payload_specific(ByteReader& reader, std::uint8_t format) {
  switch (PayloadFormat{format}) {
    case PayloadFormat::kPli:
      return PictureLossIndication{.sender = Ssrc{reader.u32()}, .media = Ssrc{reader.u32()}};
    case PayloadFormat::kFir: return read_full_intra_request(reader);
    case PayloadFormat::kApplication: return read_remb(reader);
  }
  return std::nullopt;
}

// None for what we do not know.
std::optional<Message> read_message(ByteReader& reader, const Block& block) {
  switch (block.type) {
    case PacketType::kSenderReport: return read_sender_report(reader, block.count);
    case PacketType::kReceiverReport: return read_receiver_report(reader, block.count);
    case PacketType::kSourceDescription: return read_source_description(reader, block.count);
    case PacketType::kGoodbye: return read_goodbye(reader, block.count);
    case PacketType::kTransportFeedback: return read_transport_layer(reader, block.count);
    case PacketType::kPayloadFeedback: return read_payload_specific(reader, block.count);
    case PacketType::kExtendedReport: return read_extended_report(reader);
  }
  return std::nullopt;
}

}  // namespace

std::expected<std::vector<Message>, ParseError> parse(Bytes datagram) {
  if (datagram.size() < kHeader) return std::unexpected(ParseError::kTruncated);
  std::vector<Message> messages;
  ByteReader reader(datagram);
  while (!reader.at_end()) {
    const auto block = next_block(reader);
    if (!block) return std::unexpected(block.error());
    ByteReader body(block->body);
    auto message = read_message(body, *block);
    if (!body.ok()) return std::unexpected(ParseError::kBadMessage);
    if (message) messages.push_back(*std::move(message));
  }
  return messages;
}

std::string_view to_string(ParseError error) {
  switch (error) {
    case ParseError::kTruncated: return "truncated";
    case ParseError::kNotRtcp: return "not RTCP";
    case ParseError::kBadPadding: return "bad padding";
    case ParseError::kBadMessage: return "bad message";
  }
  std::unreachable();
}

}  // namespace parley::rtp::rtcp
