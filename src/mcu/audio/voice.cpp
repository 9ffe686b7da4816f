#include "mcu/audio/voice.h"

#include <algorithm>
#include <utility>

#include "codec/opus.h"

namespace parley::mcu {
namespace {

constexpr std::size_t kGranularity = 120;  // 2.5 ms: the shortest that Opus makes up for.

}  // namespace

void Voice::insert(Time now, Packet packet) {
  const bool is_heard =
      packet.level ? *packet.level < config_.quiet : !codec::is_opus_dtx(packet.payload.bytes());
  if (is_heard) loud_at_ = now;
  has_begun_ = true;
  jitter_.insert(
      now,
      {.seq = packet.seq, .timestamp = packet.timestamp, .payload = std::move(packet.payload)});
}

// How loud a packet is, is known when it comes, and not only when it is due: nothing of a word's
// beginning is missing.
bool Voice::play(Time now, AudioFrame& frame) {
  const bool is_heard = loud_at_ && now - *loud_at_ < config_.silent_after + jitter_.delay();
  if (!is_heard && decoder_) return end(now, frame);
  if (is_heard && !decoder_ && jitter_.next_deadline() <= now) begin();
  take_due(now);
  if (!decoder_) return false;
  fill();
  if (concealed_ >= config_.max_concealed) return end(now, frame);
  note_wait(now);
  playout_.take(frame, until_next(now));
  return true;
}

void Voice::take_due(Time now) {
  while (const auto packet = jitter_.poll(now)) {
    if (decoder_) {
      decode(*packet);
    } else {
      ++counters_.skipped;
    }
  }
}

void Voice::decode(const rtp::JitterBuffer::Packet& packet) {
  if (packet.lost_before > 0) make_up_for_lost(packet);
  decoded_.clear();
  if (!decoder_->decode(packet.payload.bytes(), decoded_)) {
    ++counters_.refused;
    return;
  }
  ++counters_.decoded;
  last_duration_ = decoded_.size();
  next_timestamp_ = packet.timestamp + decoded_.size();
  concealed_ = 0;
  playout_.push(decoded_);
}

// What has not been made up for yet; not a gap after which it has begun anew.
void Voice::make_up_for_lost(const rtp::JitterBuffer::Packet& packet) {
  if (!next_timestamp_ || packet.timestamp <= *next_timestamp_ + concealed_) return;
  const std::uint64_t missing = packet.timestamp - *next_timestamp_ - concealed_;
  if (missing > config_.max_concealed) return;
  const auto samples = static_cast<std::size_t>(missing) / kGranularity * kGranularity;
  const std::size_t last = std::min(samples, last_duration_);
  make_up(samples - last, {});
  make_up(last, packet.payload.bytes());
}

// `next` is the packet after it, if there is one.
void Voice::make_up(std::size_t samples, Bytes next) {
  if (samples == 0) return;
  decoded_.clear();
  if (next.empty()) {
    decoder_->conceal(samples, decoded_);
    ++counters_.concealed;
  } else {
    decoder_->recover(next, samples, decoded_);
    ++counters_.recovered;
  }
  concealed_ += samples;
  playout_.push(decoded_);
}

// Where it cannot wait for what is late, or lost.
void Voice::fill() {
  while (playout_.size() < playout_.needed() && concealed_ < config_.max_concealed) {
    const bool knows_next = jitter_.front() != nullptr &&
                            jitter_.missing_before_front() == concealed_ / last_duration_ + 1;
    make_up(last_duration_, knows_next ? jitter_.front()->payload.bytes() : Bytes());
  }
}

// A frame of silence comes first: with the first packet alone the second would have to be in time
// to the sample.
void Voice::begin() {
  decoder_.emplace();
  decoded_.assign(kFrameSamples, 0.0F);
  playout_.push(decoded_);
  concealed_ = 0;
  next_timestamp_.reset();
}

// The last of it, faded out.
bool Voice::end(Time now, AudioFrame& frame) {
  decoder_.reset();
  const bool is_left = playout_.size() >= playout_.needed();
  if (is_left) {
    playout_.take(frame, until_next(now));
    fade_out(frame);
  }
  playout_.clear();
  return is_left;
}

Duration Voice::until_next(Time now) const {
  if (!next_timestamp_) return Duration::zero();
  return std::max(jitter_.due(*next_timestamp_) - now, Duration::zero());
}

// What comes next will be played behind all that is there.
void Voice::note_wait(Time now) {
  if (!next_timestamp_) return;
  const std::size_t samples = playout_.size();
  const Time played = now + Duration(static_cast<std::int64_t>(samples * 1'000'000 / kSampleRate));
  waits_ = played - jitter_.due(*next_timestamp_ + concealed_);
}

std::optional<Time> Voice::due(std::uint64_t timestamp) const {
  if (!has_begun_) return std::nullopt;
  return jitter_.due(timestamp) + waits_;
}

Voice::Counters Voice::counters() const {
  Counters counters = counters_;
  counters.jitter = jitter_.counters();
  return counters;
}

}  // namespace parley::mcu
