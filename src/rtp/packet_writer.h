#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "rtp/identifiers.h"

namespace parley::rtp {

// The fields of an RTP header that every packet has (RFC 3550, 5.1).
struct Header {
  bool marker = false;
  PayloadType payload_type = {};
  std::uint16_t sequence_number = 0;
  std::uint32_t timestamp = 0;
  Ssrc ssrc = {};

  friend bool operator==(const Header&, const Header&) = default;
};

// Writes one RTP packet: the header, then extensions, then payload, then padding.
//
//   PacketWriter writer({.payload_type = PayloadType{96}, ...});
//   writer.add_extension(mid_id, as_bytes("0"));
//   writer.set_payload(frame_part);
//   socket.send(writer.take());
//
// Extensions take the one-byte form of RFC 8285 as long as they fit it (id to 14, 1 to 16 bytes),
// else all of them the two-byte form, to which the peer must have agreed (extmap-allow-mixed).
class PacketWriter {
 public:
  explicit PacketWriter(const Header& header, std::span<const Ssrc> csrcs = {});

  // `id` is not 0, `value` at most 255 bytes. Before set_payload().
  void add_extension(std::uint8_t id, Bytes value);
  void set_payload(Bytes payload);
  // 1 to 255 bytes that mean nothing, after the payload.
  void set_padding(std::uint8_t size);

  std::vector<std::uint8_t> take();

 private:
  void widen_extensions();

  ByteWriter packet_;
  std::vector<std::uint8_t> extensions_;  // Elements, in the form of `two_byte_`.
  bool two_byte_ = false;
  Bytes payload_;
  std::uint8_t padding_ = 0;
};

}  // namespace parley::rtp
