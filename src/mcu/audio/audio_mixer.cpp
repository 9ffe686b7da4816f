#include "mcu/audio/audio_mixer.h"

#include <algorithm>
#include <utility>

namespace parley::mcu {

AudioMixer::AudioMixer(const Config& config) : config_(config), shared_(config.encoder) {}

void AudioMixer::add(Time now, VoiceId voice) {
  if (find(voice) == nullptr) members_.erase(voice);
  members_.try_emplace(voice, config_.voice);
  if (!next_) next_ = now + kFrameDuration;
}

void AudioMixer::remove(VoiceId voice) {
  const auto found = members_.find(voice);
  if (found == members_.end()) return;
  if (!found->second.is_heard) {
    members_.erase(found);
  } else {
    found->second.leaves = true;
  }
}

void AudioMixer::set_listening(PersonId person, bool listening) {
  if (listening) {
    listeners_.insert(person);
  } else {
    listeners_.erase(person);
  }
}

const AudioMixer::Member* AudioMixer::find(VoiceId voice) const {
  const auto found = members_.find(voice);
  return found == members_.end() || found->second.leaves ? nullptr : &found->second;
}

void AudioMixer::handle_input(Time now, Input input) {
  if (find(input.from) == nullptr) {
    ++counters_.unknown;
    return;
  }
  members_.at(input.from).voice.insert(now, std::move(input.packet));
}

void AudioMixer::handle_timeout(Time now) {
  if (!next_) return;
  const auto behind =
      static_cast<std::uint64_t>(std::max<std::int64_t>(0, (now - *next_) / kFrameDuration));
  if (behind > config_.max_frames_behind) {
    const std::uint64_t left_out = behind - config_.max_frames_behind;
    counters_.left_out += left_out;
    timestamp_ += left_out * kFrameSamples;
    *next_ += left_out * kFrameDuration;
  }
  for (; *next_ <= now; *next_ += kFrameDuration) mix(*next_);
}

std::optional<AudioMixer::Output> AudioMixer::poll_output() {
  if (outputs_.empty()) return std::nullopt;
  std::optional<Output> output(std::move(outputs_.front()));
  outputs_.pop_front();
  return output;
}

Time AudioMixer::next_deadline() const {
  return next_.value_or(kNever);
}

std::size_t AudioMixer::speaking() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(members_, [](const auto& member) { return member.second.is_heard; }));
}

bool AudioMixer::is_heard(PersonId person) const {
  for (auto it = members_.lower_bound({.of = person}); it != members_.end(); ++it) {
    if (it->first.of != person) return false;
    if (it->second.is_heard && !it->second.leaves) return true;
  }
  return false;
}

std::optional<Time> AudioMixer::due(VoiceId voice, std::uint64_t timestamp) const {
  const Member* const member = find(voice);
  return member == nullptr ? std::nullopt : member->voice.due(timestamp);
}

std::optional<Voice::Counters> AudioMixer::voice_counters(VoiceId voice) const {
  const Member* const member = find(voice);
  if (member == nullptr) return std::nullopt;
  return member->voice.counters();
}

void AudioMixer::mix(Time now) {
  all_.fill(0);
  play_voices(now);
  keep_own_mixes(now);
  encode(shared_, std::nullopt, all_, false);
  std::erase_if(members_, [](const auto& member) { return member.second.leaves; });
  timestamp_ += kFrameSamples;
  ++counters_.frames;
}

// Who is in the mix stays in it; a place that becomes free is taken by who speaks then.
void AudioMixer::play_voices(Time now) {
  std::size_t places = config_.max_speaking - speaking();
  for (auto& [id, member] : members_) {
    const bool was_heard = member.is_heard;
    member.is_heard = member.voice.play(now, member.frame);
    if (member.is_heard && !was_heard) {
      if (places == 0) {
        ++counters_.not_mixed;
        member.is_heard = false;
      } else {
        --places;
        fade_in(member.frame);  // It may be in the middle of a word.
      }
    }
    if (!member.is_heard) continue;
    if (member.leaves) fade_out(member.frame);
    for (std::size_t i = 0; i < all_.size(); ++i) all_[i] += member.frame[i];
  }
}

// Who speaks keeps a mix of their own for a while, since most go on after a pause.
void AudioMixer::keep_own_mixes(Time now) {
  for (const auto& [voice, member] : members_) {
    if (!member.is_heard || member.leaves || !listeners_.contains(voice.of)) continue;
    own_[voice.of].until = now + config_.own_mix_lingers;
  }
  std::erase_if(own_, [&](const auto& own) {
    const bool ends = own.second.until <= now || !listeners_.contains(own.first);
    if (ends) outputs_.push_back(OwnMixEnded{own.first});
    return ends;
  });
  for (auto& [person, own] : own_) mix_own(person, own);
}

// It begins as the one for everyone went on until now: its encoder has heard the frame before, its
// limiter is as far, and its first packet needs none that came before it. When they go back both
// encoders have heard the same for so long that they have come to the same state.
void AudioMixer::mix_own(PersonId person, OwnMix& own) {
  const bool begins = own.mix == nullptr;
  if (begins) {
    own.mix = std::make_unique<Mix>(config_.encoder);
    own.mix->limiter = shared_.limiter;
    (void)own.mix->encoder.encode(shared_.encoded);
  }
  AudioFrame frame = all_;
  for (auto it = members_.lower_bound({.of = person});
       it != members_.end() && it->first.of == person; ++it) {
    const Member& member = it->second;
    for (std::size_t i = 0; member.is_heard && i < frame.size(); ++i) frame[i] -= member.frame[i];
  }
  encode(*own.mix, person, frame, begins);
}

void AudioMixer::encode(Mix& mix, std::optional<PersonId> without, AudioFrame frame,
                        bool independent) {
  mix.limiter.process(frame);
  mix.encoded = frame;
  outputs_.push_back(Mixed{.without = without,
                           .timestamp = timestamp_,
                           .packet = SharedBytes(Bytes(mix.encoder.encode(frame, independent)))});
  ++counters_.encoded;
}

}  // namespace parley::mcu
