#include "ivf.h"

#include <bit>
#include <iterator>
#include <utility>

namespace native_call {

using namespace parley;

namespace {

constexpr std::uint16_t kHeaderSize = 32;
constexpr std::streamoff kLengthAt = 24;
constexpr std::uint32_t kRtpRate = 90'000;  // Of every video format.

// House readers and writers are big-endian, as the network is.
std::uint16_t u16(ByteReader& reader) {
  return std::byteswap(reader.u16());
}
std::uint32_t u32(ByteReader& reader) {
  return std::byteswap(reader.u32());
}
std::uint64_t u64(ByteReader& reader) {
  return std::byteswap(reader.u64());
}

void write_to(std::ofstream& file, Bytes bytes) {
  file.write(reinterpret_cast<const char*>(bytes.data()), std::ssize(bytes));
}

}  // namespace

std::expected<MediaFile, std::string> parse_ivf(Bytes bytes) {
  ByteReader reader(bytes);
  const auto signature = as_text(reader.bytes(4));
  u16(reader);  // The version.
  const std::uint16_t header_size = u16(reader);
  const auto codec = as_text(reader.bytes(4));
  reader.bytes(4);  // Width and height: the key frames know them.
  const std::uint32_t rate = u32(reader);
  const std::uint32_t scale = u32(reader);
  reader.bytes(8);
  if (!reader.ok() || signature != "DKIF" || header_size != kHeaderSize || rate == 0) {
    return std::unexpected("is no IVF file");
  }
  if (codec != "VP80") return std::unexpected("does not hold VP8");

  MediaFile file;
  const double tick = 1e6 * scale / rate;  // In microseconds.
  while (!reader.at_end()) {
    const std::uint32_t size = u32(reader);
    const auto at = static_cast<Duration::rep>(static_cast<double>(u64(reader)) * tick);
    const Bytes frame = reader.bytes(size);
    if (!reader.ok()) break;  // Whoever wrote it was interrupted: what is whole is good.
    file.frames.push_back({.at = Duration(at), .bytes = {frame.begin(), frame.end()}});
  }
  if (file.frames.empty()) return std::unexpected("holds no frame");
  // A file does not say how long its last frame is to be seen: as long as one on average.
  const Duration last = file.frames.back().at;
  const auto intervals = std::ssize(file.frames) - 1;
  file.length = last + (intervals > 0 ? last / intervals : std::chrono::milliseconds{40});
  return file;
}

IvfWriter::IvfWriter(const std::string& path, parley::codec::PictureSize size)
    : file_(path, std::ios::binary) {
  ByteWriter header;
  header.text("DKIF");
  header.u16(0);
  header.u16(std::byteswap(kHeaderSize));
  header.text("VP80");
  header.u16(std::byteswap(size.width));
  header.u16(std::byteswap(size.height));
  header.u32(std::byteswap(kRtpRate));
  header.u32(std::byteswap(std::uint32_t{1}));
  header.zeros(8);
  write_to(file_, header.view());
}

IvfWriter::~IvfWriter() {
  file_.seekp(kLengthAt);
  ByteWriter length;
  length.u32(std::byteswap(static_cast<std::uint32_t>(last_)));
  write_to(file_, length.view());
}

void IvfWriter::write(std::uint64_t timestamp, Bytes frame) {
  ByteWriter header;
  header.u32(std::byteswap(static_cast<std::uint32_t>(frame.size())));
  header.u64(std::byteswap(timestamp));
  write_to(file_, header.view());
  write_to(file_, frame);
  last_ = timestamp;
}

}  // namespace native_call
