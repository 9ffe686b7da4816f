#include "sfu/speakers.h"

#include <algorithm>

namespace parley::sfu {
namespace {

constexpr Duration kPacket = std::chrono::milliseconds{20};   // What the first of a run stands for,
constexpr Duration kLongest = std::chrono::milliseconds{60};  // and what any does at most.
constexpr Duration kPause = std::chrono::milliseconds{300};   // Between words: no run goes over it.
constexpr Duration kSmoothing = std::chrono::milliseconds{500};
constexpr Duration kForgotten = std::chrono::seconds{10};
constexpr double kSilent = 127;  // -dBov: the quietest that a packet can tell.

double in_milliseconds(Duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

}  // namespace

void Speakers::handle_level(Time now, ParticipantId who, rtp::AudioLevel level) {
  const bool speaks = level.minus_dbov <= config_.silence;
  auto it = find(who);
  if (it == voices_.end() || it->who != who) {
    if (!speaks) return;
    it = add(now, who, it);
  }
  it->is_measured = true;
  if (speaks) note_sound(now, *it, kSilent - level.minus_dbov);
  it->last_packet = now;
}

void Speakers::handle_unmeasured(Time now, ParticipantId who) {
  auto it = find(who);
  if (it == voices_.end() || it->who != who) {
    it = add(now, who, it);
    it->is_measured = false;
  }
  if (it->is_measured) return;
  note_sound(now, *it, kSilent - config_.silence);
  it->last_packet = now;
}

void Speakers::note_sound(Time now, Voice& voice, double loudness) {
  const bool begins = now - voice.last_word > kPause;
  const Duration taken =
      begins ? kPacket : std::clamp(now - voice.last_packet, Duration{0}, kLongest);
  if (now - voice.last_word > config_.release) voice.loudness = loudness;
  voice.loudness +=
      (loudness - voice.loudness) * in_milliseconds(taken) / in_milliseconds(kSmoothing);
  voice.run = (begins ? Duration{0} : voice.run) + taken;
  voice.last_word = now;
  if (due_ == kNever) due_ = now + config_.interval;
}

void Speakers::remove(Time, ParticipantId who) {
  std::erase(heard_, who);
  std::erase(speaking_, who);
  const auto it = find(who);
  if (it != voices_.end() && it->who == who) voices_.erase(it);
}

void Speakers::handle_timeout(Time now) {
  if (now < due_) return;
  decide_speaking(now);
  decide_heard(now);
  forget_silent(now);
  const bool somebody = std::ranges::any_of(
      voices_, [&](const Voice& voice) { return now - voice.last_word <= config_.release; });
  due_ = somebody || !speaking_.empty() ? now + config_.interval : kNever;
}

// Who has come in before stays before those who are not clearly louder.
void Speakers::decide_speaking(Time now) {
  std::erase_if(speaking_,
                [&](ParticipantId who) { return silent_for(now, who) > config_.release; });
  for (const Voice& voice : voices_) {
    const bool is_word =
        voice.is_measured && voice.run >= config_.word && now - voice.last_word <= kPause;
    if (is_word && std::ranges::find(speaking_, voice.who) == speaking_.end()) {
      speaking_.push_back(voice.who);
    }
  }
  for (std::size_t i = 1; i < speaking_.size(); ++i) {
    for (std::size_t j = i; j > 0; --j) {
      const Voice* const before = find_voice(speaking_[j - 1]);
      const Voice* const after = find_voice(speaking_[j]);
      if (after->loudness < before->loudness + config_.margin) break;
      std::swap(speaking_[j - 1], speaking_[j]);
    }
  }
}

// The loudest of those who have no place, first.
void Speakers::decide_heard(Time now) {
  std::vector<const Voice*> newcomers;
  for (const Voice& voice : voices_) {
    if (speaks(now, voice) && !is_heard(voice.who)) newcomers.push_back(&voice);
  }
  std::ranges::stable_sort(newcomers, std::ranges::greater{}, &Voice::loudness);
  for (const Voice* const newcomer : newcomers) seat(now, *newcomer);
  order_heard(now);
}

// A first sound takes a place of one who is silent; only a word takes that of one who pauses, or is
// much quieter.
void Speakers::seat(Time now, const Voice& newcomer) {
  if (heard_.size() < config_.slots) {
    heard_.push_back(newcomer.who);
    return;
  }
  if (heard_.empty()) return;
  const auto silent = [&](ParticipantId who) { return silent_for(now, who); };
  const auto longest = std::ranges::max_element(heard_, {}, silent);
  const bool is_word = newcomer.run >= config_.word;
  if (silent(*longest) > (is_word ? config_.release / 2 : config_.release)) {
    *longest = newcomer.who;
    return;
  }
  const auto loudness = [&](ParticipantId who) { return find_voice(who)->loudness; };
  const auto quietest = std::ranges::min_element(heard_, {}, loudness);
  if (is_word && newcomer.loudness >= loudness(*quietest) + config_.margin) {
    *quietest = newcomer.who;
  }
}

void Speakers::order_heard(Time now) {
  for (std::size_t i = 1; i < heard_.size(); ++i) {
    for (std::size_t j = i; j > 0 && gives_way(now, heard_[j - 1], heard_[j]); --j) {
      std::swap(heard_[j - 1], heard_[j]);
    }
  }
}

// In the order, which costs only those something who cannot hear all of them, sooner than a place.
bool Speakers::gives_way(Time now, ParticipantId before, ParticipantId after) const {
  const Voice& voice = *find_voice(after);
  if (!speaks(now, voice)) return false;
  const bool is_word = voice.run >= config_.word;
  if (silent_for(now, before) > (is_word ? kPause : config_.release / 2)) return true;
  return is_word && voice.loudness >= find_voice(before)->loudness + config_.margin;
}

void Speakers::forget_silent(Time now) {
  std::erase_if(voices_, [&](const Voice& voice) {
    return now - voice.last_word > kForgotten && !is_heard(voice.who);
  });
}

std::vector<Speakers::Voice>::iterator Speakers::find(ParticipantId who) {
  return std::ranges::lower_bound(voices_, who, {}, &Voice::who);
}

std::vector<Speakers::Voice>::iterator Speakers::add(Time now, ParticipantId who,
                                                     std::vector<Voice>::iterator before) {
  return voices_.insert(before,
                        {.who = who, .last_packet = now - kPacket, .last_word = now - kForgotten});
}

// Of those who are heard or speak there is always one.
const Speakers::Voice* Speakers::find_voice(ParticipantId who) const {
  return &*std::ranges::lower_bound(voices_, who, {}, &Voice::who);
}

bool Speakers::is_heard(ParticipantId who) const {
  return std::ranges::find(heard_, who) != heard_.end();
}

bool Speakers::speaks(Time now, const Voice& voice) const {
  return voice.run >= config_.attack && now - voice.last_word <= kPause;
}

Duration Speakers::silent_for(Time now, ParticipantId who) const {
  return now - find_voice(who)->last_word;
}

}  // namespace parley::sfu
