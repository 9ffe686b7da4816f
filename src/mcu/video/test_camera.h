#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "codec/packetizer.h"
#include "mcu/video/input_stream.h"
#include "mcu/video/picture_encoder.h"
#include "mcu/video/test_pictures.h"
#include "mcu/video/test_vp9.h"

namespace parley::mcu {

// A packet with its payload; as_packet() borrows it.
struct SentPacket {
  codec::Format format = codec::Format::kUnknown;
  std::uint8_t encoding = 0;
  std::uint64_t seq = 0;
  std::uint64_t timestamp = 0;
  bool marker = false;
  std::vector<std::uint8_t> payload = {};

  InputStream::Packet as_packet() const {
    return {.format = format,
            .encoding = encoding,
            .seq = {seq},
            .timestamp = timestamp,
            .marker = marker,
            .payload = payload};
  }
};

// One who sends pictures as a browser does: encoded, in packets.
class TestCamera {
 public:
  struct Config {
    Size size = {64, 48};
    codec::Format format = codec::Format::kVp8;
    std::uint8_t encoding = 0;
    Color color = {.y = 100, .u = 100, .v = 160};
    std::uint64_t first_timestamp = std::uint64_t{1} << 32;
    std::uint64_t timestamp_step = 3'000;
  };

  explicit TestCamera(const Config& config) : config_(config), timestamp_(config.first_timestamp) {
    start();
  }

  void request_key_frame() { key_ = true; }
  void resize(Size size) {
    config_.size = size;
    start();
  }
  // In the middle of the stream, as after a negotiation: the numbers go on.
  void switch_to(codec::Format format) {
    config_.format = format;
    start();
  }
  void set_color(Color color) { config_.color = color; }
  void skip(std::uint64_t packets) { seq_ += packets; }

  // The next picture's packets.
  std::vector<SentPacket> next() {
    const Picture picture = scene(config_.size, time_++, config_.color);
    const EncodedPicture encoded =
        encoder_->encode(picture.view(), timestamp_, std::exchange(key_, false));
    const auto payloads = packetizer_.packetize(config_.format, encoded.data, encoded.key, 1'100);
    PARLEY_ASSERT(payloads);
    std::vector<SentPacket> packets;
    for (const codec::Payload& payload : *payloads) {
      packets.push_back({.format = config_.format,
                         .encoding = config_.encoding,
                         .seq = seq_++,
                         .timestamp = timestamp_,
                         .marker = payload.last_of_frame,
                         .payload = payload.bytes});
    }
    timestamp_ += config_.timestamp_step;
    return packets;
  }
  std::uint64_t timestamp() const { return timestamp_; }

 private:
  void start() {
    if (config_.format == codec::Format::kVp9) {
      encoder_ = std::make_unique<TestVp9Encoder>(config_.size);
      return;
    }
    encoder_ = make_encoder(config_.format, {.size = config_.size,
                                             .rate = DataRate::kbps(1'000),
                                             .temporal_layers = false,
                                             .speed = 12});
    PARLEY_ASSERT(encoder_ != nullptr);
  }

  Config config_;
  std::unique_ptr<PictureEncoder> encoder_;
  codec::Packetizer packetizer_{77};
  std::uint64_t seq_ = 65'536;
  std::uint64_t timestamp_;
  bool key_ = false;
  int time_ = 0;
};

}  // namespace parley::mcu
