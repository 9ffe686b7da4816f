#include "mcu/sound_room.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/overloaded.h"
#include "rtp/ntp_time.h"
#include "rtp/packet_writer.h"

namespace parley::mcu {
namespace {

constexpr std::uint8_t kOpus = 111;
constexpr Duration kClockInterval = std::chrono::seconds{1};
constexpr Duration kHeardInterval = std::chrono::milliseconds{100};

VoiceId voice_of(sfu::ParticipantId who, sfu::Source source) {
  return {.of = {who.value}, .number = std::to_underlying(source)};
}

}  // namespace

SoundRoom::SoundRoom(sfu::RoomId id, const AudioMixer::Config& config, const Surroundings& around)
    : RoomMixer(id, around),
      random_(around.random),
      audio_(config),
      first_timestamp_(random_.u32()) {}

void SoundRoom::link(sfu::NodeId node) {
  if (!links_.add(node)) return;
  links_.tell(node, {}, sfu::relay::Listening{true});
  if (published_.contains(std::nullopt)) {
    links_.tell(node, mix_without(std::nullopt), sound_track(std::nullopt));
  }
}

void SoundRoom::set_listening(sfu::ParticipantId who, bool listening) {
  audio_.set_listening({who.value}, listening);
}

void SoundRoom::forget(Time, sfu::ParticipantId who) {
  set_listening(who, false);
}

void SoundRoom::leave() {
  for (const sfu::NodeId node : links_.nodes()) {
    for (const auto& [person, published] : published_) {
      if (goes_to(person, node)) links_.tell(node, mix_without(person), sfu::relay::Gone{});
    }
    links_.tell(node, {}, sfu::relay::Listening{false});
  }
}

// --- What the nodes tell

void SoundRoom::handle_relayed(Time now, sfu::NodeId from, sfu::RelayMessage& message,
                               Bytes packet) {
  link(from);
  const sfu::ParticipantId who = message.publisher;
  std::visit(overloaded{
                 [&](const sfu::relay::Track& track) { on(now, from, who, track); },
                 [&](const sfu::relay::TrackEnded& ended) { on(who, ended); },
                 [&](const sfu::relay::Packet& one) { on(now, who, one, packet); },
                 [&](const sfu::relay::Report& report) { on(who, report); },
                 [&](const sfu::relay::Gone&) { gone(who); },
                 [](const auto&) {},  // Messages, and of what we publish.
             },
             message.what);
}

void SoundRoom::on(Time now, sfu::NodeId from, sfu::ParticipantId who,
                   const sfu::relay::Track& track) {
  if (track.mix) return;  // Another mixer's.
  if (is_video(track.source)) {
    links_.tell(from, who, sfu::relay::Needs{.source = track.source, .encodings = 0});
    return;
  }
  Publisher& publisher = publishers_[who];
  publisher.home = from;
  publisher.sounds[std::to_underlying(track.source)].emplace(track.codecs, track.extensions);
  audio_.add(now, voice_of(who, track.source));
}

void SoundRoom::on(sfu::ParticipantId who, const sfu::relay::TrackEnded& ended) {
  if (is_video(ended.source)) return;
  const auto publisher = publishers_.find(who);
  if (publisher == publishers_.end()) return;
  publisher->second.sounds[std::to_underlying(ended.source)].reset();
  audio_.remove(voice_of(who, ended.source));
}

void SoundRoom::gone(sfu::ParticipantId who) {
  const auto own = published_.find(PersonId{who.value});
  if (own != published_.end()) on(AudioMixer::OwnMixEnded{own->first.value()});
  for (const sfu::Source source : {sfu::Source::kMicrophone, sfu::Source::kScreenAudio}) {
    audio_.remove(voice_of(who, source));
  }
  publishers_.erase(who);
}

void SoundRoom::on(Time now, sfu::ParticipantId who, const sfu::relay::Packet& packet,
                   Bytes bytes) {
  if (is_video(packet.source)) return;
  ++counters_.packets;
  const auto publisher = publishers_.find(who);
  if (publisher == publishers_.end() ||
      !publisher->second.sounds[std::to_underlying(packet.source)]) {
    ++counters_.of_nobody;
    return;
  }
  SoundInput& input = *publisher->second.sounds[std::to_underlying(packet.source)];
  const auto view = rtp::PacketView::parse(bytes);
  const auto read = view ? input.read(*view) : std::span<Voice::Packet>{};
  if (read.empty()) ++counters_.unreadable;
  for (Voice::Packet& one : read) {
    audio_.handle_input(now, {.from = voice_of(who, packet.source), .packet = std::move(one)});
  }
}

void SoundRoom::on(sfu::ParticipantId who, const sfu::relay::Report& report) {
  const auto publisher = publishers_.find(who);
  if (publisher == publishers_.end() || report.source != sfu::Source::kMicrophone) return;
  publisher->second.report = report;
}

// --- What the mixes are

void SoundRoom::handle_timeout(Time now) {
  audio_.handle_timeout(now);
  bool mixed = false;
  while (const auto output = audio_.poll_output()) {
    std::visit([this](const auto& one) { on(one); }, *output);
    mixed = true;
  }
  if (!mixed) return;
  if (clock_told_ + kClockInterval <= now) tell_clock(now);
  if (picture_mixer_ && heard_told_ + kHeardInterval <= now) tell_heard(now);
}

// What somebody shows waits for as long as what they say.
void SoundRoom::tell_heard(Time now) {
  heard_told_ = now;
  for (auto& [who, publisher] : publishers_) {
    sfu::relay::Heard heard{.speaks = audio_.is_heard({who.value})};
    auto& sound = publisher.sounds[std::to_underlying(sfu::Source::kMicrophone)];
    if (publisher.report && sound) {
      const auto at = audio_.due(voice_of(who, sfu::Source::kMicrophone),
                                 sound->extended(publisher.report->timestamp));
      if (at) heard.captured = publisher.report->ntp;
      heard.at = at.value_or(Time{});
    }
    links_.tell(*picture_mixer_, who, heard);
  }
}

void SoundRoom::on(const AudioMixer::Mixed& mixed) {
  const auto [it, is_new] = published_.try_emplace(mixed.without);
  Published& published = it->second;
  if (is_new) {
    published.ssrc = rtp::Ssrc{random_.u32()};
    published.next_number = static_cast<std::uint16_t>(random_.u32());
  }
  newest_timestamp_ = mixed.timestamp;
  rtp::PacketWriter writer(
      {.payload_type = rtp::PayloadType{kOpus},
       .sequence_number = published.next_number++,
       .timestamp = first_timestamp_ + static_cast<std::uint32_t>(mixed.timestamp),
       .ssrc = published.ssrc});
  writer.set_payload(mixed.packet.bytes());
  const std::vector<std::uint8_t> bytes = writer.take();
  const sfu::ParticipantId mix = mix_without(mixed.without);
  for (const sfu::NodeId node : links_.nodes()) {
    if (!goes_to(mixed.without, node)) continue;
    if (is_new) links_.tell(node, mix, sound_track(mixed.without));
    links_.send(node, mix, {.source = sfu::Source::kMicrophone, .begins = is_new}, bytes);
  }
}

void SoundRoom::on(const AudioMixer::OwnMixEnded& ended) {
  for (const sfu::NodeId node : links_.nodes()) {
    if (goes_to(ended.of, node)) links_.tell(node, mix_without(ended.of), sfu::relay::Gone{});
  }
  published_.erase(ended.of);
}

// A mix of someone's own goes where they are; that is nowhere once they have left.
bool SoundRoom::goes_to(const std::optional<PersonId>& without, sfu::NodeId node) const {
  if (!without) return true;
  const auto publisher = publishers_.find({without->value});
  return publisher != publishers_.end() && publisher->second.home == node;
}

// The latest frame was mixed 20 ms before the next is due.
void SoundRoom::tell_clock(Time now) {
  clock_told_ = now;
  const sfu::relay::Report report{
      .source = sfu::Source::kMicrophone,
      .ntp = rtp::NtpTime::of(audio_.next_deadline() - kFrameDuration),
      .timestamp = first_timestamp_ + static_cast<std::uint32_t>(newest_timestamp_)};
  for (const sfu::NodeId node : links_.nodes()) {
    for (const auto& [person, published] : published_) {
      if (goes_to(person, node)) links_.tell(node, mix_without(person), report);
    }
  }
}

sfu::ParticipantId SoundRoom::mix_without(const std::optional<PersonId>& person) const {
  return person ? sound_id(*person) : sound_id(links_.room());
}

sfu::relay::Track SoundRoom::sound_track(std::optional<PersonId> without) {
  sfu::relay::Track track{
      .source = sfu::Source::kMicrophone,
      .encodings = {{}},
      .codecs = {{.payload_type = kOpus, .name = "opus", .clock_rate = 48'000, .channels = 2}},
      .mix = sfu::Mix{}};
  if (without) track.mix->without = {without->value};
  return track;
}

RoomMixer::Counters SoundRoom::counters() const {
  Counters counters = counters_;
  counters.packets_out = links_.packets();
  counters.audio = audio_.counters();
  counters.speaking = audio_.speaking();
  return counters;
}

}  // namespace parley::mcu
