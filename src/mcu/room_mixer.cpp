#include "mcu/room_mixer.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/overloaded.h"
#include "rtp/ntp_time.h"
#include "rtp/packet_writer.h"

namespace parley::mcu {
namespace {

using sfu::Source;

constexpr std::uint8_t kOpus = 111;
constexpr Duration kClockInterval = std::chrono::seconds{1};

VoiceId voice_of(sfu::ParticipantId who, Source source) {
  return {.of = {who.value}, .number = std::to_underlying(source)};
}

}  // namespace

RoomMixer::RoomMixer(sfu::RoomId id, const AudioMixer::Config& config, sfu::RelayOutbox& outbox,
                     Random& random)
    : id_(id), outbox_(outbox), random_(random), audio_(config), first_timestamp_(random.u32()) {}

void RoomMixer::link(sfu::NodeId node) {
  if (std::ranges::find(nodes_, node) != nodes_.end()) return;
  nodes_.push_back(node);
  tell(node, {}, sfu::relay::Listening{true});
  if (published_.contains(std::nullopt)) tell(node, mix_id(id_), sound_track(std::nullopt));
}

void RoomMixer::set_listening(sfu::ParticipantId who, bool listening) {
  audio_.set_listening({who.value}, listening);
}

void RoomMixer::describe(sfu::ParticipantId who, Looks looks) {
  people_[who] = std::move(looks);
}

void RoomMixer::forget(sfu::ParticipantId who) {
  set_listening(who, false);
  people_.erase(who);
}

void RoomMixer::leave() {
  for (const sfu::NodeId node : nodes_) {
    for (const auto& [person, published] : published_) {
      if (goes_to(person, node)) tell(node, mix_without(person), sfu::relay::Gone{});
    }
    tell(node, {}, sfu::relay::Listening{false});
  }
}

// --- What the nodes tell

void RoomMixer::handle_relayed(Time now, sfu::NodeId from, sfu::RelayMessage& message,
                               Bytes packet) {
  link(from);
  const sfu::ParticipantId who = message.publisher;
  std::visit(overloaded{
                 [&](const sfu::relay::Track& track) { on(now, from, who, track); },
                 [&](const sfu::relay::TrackEnded& ended) { on(who, ended); },
                 [&](const sfu::relay::Packet& one) { on(now, who, one, packet); },
                 [&](const sfu::relay::Gone&) { gone(who); },
                 [](const auto&) {},  // Of pictures, messages, and of what we publish.
             },
             message.what);
}

void RoomMixer::on(Time now, sfu::NodeId from, sfu::ParticipantId who,
                   const sfu::relay::Track& track) {
  if (track.mix) return;  // Another mixer's.
  Publisher& publisher = publishers_[who];
  publisher.home = from;
  if (is_video(track.source)) {
    tell(from, who, sfu::relay::Needs{.source = track.source, .encodings = 0});
    return;
  }
  publisher.sounds[std::to_underlying(track.source)].emplace(track.codecs, track.extensions);
  audio_.add(now, voice_of(who, track.source));
}

void RoomMixer::on(sfu::ParticipantId who, const sfu::relay::TrackEnded& ended) {
  const auto publisher = publishers_.find(who);
  if (publisher == publishers_.end()) return;
  publisher->second.sounds[std::to_underlying(ended.source)].reset();
  audio_.remove(voice_of(who, ended.source));
}

void RoomMixer::gone(sfu::ParticipantId who) {
  const auto own = published_.find(PersonId{who.value});
  if (own != published_.end()) on(AudioMixer::OwnMixEnded{own->first.value()});
  audio_.set_listening({who.value}, false);
  for (const Source source : {Source::kMicrophone, Source::kScreenAudio}) {
    audio_.remove(voice_of(who, source));
  }
  publishers_.erase(who);
}

void RoomMixer::on(Time now, sfu::ParticipantId who, const sfu::relay::Packet& packet,
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

// --- What the mixes are

void RoomMixer::handle_timeout(Time now) {
  audio_.handle_timeout(now);
  bool mixed = false;
  while (const auto output = audio_.poll_output()) {
    std::visit([this](const auto& one) { on(one); }, *output);
    mixed = true;
  }
  if (mixed && clock_told_ + kClockInterval <= now) tell_clock(now);
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
  for (const sfu::NodeId node : nodes_) {
    if (!goes_to(mixed.without, node)) continue;
    if (is_new) tell(node, mix, sound_track(mixed.without));
    outbox_.add_packet(node, id_, mix,
                       {.source = Source::kMicrophone,
                        .begins = is_new,
                        .size = static_cast<std::uint16_t>(bytes.size())},
                       bytes);
    ++counters_.packets_out;
  }
}

void RoomMixer::on(const AudioMixer::OwnMixEnded& ended) {
  for (const sfu::NodeId node : nodes_) {
    if (goes_to(ended.of, node)) tell(node, mix_without(ended.of), sfu::relay::Gone{});
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
      .source = Source::kMicrophone,
      .ntp = rtp::NtpTime::of(audio_.next_deadline() - kFrameDuration),
      .timestamp = first_timestamp_ + static_cast<std::uint32_t>(newest_timestamp_)};
  for (const sfu::NodeId node : nodes_) {
    for (const auto& [person, published] : published_) {
      if (goes_to(person, node)) tell(node, mix_without(person), report);
    }
  }
}

sfu::ParticipantId RoomMixer::mix_without(const std::optional<PersonId>& person) const {
  return person ? mix_id(*person) : mix_id(id_);
}

sfu::relay::Track RoomMixer::sound_track(std::optional<PersonId> without) {
  sfu::relay::Track track{
      .source = Source::kMicrophone,
      .encodings = {{}},
      .codecs = {{.payload_type = kOpus, .name = "opus", .clock_rate = 48'000, .channels = 2}},
      .mix = sfu::Mix{}};
  if (without) track.mix->without = {without->value};
  return track;
}

void RoomMixer::tell(sfu::NodeId node, sfu::ParticipantId who,
                     decltype(sfu::RelayMessage::what) what) {
  outbox_.add(node, {.room = id_, .publisher = who, .what = std::move(what)});
}

}  // namespace parley::mcu
