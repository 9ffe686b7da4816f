#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "net/datagram_batch.h"
#include "rtp/packet.h"
#include "sfu/downlink.h"
#include "sfu/publication.h"
#include "sfu/test_publisher.h"
#include "srtp/master_key.h"
#include "srtp/receiver.h"
#include "srtp/sender.h"

// One who receives what a participant sends, for tests: a Downlink with a slot for sound and one
// for pictures, the publications that they show, and the far end, which undoes SRTP.
namespace parley::sfu {

inline constexpr rtp::Ssrc kSoundSsrc{0x1000};
inline constexpr rtp::Ssrc kPictureSsrc{0x2000};
inline constexpr rtp::Ssrc kRtxSsrc{0x2001};
inline constexpr std::size_t kSoundSlot = 0;
inline constexpr std::size_t kPictureSlot = 1;

// A path that need not be probed.
inline Downlink::Config test_downlink() {
  Downlink::Config config{.cname = "server",
                          .limits = {.start = DataRate::mbps(10), .max = DataRate::mbps(10)}};
  rtp::ExtensionMap extensions = test_extensions();
  config.slots.push_back({.mid = "a",
                          .stream = {.ssrc = kSoundSsrc,
                                     .codecs = test_audio_codecs(),
                                     .first_sequence_number = 100,
                                     .first_timestamp = 5'000},
                          .extensions = extensions});
  config.slots.push_back({.mid = "v",
                          .video = true,
                          .stream = {.ssrc = kPictureSsrc,
                                     .rtx_ssrc = kRtxSsrc,
                                     .codecs = test_video_codecs(),
                                     .first_sequence_number = 65'530,
                                     .first_timestamp = 9'000},
                          .extensions = extensions});
  return config;
}

// A packet as it arrived, in clear.
struct Arrived {
  std::vector<std::uint8_t> bytes = {};
  std::size_t on_wire = 0;  // Bytes of the datagram.

  rtp::PacketView view() const { return rtp::PacketView::parse(bytes).value(); }
  bool is_rtx() const { return view().ssrc() == kRtxSsrc; }
  bool is_sound() const { return view().ssrc() == kSoundSsrc; }
  bool is_picture() const { return view().ssrc() == kPictureSsrc; }
  std::uint16_t transport_number() const {
    return rtp::read_transport_sequence_number(view().find_extension(4).value()).value();
  }
  // Of RTX: what it repeats; nothing where it is padding.
  std::optional<std::uint16_t> original() const {
    const Bytes payload = view().payload();
    if (payload.size() < 2) return std::nullopt;
    return static_cast<std::uint16_t>(payload[0] << 8 | payload[1]);
  }
};

class TestReceiver {
 public:
  explicit TestReceiver(Downlink::Config config = test_downlink())
      : provider_(srtp::Provider::make()), downlink(std::move(config), random_) {
    sound.ssrc = rtp::Ssrc{2'000};
    sound.payload_type = kOpus;
    downlink.slot(kSoundSlot).show(&microphone);
    downlink.slot(kPictureSlot).show(&camera);
    downlink.slot(kPictureSlot).set_target(LayerTarget{.encoding = 0, .temporal = 3});
  }

  // --- What is published ---
  void send_frame(Time now, const TestStream::Frame& frame) {
    for (const auto& packet : pictures.frame(frame)) publish(now, camera, kPictureSlot, packet);
  }
  void send_sound(Time now, std::size_t size = 80) {
    publish(now, microphone, kSoundSlot, sound.sound(size));
  }
  void publish(Time now, Publication& publication, std::size_t slot, Bytes datagram) {
    const PacketRef packet =
        publication.handle_packet(now, rtp::PacketView::parse(datagram).value(), 0, false);
    if (!packet) return;
    if (auto forwarded = downlink.slot(slot).forward(now, packet)) {
      downlink.push(now, slot, *std::move(forwarded));
    }
  }

  // --- What leaves ---
  // As datagrams, in runs, as they would go to the kernel.
  std::vector<std::vector<std::vector<std::uint8_t>>> runs_now(Time now) {
    std::vector<std::vector<std::vector<std::uint8_t>>> runs;
    for (bool all = false; !all;) {
      batch_.clear();
      work_.clear();
      all = downlink.fill(now, sender_, path, batch_, work_);
      srtp::protect_rtp(work_);
      for (const net::DatagramBatch::Run& run : batch_.runs()) {
        auto& datagrams = runs.emplace_back();
        for (Bytes rest = run.bytes; !rest.empty();) {
          const Bytes one = rest.first(std::min(rest.size(), run.datagram_size));
          datagrams.emplace_back(one.begin(), one.end());
          rest = rest.subspan(one.size());
        }
      }
    }
    return runs;
  }
  std::optional<Arrived> open(std::vector<std::uint8_t> datagram) {
    const std::size_t size = datagram.size();
    const auto clear = receiver_.unprotect_rtp(datagram);
    if (!clear) return std::nullopt;
    return Arrived{.bytes = {clear->begin(), clear->end()}, .on_wire = size};
  }
  std::vector<Arrived> sent_now(Time now) {
    std::vector<Arrived> all;
    for (auto& run : runs_now(now)) {
      for (auto& datagram : run) all.push_back(open(std::move(datagram)).value());
    }
    return all;
  }
  std::vector<rtp::rtcp::Message> reports_now(Time now) {
    std::vector<rtp::rtcp::Message> all;
    while (const auto datagram = downlink.poll_rtcp(now)) {
      const auto messages = rtp::rtcp::parse(*datagram).value();
      all.insert(all.end(), messages.begin(), messages.end());
    }
    return all;
  }

 private:
  static srtp::MasterKey key() {
    constexpr auto kProfile = srtp::Profile::kAeadAes128Gcm;
    const auto sizes = srtp::sizes_of(kProfile);
    return srtp::MasterKey::make(kProfile, std::vector<std::uint8_t>(sizes.key + sizes.salt, 7))
        .value();
  }

  SeededRandom random_{1};
  std::unique_ptr<srtp::Provider> provider_;
  srtp::Sender sender_{*provider_, key()};
  srtp::Receiver receiver_{*provider_, key()};
  net::DatagramBatch batch_;
  std::vector<srtp::Protection> work_;

 public:
  PacketPool pool;
  Publication camera{{.participant = {1},
                      .source = Source::kCamera,
                      .codecs = test_video_codecs(),
                      .extensions = test_extensions()},
                     pool};
  Publication microphone{{.participant = {1},
                          .source = Source::kMicrophone,
                          .codecs = test_audio_codecs(),
                          .extensions = test_extensions()},
                         pool};
  TestStream pictures;
  TestStream sound;
  Downlink downlink;
  net::Path path;
};

}  // namespace parley::sfu
