#include "load/recording.h"

#include <fstream>
#include <iterator>
#include <numeric>
#include <utility>

namespace parley::load {
namespace {

using Frame = std::vector<std::uint8_t>;

constexpr std::size_t kIvfHeader = 32, kIvfFrameHeader = 12;
constexpr std::size_t kOggHeader = 27;  // Of a page, before its table of segments.
constexpr std::size_t kOpusHeads = 2;   // Packets before the first of sound.

std::uint32_t little_endian(Bytes bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) value = value << 8 | bytes[i];
  return value;
}

bool begins_with(Bytes bytes, std::string_view text) {
  return as_text(bytes).starts_with(text);
}

}  // namespace

std::size_t Recording::bytes() const {
  return std::accumulate(frames.begin(), frames.end(), std::size_t{0},
                         [](std::size_t sum, const Frame& frame) { return sum + frame.size(); });
}

std::expected<Recording, std::string> read_film(Bytes ivf) {
  const bool is_vp8 =
      ivf.size() > kIvfHeader && begins_with(ivf, "DKIF") && begins_with(ivf.subspan(8), "VP80");
  if (!is_vp8) return std::unexpected("is no VP8 in IVF");
  const std::uint64_t per_second = little_endian(ivf.subspan(16));
  const std::uint64_t times = little_endian(ivf.subspan(20));
  if (per_second == 0 || times == 0) return std::unexpected("says nothing of its frame rate");
  Recording film{.interval = Duration(static_cast<std::int64_t>(1'000'000 * times / per_second))};
  for (Bytes rest = ivf.subspan(kIvfHeader); rest.size() >= kIvfFrameHeader;) {
    const std::size_t size = little_endian(rest);
    rest = rest.subspan(kIvfFrameHeader);
    if (size == 0 || size > rest.size()) break;  // It was cut off.
    film.frames.emplace_back(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(size));
    rest = rest.subspan(size);
  }
  const bool begins = !film.frames.empty() && (film.frames.front()[0] & 1) == 0;
  if (!begins) return std::unexpected("does not begin with a key frame");
  return film;
}

// A packet is segments of 255 bytes and a last one of fewer, over as many pages as they need.
std::expected<Recording, std::string> read_sound(Bytes ogg) {
  std::vector<Frame> packets(1);
  for (Bytes rest = ogg; rest.size() >= kOggHeader && begins_with(rest, "OggS");) {
    const std::size_t segments = rest[kOggHeader - 1];
    if (rest.size() < kOggHeader + segments) break;
    const Bytes table = rest.subspan(kOggHeader, segments);
    rest = rest.subspan(kOggHeader + segments);
    for (const std::uint8_t size : table) {
      if (size > rest.size()) return std::unexpected("ends within a packet");
      packets.back().insert(packets.back().end(), rest.begin(), rest.begin() + size);
      rest = rest.subspan(size);
      if (size < 255) packets.emplace_back();
    }
  }
  packets.pop_back();  // What was begun and did not end.
  std::erase_if(packets, [](const Frame& packet) { return packet.empty(); });
  if (packets.size() <= kOpusHeads || !begins_with(packets.front(), "OpusHead")) {
    return std::unexpected("is no Opus in Ogg");
  }
  packets.erase(packets.begin(), packets.begin() + kOpusHeads);
  return Recording{.frames = std::move(packets), .interval = std::chrono::milliseconds{20}};
}

std::expected<std::shared_ptr<const Recording>, std::string> load_recording(const std::string& path,
                                                                            ReadRecording read) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::unexpected(path + ": cannot be read");
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  auto recording = read(as_bytes(bytes));
  if (!recording) return std::unexpected(path + ": " + recording.error());
  return std::make_shared<const Recording>(*std::move(recording));
}

}  // namespace parley::load
