#include "rtp/rtx.h"

namespace parley::rtp {
namespace {

constexpr std::size_t kOriginalSequenceNumber = 2;  // Bytes.
constexpr std::uint8_t kPaddingBit = 0x20;

}  // namespace

std::vector<std::uint8_t> to_rtx(const PacketView& original, const RtxStream& stream) {
  ByteWriter writer;
  writer.bytes(original.header());
  writer.u16(original.sequence_number());
  writer.bytes(original.payload());
  std::vector<std::uint8_t> packet = writer.take();
  packet[0] &= static_cast<std::uint8_t>(~kPaddingBit);
  set_payload_type(packet, stream.payload_type);
  set_sequence_number(packet, stream.sequence_number);
  set_ssrc(packet, stream.ssrc);
  return packet;
}

std::optional<std::vector<std::uint8_t>> from_rtx(const PacketView& rtx, Ssrc original_ssrc,
                                                  PayloadType original_payload_type) {
  std::vector<std::uint8_t> packet;
  if (!from_rtx(rtx, original_ssrc, original_payload_type, packet)) return std::nullopt;
  return packet;
}

bool from_rtx(const PacketView& rtx, Ssrc original_ssrc, PayloadType original_payload_type,
              std::vector<std::uint8_t>& original) {
  const Bytes payload = rtx.payload();
  if (payload.size() < kOriginalSequenceNumber) return false;
  const Bytes header = rtx.header();
  const Bytes rest = payload.subspan(kOriginalSequenceNumber);
  original.assign(header.begin(), header.end());
  original.insert(original.end(), rest.begin(), rest.end());
  original[0] &= static_cast<std::uint8_t>(~kPaddingBit);
  set_payload_type(original, original_payload_type);
  set_sequence_number(original, ByteReader(payload).u16());
  set_ssrc(original, original_ssrc);
  return true;
}

}  // namespace parley::rtp
