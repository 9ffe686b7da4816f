#include "ogg.h"

#include <array>
#include <bit>
#include <iterator>
#include <utility>

#include "codec/opus.h"

namespace native_call {

using namespace parley;
using codec::OpusToc;

namespace {

// The bits of a page's header type (RFC 3533, 6).
constexpr std::uint8_t kContinued = 1;
constexpr std::uint8_t kFirst = 2;
constexpr std::uint8_t kLast = 4;

constexpr std::size_t kChecksumAt = 22;
constexpr std::size_t kFullSegment = 255;  // One that is full goes on in the next.

// Ogg's checksum takes the polynomial of Ethernet's, but its bits the other way round.
constexpr auto kChecksums = [] {
  std::array<std::uint32_t, 256> table = {};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t value = i << 24;
    for (int bit = 0; bit < 8; ++bit) value = value << 1 ^ (value >> 31) * 0x04c11db7;
    table[i] = value;
  }
  return table;
}();

std::uint32_t checksum(Bytes page) {
  std::uint32_t sum = 0;
  for (const std::uint8_t byte : page) sum = sum << 8 ^ kChecksums[sum >> 24 ^ byte];
  return sum;
}

// All packets of the file, headers included, whichever pages they lie on. False where a page is
// none.
bool read_packets(Bytes file, std::vector<std::vector<std::uint8_t>>& packets) {
  ByteReader reader(file);
  std::vector<std::uint8_t> packet;
  while (!reader.at_end()) {
    const auto signature = as_text(reader.bytes(4));
    reader.bytes(1);  // The version.
    const std::uint8_t flags = reader.u8();
    reader.bytes(20);  // Position, serial number, page number and checksum.
    const Bytes segments = reader.bytes(reader.u8());
    if (!reader.ok() || signature != "OggS") return false;
    if ((flags & kContinued) == 0) packet.clear();
    for (const std::uint8_t size : segments) {
      const Bytes segment = reader.bytes(size);
      packet.insert(packet.end(), segment.begin(), segment.end());
      if (size < kFullSegment) packets.push_back(std::exchange(packet, {}));
    }
    if (!reader.ok()) return false;
  }
  return true;
}

}  // namespace

std::expected<MediaFile, std::string> parse_ogg(Bytes bytes) {
  std::vector<std::vector<std::uint8_t>> packets;
  if (!read_packets(bytes, packets)) return std::unexpected("is no Ogg file");
  if (packets.empty() || !as_text(packets.front()).starts_with("OpusHead")) {
    return std::unexpected("does not hold Opus");
  }
  MediaFile file;
  for (std::size_t i = 2; i < packets.size(); ++i) {  // After the headers OpusHead and OpusTags.
    const auto toc = OpusToc::parse(packets[i]);
    if (!toc) return std::unexpected("holds a packet that is no Opus");
    file.frames.push_back({.at = file.length, .bytes = std::move(packets[i])});
    file.length += toc->duration();
  }
  if (file.frames.empty()) return std::unexpected("holds no sound");
  return file;
}

OggWriter::OggWriter(const std::string& path) : file_(path, std::ios::binary) {
  ByteWriter head;
  head.text("OpusHead");
  head.u8(1);                                      // The version.
  head.u8(2);                                      // Channels: RTP's Opus is stereo (RFC 7587, 7).
  head.u16(0);                                     // Nothing to skip: we join in the middle.
  head.u32(std::byteswap(std::uint32_t{48'000}));  // For information.
  head.u16(0);                                     // No gain.
  head.u8(0);                                      // One stream, mono or stereo.
  write_page({.bytes = head.take()}, kFirst);
  ByteWriter tags;
  tags.text("OpusTags");
  tags.u32(std::byteswap(std::uint32_t{6}));
  tags.text("Parley");
  tags.u32(0);  // No comments.
  write_page({.bytes = tags.take()}, 0);
}

OggWriter::~OggWriter() {
  if (!last_.bytes.empty()) write_page(last_, kLast);
}

void OggWriter::write(std::uint64_t timestamp, Bytes packet) {
  const auto toc = OpusToc::parse(packet);
  if (!toc) return;
  if (!last_.bytes.empty()) write_page(last_, 0);
  last_ = {.end = timestamp + toc->timestamp_units(), .bytes = {packet.begin(), packet.end()}};
}

void OggWriter::write_page(const Packet& packet, std::uint8_t flags) {
  const std::size_t size = packet.bytes.size();  // An Opus packet of RTP's fits into one page.
  ByteWriter page;
  page.text("OggS");
  page.u8(0);  // The version.
  page.u8(flags);
  page.u64(std::byteswap(packet.end));
  page.u32(0x5041524c);  // The stream's serial number: any.
  page.u32(std::byteswap(pages_++));
  page.u32(0);  // The checksum is of the page with this as it is.
  page.u8(static_cast<std::uint8_t>(size / kFullSegment + 1));
  for (std::size_t i = 0; i < size / kFullSegment; ++i) page.u8(kFullSegment);
  page.u8(static_cast<std::uint8_t>(size % kFullSegment));
  page.bytes(packet.bytes);
  const std::uint32_t sum = std::byteswap(checksum(page.view()));
  page.patch_u16(kChecksumAt, static_cast<std::uint16_t>(sum >> 16));
  page.patch_u16(kChecksumAt + 2, static_cast<std::uint16_t>(sum));
  file_.write(reinterpret_cast<const char*>(page.view().data()), std::ssize(page.view()));
}

}  // namespace native_call
