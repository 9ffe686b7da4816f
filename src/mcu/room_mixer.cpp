#include "mcu/room_mixer.h"

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

VoiceId voice_of(sfu::ParticipantId who, sfu::Source source) {
  return {.of = {who.value}, .number = std::to_underlying(source)};
}

}  // namespace

RoomMixer::RoomMixer(sfu::RoomId id, const Config& config, const Surroundings& around)
    : links_(id, around.outbox),
      random_(around.random),
      audio_(config.audio),
      pictures_(config.video, mix_id(id),
                {.links = links_,
                 .codecs = around.codecs,
                 .fonts = around.fonts,
                 .random = around.random}),
      first_timestamp_(random_.u32()) {}

void RoomMixer::link(sfu::NodeId node) {
  if (!links_.add(node)) return;
  links_.tell(node, {}, sfu::relay::Listening{true});
  pictures_.add_node(node);
  if (published_.contains(std::nullopt)) {
    links_.tell(node, mix_without(std::nullopt), sound_track(std::nullopt));
  }
}

void RoomMixer::set_listening(sfu::ParticipantId who, bool listening) {
  audio_.set_listening({who.value}, listening);
}

void RoomMixer::describe(Time now, sfu::ParticipantId who, const Looks& looks) {
  pictures_.describe(now, who, looks);
}

void RoomMixer::forget(Time now, sfu::ParticipantId who) {
  set_listening(who, false);
  pictures_.forget(now, who);
}

void RoomMixer::leave() {
  for (const sfu::NodeId node : links_.nodes()) {
    for (const auto& [person, published] : published_) {
      if (person && goes_to(person, node)) {
        links_.tell(node, mix_without(person), sfu::relay::Gone{});
      }
    }
    links_.tell(node, mix_without(std::nullopt), sfu::relay::Gone{});
    links_.tell(node, {}, sfu::relay::Listening{false});
  }
}

// --- What the nodes tell

void RoomMixer::handle_relayed(Time now, sfu::NodeId from, sfu::RelayMessage& message,
                               Bytes packet) {
  link(from);
  const sfu::ParticipantId who = message.publisher;
  std::visit(overloaded{
                 [&](const sfu::relay::Track& track) { on(now, from, who, track); },
                 [&](const sfu::relay::TrackEnded& ended) { on(now, who, ended); },
                 [&](const sfu::relay::Packet& one) { on(now, who, one, packet); },
                 [&](const sfu::relay::Report& report) { on(who, report); },
                 [&](const sfu::relay::Gone&) { gone(now, who); },
                 [&](const sfu::relay::Needs& needs) {
                   if (is_video(needs.source)) pictures_.handle(from, needs);
                 },
                 [&](const sfu::relay::Asked& asked) {
                   if (is_video(asked.source)) pictures_.handle(asked);
                 },
                 [](const auto&) {},  // Messages, and what it comes to by itself.
             },
             message.what);
}

void RoomMixer::on(Time now, sfu::NodeId from, sfu::ParticipantId who,
                   const sfu::relay::Track& track) {
  if (track.mix) return;  // Another mixer's.
  if (is_video(track.source)) return pictures_.handle(now, from, who, track);
  Publisher& publisher = publishers_[who];
  publisher.home = from;
  publisher.sounds[std::to_underlying(track.source)].emplace(track.codecs, track.extensions);
  audio_.add(now, voice_of(who, track.source));
}

void RoomMixer::on(Time now, sfu::ParticipantId who, const sfu::relay::TrackEnded& ended) {
  if (is_video(ended.source)) return pictures_.handle(now, who, ended);
  const auto publisher = publishers_.find(who);
  if (publisher == publishers_.end()) return;
  publisher->second.sounds[std::to_underlying(ended.source)].reset();
  audio_.remove(voice_of(who, ended.source));
}

void RoomMixer::gone(Time now, sfu::ParticipantId who) {
  pictures_.handle_gone(now, who);
  const auto own = published_.find(PersonId{who.value});
  if (own != published_.end()) on(AudioMixer::OwnMixEnded{own->first.value()});
  for (const sfu::Source source : {sfu::Source::kMicrophone, sfu::Source::kScreenAudio}) {
    audio_.remove(voice_of(who, source));
  }
  publishers_.erase(who);
}

void RoomMixer::on(Time now, sfu::ParticipantId who, const sfu::relay::Packet& packet,
                   Bytes bytes) {
  if (is_video(packet.source)) return pictures_.handle(now, who, packet, bytes);
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

void RoomMixer::on(sfu::ParticipantId who, const sfu::relay::Report& report) {
  if (is_video(report.source)) return pictures_.handle(who, report);
  const auto publisher = publishers_.find(who);
  if (publisher == publishers_.end() || report.source != sfu::Source::kMicrophone) return;
  publisher->second.report = report;
}

// --- What the mixes are

void RoomMixer::handle_timeout(Time now) {
  if (audio_.next_deadline() <= now) mix_sound(now);
  if (pictures_.next_deadline() <= now) {
    keep_in_step();
    pictures_.handle_timeout(now);
  }
}

void RoomMixer::handle_load(Time now, Duration took) {
  pictures_.handle_load(now, took);
}

void RoomMixer::mix_sound(Time now) {
  audio_.handle_timeout(now);
  bool mixed = false;
  while (const auto output = audio_.poll_output()) {
    std::visit([this](const auto& one) { on(one); }, *output);
    mixed = true;
  }
  if (!mixed) return;
  follow_speakers(now);
  if (clock_told_ + kClockInterval <= now) tell_clock(now);
}

void RoomMixer::follow_speakers(Time now) {
  for (const sfu::ParticipantId who : pictures_.people()) {
    pictures_.set_speaks(now, who, audio_.is_heard({who.value}));
  }
}

// What somebody shows waits for as long as what they say.
void RoomMixer::keep_in_step() {
  for (auto& [who, publisher] : publishers_) {
    auto& sound = publisher.sounds[std::to_underlying(sfu::Source::kMicrophone)];
    if (!publisher.report || !sound) continue;
    const auto heard = audio_.due(voice_of(who, sfu::Source::kMicrophone),
                                  sound->extended(publisher.report->timestamp));
    if (heard) pictures_.set_pace(who, publisher.report->ntp, *heard);
  }
}

void RoomMixer::on(const AudioMixer::Mixed& mixed) {
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

void RoomMixer::on(const AudioMixer::OwnMixEnded& ended) {
  for (const sfu::NodeId node : links_.nodes()) {
    if (goes_to(ended.of, node)) links_.tell(node, mix_without(ended.of), sfu::relay::Gone{});
  }
  published_.erase(ended.of);
}

// A mix of someone's own goes where they are; that is nowhere once they have left.
bool RoomMixer::goes_to(const std::optional<PersonId>& without, sfu::NodeId node) const {
  if (!without) return true;
  const auto publisher = publishers_.find({without->value});
  return publisher != publishers_.end() && publisher->second.home == node;
}

// The latest frame was mixed 20 ms before the next is due.
void RoomMixer::tell_clock(Time now) {
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

sfu::ParticipantId RoomMixer::mix_without(const std::optional<PersonId>& person) const {
  return person ? mix_id(*person) : mix_id(links_.room());
}

sfu::relay::Track RoomMixer::sound_track(std::optional<PersonId> without) {
  sfu::relay::Track track{
      .source = sfu::Source::kMicrophone,
      .encodings = {{}},
      .codecs = {{.payload_type = kOpus, .name = "opus", .clock_rate = 48'000, .channels = 2}},
      .mix = sfu::Mix{}};
  if (without) track.mix->without = {without->value};
  return track;
}

}  // namespace parley::mcu
