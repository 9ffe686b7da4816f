#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/overloaded.h"
#include "peer/peer_connection.h"
#include "sfu/answer.h"
#include "sfu/message.h"
#include "sfu/test_frame.h"
#include "srtp/provider.h"

// For tests of this folder: one who takes part in a meeting, made of our own peer connection.
namespace parley::sfu {

// Made once: a key costs as much as a handshake.
inline std::shared_ptr<const dtls::Certificate> test_certificate(bool of_server) {
  const auto make = [](std::uint64_t seed) {
    SeededRandom random(seed);
    return dtls::Certificate::make(crypto::WallTime{} + std::chrono::years{60}, random);
  };
  static const auto kServer = make(1);
  static const auto kClient = make(2);
  return of_server ? kServer : kClient;
}

// What one receive section has shown.
struct TestSlot {
  std::string mid = {};
  bool video = false;
  std::uint64_t frames = 0;
  std::uint64_t losses = 0;  // Frames after something was lost that no key frame had mended yet.
  std::uint64_t keys = 0;
  std::optional<TestFrame> last = {};
  Time last_at = {};
  std::map<std::uint64_t, std::uint64_t> of = {};  // Frames by participant.
};

class TestClient {
 public:
  struct Options {
    bool microphone = false;
    std::size_t camera = 0;  // Encodings.
    std::size_t screen = 0;
    bool largest_first = false;  // So its encodings are offered.
    std::size_t audio_slots = 3;
    std::size_t video_slots = 4;
    bool data = true;
    int camera_fps = 15;
    std::size_t frame_bytes = 1'800;  // Of the largest encoding; the next has a third of it.
  };

  TestClient(ParticipantId who, const Options& wanted, net::SocketAddress where, std::uint64_t seed)
      : id(who),
        options(wanted),
        address(where),
        random(seed),
        connection(configuration(), random, *provider) {}

  // Its offer, as in `join`.
  Offer offer(Time now) {
    Offer made;
    using peer::MediaKind;
    if (options.microphone)
      microphone = add(now, MediaKind::kAudio, {.direction = sdp::Direction::kSendOnly});
    if (options.camera > 0) camera = add(now, MediaKind::kVideo, sending(options.camera));
    if (options.screen > 0) screen = add(now, MediaKind::kVideo, sending(options.screen));
    for (std::size_t i = 0; i < options.audio_slots; ++i) {
      slots[add(now, MediaKind::kAudio, {.direction = sdp::Direction::kRecvOnly})];
    }
    for (std::size_t i = 0; i < options.video_slots; ++i) {
      slots[add(now, MediaKind::kVideo, {.direction = sdp::Direction::kRecvOnly})].video = true;
    }
    if (options.data) {
      channel = connection.create_data_channel(now, {.label = "parley", .negotiated = 0}).value();
      const sctp::ChannelOptions lossy{.ordered = false, .max_retransmits = 0, .negotiated = 1};
      unreliable = connection.create_data_channel(now, lossy).value();
    }
    connection.add_local_candidate(now, ice::Candidate::host(address));
    EXPECT_TRUE(connection.set_local_description(now));
    for (auto& [transceiver, slot] : slots) slot.mid = connection.find(transceiver)->mid;
    return describe();
  }
  // Another one, for the path alone.
  Offer restart(Time now) {
    EXPECT_TRUE(connection.set_local_description(now, connection.create_offer(now, true).value()));
    return describe();
  }
  // Another one, with more slots for pictures.
  Offer more_slots(Time now, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      slots[add(now, peer::MediaKind::kVideo, {.direction = sdp::Direction::kRecvOnly})].video =
          true;
    }
    EXPECT_TRUE(connection.set_local_description(now));
    for (auto& [transceiver, slot] : slots) slot.mid = connection.find(transceiver)->mid;
    return describe();
  }
  void take_answer(Time now, const std::string& sdp) {
    const auto set = connection.set_remote_description(now, {peer::SdpType::kAnswer, sdp});
    EXPECT_TRUE(set) << set.error().message;
  }

  // What its microphone and camera give within this tick of 20 ms.
  void send_media(Time now, std::uint32_t tick) {
    if (silent || !is_connected()) return;
    if (microphone) {
      const auto sound = make_sound({.number = tick, .by = id});
      (void)connection.send_frame(
          now, *microphone,
          {.timestamp = tick * 960,
           .captured = now,
           .data = sound,
           .audio_level = tells_level
                              ? std::optional(rtp::AudioLevel{
                                    .voice = speaks, .minus_dbov = std::uint8_t(speaks ? 20 : 90)})
                              : std::nullopt});
    }
    const auto every = static_cast<std::uint32_t>(50 / options.camera_fps);
    if ((tick + id.value) % every != 0) return;
    if (camera) send_picture(now, *camera, Source::kCamera, options.camera);
    if (screen && shares) send_picture(now, *screen, Source::kScreen, options.screen);
  }

  // To everyone, or to the one of that label. Whoever polls next sends it.
  bool say(Time now, std::string_view body, std::string_view to = {}, bool reliable = true,
           Message::Kind kind = Message::Kind::kMessage) {
    const Message message{.kind = kind, .name = to, .body = as_bytes(body)};
    return connection
        .send(now, reliable ? channel : unreliable, sctp::DataChannels::Kind::kBinary,
              message.write())
        .has_value();
  }

  bool is_connected() const {
    return connection.connection_state() == peer::ConnectionState::kConnected;
  }
  const TestSlot* find_slot(std::string_view mid) const {
    for (const auto& [transceiver, slot] : slots) {
      if (slot.mid == mid) return &slot;
    }
    return nullptr;
  }
  std::uint64_t frames_of(ParticipantId who, bool video) const {
    std::uint64_t sum = 0;
    for (const auto& [transceiver, slot] : slots) {
      const auto it = slot.of.find(who.value);
      if (slot.video == video && it != slot.of.end()) sum += it->second;
    }
    return sum;
  }
  std::uint64_t losses() const {
    std::uint64_t sum = 0;
    for (const auto& [transceiver, slot] : slots) sum += slot.losses;
    return sum;
  }

  // Everything it has to say; what is to be sent goes to `transmit`.
  void drain(Time now, auto&& transmit) {
    while (auto output = connection.poll_output()) {
      std::visit(
          overloaded{[&](peer::PeerConnection::Transmit& event) { transmit(event); },
                     [&](peer::PeerConnection::FrameReceived& event) { on(now, event.frame); },
                     [&](peer::PeerConnection::KeyFrameRequested& event) {
                       ++key_frames_asked;
                       if (event.rid.empty()) keys_due.fill(true);
                       for (std::size_t i = 0; i < 3; ++i) {
                         if (event.rid == kRids[i]) keys_due[i] = true;
                       }
                     },
                     [&](peer::PeerConnection::MessageReceived& event) { hear(event); },
                     [](auto&) {}},
          *output);
    }
  }

  static constexpr std::array<std::string_view, 3> kRids = {"q", "h", "f"};

  ParticipantId id;
  Options options;
  net::SocketAddress address;
  SeededRandom random;
  std::unique_ptr<srtp::Provider> provider = srtp::Provider::make();
  peer::PeerConnection connection;
  std::optional<peer::TransceiverId> microphone, camera, screen;
  std::map<peer::TransceiverId, TestSlot> slots;
  sctp::ChannelId channel = {};
  sctp::ChannelId unreliable = {};
  std::vector<std::string> messages;  // As "ada: waves", "ada~ waves" by the unreliable channel.
  std::vector<std::string> receipts;
  bool silent = false;  // Sends no media.
  bool speaks = true;
  bool tells_level = true;
  bool shares = true;
  std::array<bool, 3> active = {true, true, true};  // Encodings of the camera, as layers wanted.
  std::array<bool, 3> stalled = {};                 // Those that its encoder has no rate for.
  std::array<bool, 3> keys_due = {true, true, true};
  std::uint64_t key_frames_asked = 0;
  std::vector<std::uint64_t> sound_timestamps;  // As they came, of all slots.
  std::vector<std::string> broken;              // What a decoder could not have shown, in words.

 private:
  void hear(const peer::PeerConnection::MessageReceived& event) {
    const auto message = Message::parse(event.payload);
    if (!message) return broken.push_back("a message of nobody");
    auto& heard = message->kind == Message::Kind::kReceipt ? receipts : messages;
    heard.push_back(std::string(message->name) + (event.channel == unreliable ? "~ " : ": ") +
                    std::string(as_text(message->body)));
  }

  // Nobody is heard twice, in one slot or in two.
  void hear(TestSlot& slot, const TestSound& sound) {
    ++slot.of[sound.by.value];
    auto& heard = sounds_[sound.by.value];
    std::uint32_t& place = heard[sound.number % heard.size()];
    if (std::exchange(place, sound.number + 1) != sound.number + 1) return;
    broken.push_back(slot.mid + ": sound " + std::to_string(sound.number) + " of " +
                     std::to_string(sound.by.value) + " twice");
  }

  static peer::PeerConnection::Configuration configuration() {
    return {.certificate = test_certificate(false)};
  }
  peer::TransceiverId add(Time now, peer::MediaKind kind, peer::TransceiverInit init) {
    return connection.add_transceiver(now, kind, std::move(init)).value();
  }
  peer::TransceiverInit sending(std::size_t encodings) const {
    peer::TransceiverInit init{.direction = sdp::Direction::kSendOnly};
    for (std::size_t i = 0; encodings > 1 && i < encodings; ++i) {
      init.encodings.push_back({.rid = std::string(kRids[i])});
    }
    if (options.largest_first) std::ranges::reverse(init.encodings);
    return init;
  }
  Offer describe() const {
    Offer made{.sdp = connection.local_description()->sdp};
    const auto name = [&](const auto& transceiver, Source source) {
      if (transceiver) made.sources[connection.find(*transceiver)->mid] = source;
    };
    name(microphone, Source::kMicrophone);
    name(camera, Source::kCamera);
    name(screen, Source::kScreen);
    return made;
  }

  void send_picture(Time now, peer::TransceiverId transceiver, Source source,
                    std::size_t encodings) {
    const std::uint32_t number = ++pictures_[std::to_underlying(source)];
    for (std::size_t i = 0; i < encodings; ++i) {
      if ((!active[i] || stalled[i]) && source == Source::kCamera) {
        keys_due[i] = true;
        continue;
      }
      const bool key = number == 1 || std::exchange(keys_due[i], false);
      std::size_t size = options.frame_bytes;
      for (std::size_t down = i + 1; down < encodings; ++down) size /= 3;
      const auto picture =
          make_picture({.number = number, .by = id, .source = source, .encoding = std::uint8_t(i)},
                       key, key ? 3 * size : size);
      (void)connection.send_frame(
          now, transceiver,
          {.rid = encodings > 1 ? kRids[i] : std::string_view{},
           .codec = "VP8",
           .timestamp = static_cast<std::uint32_t>(now.time_since_epoch().count() * 9 / 100),
           .captured = now,
           .key = key,
           .data = picture});
    }
  }

  void on(Time now, const peer::IncomingFrame& frame) {
    TestSlot& slot = slots.at(frame.transceiver);
    ++slot.frames;
    slot.last_at = now;
    if (!slot.video) {
      sound_timestamps.push_back(frame.timestamp);
      if (const auto sound = read_sound(frame.data)) hear(slot, *sound);
      return;
    }
    const auto picture = read_picture(frame.data);
    if (!picture) {
      broken.push_back(slot.mid + ": no picture of ours");
      return;
    }
    ++slot.of[picture->by.value];
    slot.keys += frame.key ? 1 : 0;
    if (frame.lost_before) {
      ++slot.losses;
    } else if (!frame.key) {
      check_successor(slot, *picture);
    }
    slot.last = picture;
  }

  // Without a loss, what is no key frame leans on the picture that was shown before.
  void check_successor(const TestSlot& slot, const TestFrame& picture) {
    TestFrame expected = picture;
    --expected.number;
    if (slot.last == expected) return;
    broken.push_back(slot.mid + ": picture " + std::to_string(picture.number) + " of " +
                     std::to_string(picture.by.value) + " encoding " +
                     std::to_string(picture.encoding) +
                     (slot.last ? " after " + std::to_string(slot.last->number) + " of " +
                                      std::to_string(slot.last->by.value) + " encoding " +
                                      std::to_string(slot.last->encoding)
                                : " at first"));
  }

  std::array<std::uint32_t, kSources> pictures_ = {};
  // The last that were heard of each participant, at a place that the number names: one more.
  std::map<std::uint64_t, std::array<std::uint32_t, 128>> sounds_;
};

}  // namespace parley::sfu
