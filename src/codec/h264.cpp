#include "codec/h264.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/assert.h"

namespace parley::codec {
namespace {

constexpr std::uint8_t kTypeBits = 0x1F;
constexpr std::uint8_t kReferenceBits = 0x60;  // NRI, and F before it.
constexpr std::uint8_t kFuStart = 0x80;
constexpr std::uint8_t kFuEnd = 0x40;
constexpr std::size_t kFuHeader = 2;
constexpr std::size_t kLengthField = 2;
constexpr std::array<std::uint8_t, 4> kStartCode = {0, 0, 0, 1};

NalType type_of(std::uint8_t octet) {
  return NalType{static_cast<std::uint8_t>(octet & kTypeBits)};
}

// Of a NAL unit proper, not of what holds several or a part.
constexpr bool is_single(NalType type) {
  return std::to_underlying(type) >= 1 && std::to_underlying(type) <= 23;
}

void note(NalType type, H264Payload& payload) {
  payload.has_idr = payload.has_idr || type == NalType::kIdr;
  payload.has_sps = payload.has_sps || type == NalType::kSps;
}

// Calls `visit(nal_unit)` for each in a STAP-A. False where a length does not fit.
bool for_each_aggregated(Bytes payload, auto&& visit) {
  ByteReader reader(payload.subspan(1));
  if (reader.at_end()) return false;
  while (!reader.at_end()) {
    const Bytes nal_unit = reader.bytes(reader.u16());
    if (!reader.ok() || nal_unit.empty()) return false;
    visit(nal_unit);
  }
  return true;
}

// Small NAL units of one access unit that leave in one packet.
class Aggregate {
 public:
  Aggregate(std::size_t max_size, std::vector<Payload>& out) : max_size_(max_size), out_(out) {}

  bool fits(Bytes nal_unit) const { return size_ + kLengthField + nal_unit.size() <= max_size_; }
  void add(Bytes nal_unit) {
    nal_units_.push_back(nal_unit);
    size_ += kLengthField + nal_unit.size();
  }

  void flush() {
    if (nal_units_.size() == 1) {  // Alone it needs no wrapping.
      out_.push_back({.bytes = {nal_units_[0].begin(), nal_units_[0].end()}});
    } else if (!nal_units_.empty()) {
      out_.push_back({.bytes = wrapped()});
    }
    nal_units_.clear();
    size_ = 1;
  }

 private:
  std::vector<std::uint8_t> wrapped() const {
    std::uint8_t reference = 0;  // The highest of them (RFC 6184, 5.7.1).
    for (const Bytes unit : nal_units_) {
      reference = std::max<std::uint8_t>(reference, unit[0] & kReferenceBits);
    }
    ByteWriter writer;
    writer.u8(static_cast<std::uint8_t>(reference | std::to_underlying(NalType::kStapA)));
    for (const Bytes unit : nal_units_) {
      writer.u16(static_cast<std::uint16_t>(unit.size()));
      writer.bytes(unit);
    }
    return writer.take();
  }

  std::size_t max_size_;
  std::vector<Payload>& out_;
  std::vector<Bytes> nal_units_;
  std::size_t size_ = 1;  // Of the packet, with the octet in front.
};

void fragment(Bytes nal_unit, std::size_t max_size, std::vector<Payload>& out) {
  const std::uint8_t header = nal_unit[0];
  Bytes rest = nal_unit.subspan(1);
  const std::size_t total = rest.size();
  const std::size_t parts = parts_of(total, max_size - kFuHeader);
  for (std::size_t i = 0; i < parts; ++i) {
    const std::size_t size = part_size(total, parts, i);
    ByteWriter writer;
    writer.u8(static_cast<std::uint8_t>((header & ~kTypeBits) | std::to_underlying(NalType::kFuA)));
    writer.u8(static_cast<std::uint8_t>((i == 0 ? kFuStart : 0) | (i + 1 == parts ? kFuEnd : 0) |
                                        (header & kTypeBits)));
    writer.bytes(rest.first(size));
    rest = rest.subspan(size);
    out.push_back({.bytes = writer.take()});
  }
}

}  // namespace

std::optional<H264Payload> H264Payload::parse(Bytes payload) {
  if (payload.empty()) return std::nullopt;
  H264Payload result;
  const NalType type = type_of(payload[0]);
  if (is_single(type)) {
    note(type, result);
    return result;
  }
  if (type == NalType::kStapA) {
    const bool fits =
        for_each_aggregated(payload, [&](Bytes unit) { note(type_of(unit[0]), result); });
    return fits ? std::optional(result) : std::nullopt;
  }
  if (type != NalType::kFuA || payload.size() <= kFuHeader) return std::nullopt;
  result.starts_nal_unit = (payload[1] & kFuStart) != 0;
  result.ends_nal_unit = (payload[1] & kFuEnd) != 0;
  if (result.starts_nal_unit && result.ends_nal_unit) return std::nullopt;  // RFC 6184, 5.8.
  note(type_of(payload[1]), result);
  return result;
}

std::vector<Bytes> split_annex_b(Bytes stream) {
  constexpr std::array<std::uint8_t, 3> kShortStartCode = {0, 0, 1};
  std::vector<Bytes> nal_units;
  Bytes rest = stream;
  bool in_unit = false;
  while (true) {
    const auto code = std::ranges::search(rest, kShortStartCode);
    Bytes unit(rest.begin(), code.begin());
    // Zeros before a start code belong to it, not to the NAL unit, which never ends in one.
    while (!unit.empty() && unit.back() == 0) unit = unit.first(unit.size() - 1);
    if (in_unit && !unit.empty()) nal_units.push_back(unit);
    if (code.empty()) return nal_units;
    rest = Bytes(code.end(), rest.end());
    in_unit = true;
  }
}

std::vector<Payload> packetize_h264(Bytes access_unit, std::size_t max_size) {
  PARLEY_ASSERT(max_size > kFuHeader);
  std::vector<Payload> payloads;
  Aggregate aggregate(max_size, payloads);
  for (const Bytes unit : split_annex_b(access_unit)) {
    if (type_of(unit[0]) == NalType::kDelimiter) continue;
    if (!aggregate.fits(unit)) aggregate.flush();
    if (aggregate.fits(unit)) {
      aggregate.add(unit);
    } else if (unit.size() <= max_size) {
      payloads.push_back({.bytes = {unit.begin(), unit.end()}});
    } else {
      fragment(unit, max_size, payloads);
    }
  }
  aggregate.flush();
  if (!payloads.empty()) payloads.back().last_of_frame = true;
  return payloads;
}

bool H264Depacketizer::add(Bytes payload) {
  const auto parsed = H264Payload::parse(payload);
  if (!parsed || parsed->starts_nal_unit == in_fragment_) return false;
  const NalType type = type_of(payload[0]);
  if (type == NalType::kStapA) {
    return for_each_aggregated(payload, [&](Bytes unit) {
      begin_nal_unit();
      access_unit_.insert(access_unit_.end(), unit.begin(), unit.end());
    });
  }
  Bytes content = payload;
  if (type == NalType::kFuA) {
    if (parsed->starts_nal_unit) {
      begin_nal_unit();
      access_unit_.push_back(
          static_cast<std::uint8_t>((payload[0] & ~kTypeBits) | (payload[1] & kTypeBits)));
    }
    content = payload.subspan(kFuHeader);
  } else {
    begin_nal_unit();
  }
  access_unit_.insert(access_unit_.end(), content.begin(), content.end());
  in_fragment_ = !parsed->ends_nal_unit;
  return true;
}

std::vector<std::uint8_t> H264Depacketizer::take() {
  in_fragment_ = false;
  return std::exchange(access_unit_, {});
}

void H264Depacketizer::begin_nal_unit() {
  access_unit_.insert(access_unit_.end(), kStartCode.begin(), kStartCode.end());
}

}  // namespace parley::codec
