#include "mcu/audio/opus.h"

#include <opus/opus.h>

#include <algorithm>
#include <array>

#include "base/assert.h"

namespace parley::mcu {
namespace {

constexpr std::size_t kMaxPacketSamples = 5'760;  // 120 ms: RFC 6716, 3.2.5.
constexpr std::size_t kMaxPacketSize = 1'275;     // Of one frame: RFC 6716, 3.2.1.
constexpr std::size_t kGranularity = 120;         // 2.5 ms, the shortest of Opus.

// Decodes to the end of `out`, into `samples` at most. False: it was refused.
bool append(OpusDecoder* decoder, Bytes packet, std::size_t samples, bool fec,
            std::vector<float>& out) {
  const std::size_t before = out.size();
  out.resize(before + samples);
  const int decoded = opus_decode_float(decoder, packet.empty() ? nullptr : packet.data(),
                                        static_cast<opus_int32>(packet.size()), out.data() + before,
                                        static_cast<int>(samples), fec ? 1 : 0);
  out.resize(before + static_cast<std::size_t>(std::max(decoded, 0)));
  return decoded > 0;
}

}  // namespace

void VoiceDecoder::Destroy::operator()(OpusDecoder* decoder) const {
  opus_decoder_destroy(decoder);
}

VoiceDecoder::VoiceDecoder() : decoder_(opus_decoder_create(kSampleRate, 1, nullptr)) {
  PARLEY_ASSERT(decoder_ != nullptr);
}

bool VoiceDecoder::decode(Bytes packet, std::vector<float>& out) {
  return !packet.empty() && append(decoder_.get(), packet, kMaxPacketSamples, false, out);
}

void VoiceDecoder::recover(Bytes next, std::size_t samples, std::vector<float>& out) {
  PARLEY_ASSERT(samples % kGranularity == 0 && samples <= kMaxPacketSamples);
  if (next.empty() || !append(decoder_.get(), next, samples, true, out)) conceal(samples, out);
}

void VoiceDecoder::conceal(std::size_t samples, std::vector<float>& out) {
  PARLEY_ASSERT(samples % kGranularity == 0 && samples <= kMaxPacketSamples);
  PARLEY_ASSERT(append(decoder_.get(), {}, samples, false, out));
}

void MixEncoder::Destroy::operator()(OpusEncoder* encoder) const {
  opus_encoder_destroy(encoder);
}

MixEncoder::MixEncoder(const Config& config)
    : encoder_(opus_encoder_create(kSampleRate, 1, OPUS_APPLICATION_AUDIO, nullptr)) {
  PARLEY_ASSERT(encoder_ != nullptr &&
                opus_encoder_ctl(encoder_.get(), OPUS_SET_BITRATE(config.bits_per_second)) == 0 &&
                opus_encoder_ctl(encoder_.get(), OPUS_SET_COMPLEXITY(config.complexity)) == 0);
}

std::vector<std::uint8_t> MixEncoder::encode(const AudioFrame& frame, bool independent) {
  OpusEncoder* const encoder = encoder_.get();
  PARLEY_ASSERT(opus_encoder_ctl(encoder, OPUS_SET_PREDICTION_DISABLED(independent ? 1 : 0)) == 0);
  std::array<std::uint8_t, kMaxPacketSize> packet;
  const opus_int32 size = opus_encode_float(encoder, frame.data(), static_cast<int>(frame.size()),
                                            packet.data(), static_cast<opus_int32>(packet.size()));
  PARLEY_ASSERT(size > 0);
  return {packet.begin(), packet.begin() + size};
}

}  // namespace parley::mcu
