#include "mcu/video/input_stream.h"

#include <algorithm>
#include <utility>

namespace parley::mcu {
namespace {

constexpr double kClock = 90'000;
constexpr std::uint8_t kMaxEncodings = 8;
constexpr Duration kMaxOwnDelay = std::chrono::milliseconds{200};
// The owner takes what is due until half a picture later: a frame has to be there by then.
constexpr Duration kAhead = std::chrono::microseconds{16'667};

// Whatever a stranger's timestamps are, nothing overflows.
Duration media_time(std::uint64_t timestamp) {
  constexpr std::uint64_t kEnough = (std::uint64_t{1} << 50) - 1;
  return Duration(
      static_cast<std::int64_t>(static_cast<double>(timestamp & kEnough) * 1e6 / kClock));
}

Duration media_time_between(std::uint64_t from, std::uint64_t to) {
  constexpr double kMost = 3.6e9;  // An hour.
  const double units = static_cast<double>(static_cast<std::int64_t>(to - from));
  return Duration(static_cast<std::int64_t>(std::clamp(units * 1e6 / kClock, -kMost, kMost)));
}

// A frame that is only there for others to lean on (RFC 6386, 9.1: show_frame).
bool is_hidden(codec::Format format, Bytes frame) {
  return format == codec::Format::kVp8 && !frame.empty() && (frame[0] & 0x10) == 0;
}

}  // namespace

InputStream::Track::Track(std::uint8_t number, const Config& config)
    : encoding(number),
      order({.patience = config.patience}),
      delay({.max = kMaxOwnDelay}),
      lateness({.max = config.max_wait}) {}

void InputStream::insert(Time now, const Packet& packet) {
  ++counters_.packets;
  if (!shown_) {
    ++counters_.not_shown;
    return;
  }
  if (!current_) begin(current_, packet.encoding);
  const bool is_next = next_ && next_->encoding == packet.encoding;
  if (!is_next && current_->encoding != packet.encoding) {
    ++counters_.other_encoding;
    return;
  }
  std::optional<Track>& track = is_next ? next_ : current_;
  track->order.insert(now,
                      {.seq = packet.seq,
                       .timestamp = packet.timestamp,
                       .marker = packet.marker,
                       .payload_type = rtp::PayloadType{static_cast<std::uint8_t>(packet.format)},
                       .payload = {packet.payload.begin(), packet.payload.end()},
                       .starts_key_frame = codec::starts_key_frame(packet.format, packet.payload)});
  build(now, track);
}

void InputStream::choose(std::uint8_t encoding) {
  if (!current_) return begin(current_, encoding);
  if (current_->encoding == encoding) return end(next_);
  if (!next_ || next_->encoding != encoding) begin(next_, encoding);
}

void InputStream::set_pace(std::uint8_t encoding, Pace pace) {
  if (encoding < kMaxEncodings) paces_[encoding] = pace;
}

void InputStream::set_shown(bool shown) {
  if (shown == std::exchange(shown_, shown)) return;
  std::optional<std::uint8_t> encoding;
  if (current_) encoding = next_ ? next_->encoding : current_->encoding;
  end(next_);
  end(current_);
  if (encoding) begin(current_, *encoding);
  queue_.clear();
  queued_bytes_ = 0;
  decoder_.reset();
  broken_ = true;
  picture_.reset();
}

void InputStream::begin(std::optional<Track>& track, std::uint8_t encoding) {
  end(track);
  track.emplace(encoding, config_);
  need_key_frame(track);
}

void InputStream::end(std::optional<Track>& track) {
  if (track && track->builder) frames_lost_ += track->builder->frames_lost();
  track.reset();
}

void InputStream::need_key_frame(std::optional<Track>& track) const {
  if (track && !track->need) track->need = KeyFrameNeed{.retry = config_.key_frame_retry};
}

// Packets to frames. The first key frame of the encoding that was chosen takes over.
void InputStream::build(Time now, std::optional<Track>& track) {
  while (track) {
    const auto packet = track->order.poll(now);
    if (!packet) return;
    const codec::Format format{static_cast<std::uint8_t>(packet->payload_type)};
    if (!track->builder || track->format != format) {
      if (track->builder) frames_lost_ += track->builder->frames_lost();
      track->builder.emplace(format);
      track->format = format;
    }
    const std::uint64_t lost = track->builder->frames_lost();
    auto frame = track->builder->add({.timestamp = packet->timestamp,
                                      .marker = packet->marker,
                                      .lost_before = packet->lost_before,
                                      .payload = packet->payload});
    if (track->builder->frames_lost() != lost) need_key_frame(track);
    if (!frame) continue;
    ++counters_.frames;
    if (frame->lost_before) {
      ++counters_.skipped;
      need_key_frame(track);
      continue;
    }
    if (&track == &next_) {
      end(current_);
      current_.emplace(std::move(*next_));
      next_.reset();
      ++counters_.switches;
      take(now, *current_, *std::move(frame));
      return build(now, current_);
    }
    take(now, *track, *std::move(frame));
  }
}

void InputStream::take(Time now, Track& track, codec::FrameBuilder::Frame frame) {
  if (frame.key) track.need.reset();
  if (queue_.size() >= config_.max_frames ||
      queued_bytes_ + frame.data.size() > config_.max_bytes) {
    counters_.overflowed += queue_.size();
    queue_.clear();
    queued_bytes_ = 0;
    broken_ = true;
    if (!frame.key) need_key_frame(current_);
  }
  queued_bytes_ += frame.data.size();
  queue_.push_back({.format = track.format,
                    .key = frame.key,
                    .due = due(now, track, frame.timestamp),
                    .data = std::move(frame.data)});
}

Time InputStream::due(Time now, Track& track, std::uint64_t timestamp) const {
  Time due = now;
  if (const auto pace = paces_.find(track.encoding); pace != paces_.end()) {
    due = pace->second.due + media_time_between(pace->second.timestamp, timestamp);
    track.lateness.handle(now, now - due);
    track.has_lateness = true;
  } else {
    const Duration media = media_time(timestamp);
    track.delay.handle(now, now.time_since_epoch() - media);
    due = Time(media + track.delay.fastest() + track.delay.target() + kAhead);
  }
  return std::clamp(due, now, now + config_.max_wait);
}

bool InputStream::advance(Time now, Time until) {
  build(now, next_);
  build(now, current_);
  bool has_changed = false;
  for (std::size_t decodes = 0; decodes < config_.max_decodes && !queue_.empty();) {
    if (queue_.front().due > until || is_held(queue_.front())) break;
    const Frame frame = std::move(queue_.front());
    queue_.pop_front();
    queued_bytes_ -= frame.data.size();
    if (broken_ && !frame.key) {
      ++counters_.skipped;
      need_key_frame(current_);
      continue;
    }
    has_changed = decode(now, frame) || has_changed;
    if (!is_hidden(frame.format, frame.data)) ++decodes;
  }
  return has_changed;
}

// A frame that shows nothing waits for the next: the picture is the decoder's, and good only until
// it decodes again.
bool InputStream::is_held(const Frame& frame) const {
  return queue_.size() == 1 && is_hidden(frame.format, frame.data);
}

bool InputStream::decode(Time now, const Frame& frame) {
  if (decoder_ == nullptr || format_ != frame.format) {
    picture_.reset();
    decoder_ = codecs_->decoder(frame.format, config_.limits);
    format_ = frame.format;
    broken_ = true;
  }
  if (decoder_ == nullptr) {
    fail(DecodeError::kUnsupported);
    return false;
  }
  if (broken_ && !frame.key) {
    ++counters_.skipped;
    need_key_frame(current_);
    return false;
  }
  picture_.reset();
  const auto picture = decoder_->decode(frame.data);
  if (!picture) {
    fail(picture.error());
    return false;
  }
  ++counters_.decoded;
  broken_ = false;
  if (picture->size.empty()) return false;
  picture_ = *picture;
  changed_ = now;
  return true;
}

void InputStream::fail(DecodeError error) {
  switch (error) {
    case DecodeError::kTooLarge: ++counters_.too_large; break;
    case DecodeError::kCorrupt: ++counters_.corrupt; break;
    case DecodeError::kUnsupported: ++counters_.unsupported; break;
  }
  decoder_.reset();
  picture_.reset();
  broken_ = true;
  need_key_frame(current_);
}

std::optional<std::uint8_t> InputStream::poll_key_frame_request(Time now) {
  if (!shown_) return std::nullopt;
  for (std::optional<Track>* const track : {&next_, &current_}) {
    if (!*track || !(*track)->need || (*track)->need->next > now) continue;
    KeyFrameNeed& need = *(*track)->need;
    need.next = now + need.retry;
    need.retry = std::min(2 * need.retry, config_.key_frame_retry_max);
    ++counters_.key_frames_requested;
    return (*track)->encoding;
  }
  return std::nullopt;
}

std::optional<Duration> InputStream::lateness() const {
  if (!current_ || !current_->has_lateness) return std::nullopt;
  return current_->lateness.fastest() + current_->lateness.target() + kAhead;
}

InputStream::Counters InputStream::counters() const {
  Counters counters = counters_;
  counters.frames_lost = frames_lost_;
  for (const std::optional<Track>* const track : {&next_, &current_}) {
    if (*track && (*track)->builder) counters.frames_lost += (*track)->builder->frames_lost();
  }
  return counters;
}

}  // namespace parley::mcu
