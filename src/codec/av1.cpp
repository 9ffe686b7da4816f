#include "codec/av1.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "codec/leb128.h"

namespace parley::codec {
namespace {

// The aggregation header: Z Y W(2) N, three reserved bits.
constexpr std::uint8_t kContinuesObu = 0x80;
constexpr std::uint8_t kObuContinues = 0x40;
constexpr std::uint8_t kNewSequence = 0x08;
constexpr std::size_t kMaxCounted = 3;  // W can tell of so many elements; the last has no length.

// The OBU header.
constexpr std::uint8_t kExtensionFlag = 0x04;
constexpr std::uint8_t kHasSize = 0x02;

struct Obu {
  ObuType type = {};
  std::vector<std::uint8_t> bytes = {};  // Without its size field, as it travels.
};

ObuType type_of(std::uint8_t header) {
  return ObuType{static_cast<std::uint8_t>(header >> 3 & 0x0F)};
}

bool travels(ObuType type) {
  return type != ObuType::kTemporalDelimiter && type != ObuType::kTileList;
}

std::optional<std::vector<Obu>> read_obus(Bytes temporal_unit) {
  std::vector<Obu> obus;
  ByteReader reader(temporal_unit);
  while (!reader.at_end()) {
    const std::uint8_t header = reader.u8();
    const bool has_extension = (header & kExtensionFlag) != 0;
    const std::uint8_t extension = has_extension ? reader.u8() : std::uint8_t{0};
    const bool has_size = (header & kHasSize) != 0;
    const Bytes content = reader.bytes(has_size ? read_leb128(reader) : reader.remaining());
    if (!reader.ok() || (header & 0x80) != 0) return std::nullopt;  // The forbidden bit.
    if (!travels(type_of(header))) continue;
    Obu& obu = obus.emplace_back(Obu{.type = type_of(header)});
    obu.bytes.push_back(static_cast<std::uint8_t>(header & ~kHasSize));
    if (has_extension) obu.bytes.push_back(extension);
    obu.bytes.insert(obu.bytes.end(), content.begin(), content.end());
  }
  return obus;
}

// One payload as it fills. Every element but the third has its length in front, so that W tells the
// third from the rest, and what is last needs none where there are no more than three.
class Filling {
 public:
  explicit Filling(std::size_t max_size) : max_size_(max_size) {}

  // How much of an element there is room for, its length field reckoned in.
  std::size_t room() const {
    const std::size_t left = max_size_ - size_;
    std::size_t room = left > 1 ? left - 1 : 0;
    while (room > 0 && room + leb128_size(room) > left) --room;
    return room;
  }
  void add(Bytes element) {
    elements_.push_back(element);
    size_ += leb128_size(element.size()) + element.size();
  }
  bool empty() const { return elements_.empty(); }

  Payload finish(bool continues, bool goes_on, bool new_sequence) {
    const bool is_counted = elements_.size() <= kMaxCounted;
    ByteWriter writer;
    writer.u8(static_cast<std::uint8_t>(
        (continues ? kContinuesObu : 0) | (goes_on ? kObuContinues : 0) |
        (is_counted ? elements_.size() << 4 : 0) | (new_sequence ? kNewSequence : 0)));
    for (std::size_t i = 0; i < elements_.size(); ++i) {
      const bool has_length = !is_counted || i + 1 < elements_.size();
      if (has_length) write_leb128(writer, elements_[i].size());
      writer.bytes(elements_[i]);
    }
    elements_.clear();
    size_ = 1;
    return {.bytes = writer.take()};
  }

 private:
  std::size_t max_size_;
  std::vector<Bytes> elements_;
  std::size_t size_ = 1;  // The aggregation header.
};

}  // namespace

std::optional<Av1Payload> Av1Payload::parse(Bytes payload) {
  ByteReader reader(payload);
  const std::uint8_t header = reader.u8();
  Av1Payload result;
  result.continues_obu = (header & kContinuesObu) != 0;
  result.obu_continues = (header & kObuContinues) != 0;
  result.new_coded_video_sequence = (header & kNewSequence) != 0;
  const std::size_t count = header >> 4 & 0x03;  // 0: any number, each with its length.
  while (!reader.at_end()) {
    const bool is_last = count != 0 && result.elements.size() + 1 == count;
    const Bytes element = reader.bytes(is_last ? reader.remaining() : read_leb128(reader));
    if (!reader.ok() || element.empty()) return std::nullopt;
    result.elements.push_back(element);
  }
  const bool fits = reader.ok() && !result.elements.empty() &&
                    (count == 0 || result.elements.size() == count) &&
                    !(result.continues_obu && result.new_coded_video_sequence);
  if (!fits) return std::nullopt;
  return result;
}

std::optional<std::vector<Payload>> packetize_av1(Bytes temporal_unit, std::size_t max_size) {
  PARLEY_ASSERT(max_size >= 4);
  const auto obus = read_obus(temporal_unit);
  if (!obus) return std::nullopt;
  bool new_sequence = std::ranges::find(*obus, ObuType::kSequenceHeader, &Obu::type) != obus->end();
  std::vector<Payload> payloads;
  Filling filling(max_size);
  bool continues = false;
  for (const Obu& obu : *obus) {
    Bytes rest = obu.bytes;
    while (!rest.empty()) {
      const std::size_t part = std::min(rest.size(), filling.room());
      if (part > 0) filling.add(rest.first(part));
      rest = rest.subspan(part);
      if (rest.empty()) break;
      // What was begun goes on in the next packet; where nothing fitted, it begins there.
      const bool goes_on = part > 0;
      payloads.push_back(filling.finish(continues, goes_on, std::exchange(new_sequence, false)));
      continues = goes_on;
    }
  }
  if (!filling.empty()) payloads.push_back(filling.finish(continues, false, new_sequence));
  if (!payloads.empty()) payloads.back().last_of_frame = true;
  return payloads;
}

bool Av1Depacketizer::add(Bytes payload) {
  const auto parsed = Av1Payload::parse(payload);
  if (!parsed || parsed->continues_obu != in_obu_) return false;
  for (std::size_t i = 0; i < parsed->elements.size(); ++i) {
    const Bytes element = parsed->elements[i];
    obu_.insert(obu_.end(), element.begin(), element.end());
    const bool is_last = i + 1 == parsed->elements.size();
    in_obu_ = is_last && parsed->obu_continues;
    if (!in_obu_ && !finish_obu()) return false;
  }
  return true;
}

std::vector<std::uint8_t> Av1Depacketizer::take() {
  obu_.clear();
  if (std::exchange(in_obu_, false)) unit_.clear();
  return std::exchange(unit_, {});
}

// Puts the size field in that travelled without.
bool Av1Depacketizer::finish_obu() {
  const std::vector<std::uint8_t> obu = std::exchange(obu_, {});
  const std::size_t header_size = (obu[0] & kExtensionFlag) != 0 ? 2 : 1;
  if (obu.size() < header_size) return false;
  Bytes content = Bytes(obu).subspan(header_size);
  if ((obu[0] & kHasSize) != 0) {  // Allowed, if unusual.
    ByteReader reader(content);
    content = reader.bytes(read_leb128(reader));
    if (!reader.ok()) return false;
  }
  if (!travels(type_of(obu[0]))) return true;  // Must be ignored by a receiver.
  ByteWriter writer;
  if (unit_.empty()) {
    writer.u8(
        static_cast<std::uint8_t>(std::to_underlying(ObuType::kTemporalDelimiter) << 3 | kHasSize));
    writer.u8(0);
  }
  writer.u8(obu[0] | kHasSize);
  if (header_size == 2) writer.u8(obu[1]);
  write_leb128(writer, content.size());
  writer.bytes(content);
  unit_.insert(unit_.end(), writer.view().begin(), writer.view().end());
  return true;
}

}  // namespace parley::codec
