// What a participant of the SFU may send once it has keys: whatever comes, the uplink holds, what
// it keeps stays within its bounds, numbers only grow, and it comes to rest, holding nothing.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/assert.h"
#include "base/bytes.h"
#include "rtp/packet_writer.h"
#include "sfu/uplink.h"

namespace parley::sfu {
namespace {

constexpr Time kStart{std::chrono::hours{1}};

sdp::Codec video(std::uint8_t type, std::string name) {
  return {.payload_type = type,
          .name = std::move(name),
          .clock_rate = 90'000,
          .feedback = {"nack", "nack pli", "ccm fir"}};
}

std::vector<Uplink::Section> sections() {
  Uplink::Section microphone{.source = Source::kMicrophone};
  peer::Agreement& sound = microphone.agreement;
  sound.mid = "0";
  sound.reduced_size = true;
  sound.receive_codecs = {
      {.payload_type = 111, .name = "opus", .clock_rate = 48'000, .channels = 2},
      {.payload_type = 63, .name = "red", .clock_rate = 48'000, .channels = 2}};
  for (std::size_t i = 0; i < rtp::kExtensions; ++i) {
    sound.receive_extensions.set(static_cast<rtp::Extension>(i), static_cast<std::uint8_t>(i + 1));
  }
  Uplink::Section camera{.source = Source::kCamera};
  camera.agreement = sound;
  camera.agreement.mid = "1";
  camera.agreement.receive_rids = {"q", "h", "f"};
  camera.agreement.receive_codecs = {
      video(96, "VP8"),
      {.payload_type = 97, .name = "rtx", .clock_rate = 90'000, .parameters = {{"apt", "96"}}},
      video(102, "H264")};
  Uplink::Section screen{.source = Source::kScreen};
  screen.agreement = camera.agreement;
  screen.agreement.mid = "2";
  screen.agreement.receive_rids = {};
  screen.agreement.receive_codecs = {video(98, "VP9"), video(45, "AV1"), video(46, "H265")};
  return {microphone, camera, screen};
}

class Game {
 public:
  Game() : uplink_({}, {1}, sections(), pool_, random_) {}

  void play(Bytes input) {
    ByteReader reader(input);
    while (reader.ok() && !reader.at_end()) move(reader);
    rest();
    PARLEY_ASSERT(pool_.in_use() == 0);
  }

 private:
  void move(ByteReader& reader) {
    const std::uint8_t kind = reader.u8();
    const std::uint8_t more = reader.u8();
    now_ += std::chrono::milliseconds{kind >> 3};
    switch (kind & 7) {
      case 0: rtp(reader.bytes(std::min<std::size_t>(more, reader.remaining()))); break;
      case 1: rtcp(reader.bytes(std::min<std::size_t>(more, reader.remaining()))); break;
      case 2: command(more); break;
      default: rtp(written(reader, kind & 7, more)); break;
    }
    if ((more & 0x80) != 0) drain();
    PARLEY_ASSERT(pool_.in_use() <= 4 * 1'024);
  }

  // A well-formed packet, so that what is behind the header is reached.
  std::vector<std::uint8_t> written(ByteReader& reader, int stream, std::uint8_t more) {
    static constexpr std::uint8_t kTypes[] = {96, 97, 98, 45, 46, 102, 111, 63};
    const auto jump = (more & 0x40) != 0 ? reader.u16() : std::uint16_t{1};
    sequence_ = static_cast<std::uint16_t>(sequence_ + jump);
    if ((more & 0x20) != 0) timestamp_ += reader.u32();
    rtp::PacketWriter writer({.marker = (more & 0x10) != 0,
                              .payload_type = rtp::PayloadType{kTypes[more & 7]},
                              .sequence_number = sequence_,
                              .timestamp = timestamp_,
                              .ssrc = rtp::Ssrc{static_cast<std::uint32_t>(stream)}});
    static constexpr std::string_view kMids[] = {"0", "1", "1", "1", "2"};
    static constexpr std::string_view kRids[] = {"", "q", "h", "f", ""};
    const auto which = static_cast<std::size_t>(stream - 3);
    writer.add_extension(1, as_bytes(kMids[which]));
    if (!kRids[which].empty())
      writer.add_extension((more & 7) == 1 ? 3 : 2, as_bytes(kRids[which]));
    const std::uint8_t size = reader.u8();
    if ((more & 8) != 0) {
      const Bytes value = reader.bytes(std::min<std::size_t>(size >> 3, reader.remaining()));
      writer.add_extension(9, value);
    }
    writer.set_payload(reader.bytes(std::min<std::size_t>(size, reader.remaining())));
    return writer.take();
  }

  void rtp(Bytes packet) {
    const auto arrived = uplink_.handle_rtp(now_, packet);
    if (!arrived) return;
    const Packet& kept = *arrived->packet;
    PARLEY_ASSERT(kept.encoding < arrived->publication->config().encodings.size());
    PARLEY_ASSERT(kept.frame.spatial < kMaxSpatialLayers);
    PARLEY_ASSERT(kept.frame.temporal < kMaxTemporalLayers);
    PARLEY_ASSERT(kept.frame.descriptor_size <= kept.payload.size());
    if (arrived->publication->is_video()) {
      const PacketRef found = arrived->publication->find(now_, kept.encoding, kept.seq);
      PARLEY_ASSERT(!found || &*found == &kept);
    }
    (void)arrived->publication->capture_time(kept.encoding, kept.timestamp);
    (void)arrived->publication->convert_timestamp(kept.encoding, kept.timestamp, 0);
  }

  void rtcp(Bytes packet) {
    const auto messages = rtp::rtcp::parse(packet);
    if (!messages) return;
    for (const auto& message : *messages) uplink_.handle_rtcp(now_, message);
  }

  void command(std::uint8_t more) {
    const auto source = static_cast<Source>(more % kSources);
    Publication* const publication = uplink_.find(source);
    if (more >= 0x80) uplink_.set_permitted(source, more >= 0xC0);
    if (publication == nullptr) return;
    publication->request_key_frame(now_, more >> 4 & 3);
    for (const PacketRef& packet : publication->since_key_frame(now_, more >> 4 & 3)) {
      PARLEY_ASSERT(packet);
    }
    (void)publication->layers(now_);
  }

  void drain() {
    for (int i = 0; uplink_.poll_rtcp(now_); ++i) PARLEY_ASSERT(i < 2'000);
  }

  // What is missing is asked for a few times, and a key frame as long as somebody waits for it: so
  // it rests after some seconds, but for those.
  void rest() {
    const Time end = now_ + std::chrono::seconds{10};
    for (int turn = 0; uplink_.next_deadline() <= end; ++turn) {
      PARLEY_ASSERT(turn < 5'000);
      now_ = std::max(now_, uplink_.next_deadline());
      uplink_.handle_timeout(now_);
      drain();
    }
  }

  PacketPool pool_;
  SeededRandom random_{1};
  Uplink uplink_;
  Time now_ = kStart;
  std::uint16_t sequence_ = 65'000;
  std::uint32_t timestamp_ = 0xFFFF'0000;
};

}  // namespace
}  // namespace parley::sfu

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  parley::sfu::Game().play({data, size});
  return 0;
}
