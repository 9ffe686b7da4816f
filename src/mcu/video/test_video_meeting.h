#pragma once

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/overloaded.h"
#include "mcu/video/test_camera.h"
#include "mcu/video/test_pictures.h"
#include "mcu/video/video_mixer.h"

namespace parley::mcu {

// People with cameras, a mixer, and one who watches what comes out of it.
struct VideoMeeting {
  explicit VideoMeeting(VideoMixer::Config config = small(), Codecs* other_codecs = nullptr)
      : mixer(config, other_codecs != nullptr ? *other_codecs : codecs, fonts) {
    mixer.set_needed(0, true);
  }

  // As little work as possible.
  static VideoMixer::Config small() {
    VideoMixer::Config config;
    config.layout = {.canvas = {320, 180}, .gap = 4};
    config.qualities = {{.rate = DataRate::kbps(500), .speed = 16}};
    return config;
  }

  VideoMixer::Person& come(std::uint64_t who, const std::string& name, Color color,
                           TestCamera::Config camera = {}) {
    camera.color = color;
    cameras.insert_or_assign({PersonId{who}, Source::kCamera}, TestCamera(camera));
    auto& person = people[{who}];
    person = {.id = {who}, .name = name, .has_camera = true};
    mixer.set_person(now, person);
    return person;
  }
  void share_screen(std::uint64_t who, Color color, TestCamera::Config screen = {}) {
    screen.color = color;
    cameras.insert_or_assign({PersonId{who}, Source::kScreen}, TestCamera(screen));
    people[{who}].has_screen = true;
    mixer.set_person(now, people[{who}]);
  }
  void leave(std::uint64_t who) {
    mixer.remove_person({who});
    people.erase({who});
    std::erase_if(cameras, [&](const auto& camera) { return camera.first.person.value == who; });
  }
  void speak(std::uint64_t who, bool speaks) {
    people.at({who}).speaks = speaks;
    mixer.set_person(now, people.at({who}));
  }

  // A thirtieth of a second each.
  void run(std::size_t pictures) {
    for (std::size_t n = 0; n < pictures; ++n) {
      for (auto& [id, camera] : cameras) {
        for (const SentPacket& packet : camera.next()) {
          mixer.handle_input(now, {.from = id, .packet = packet.as_packet()});
        }
      }
      take();
      now += Duration(33'333);
      mixer.handle_timeout(now);
      take();
    }
  }

  void take() {
    drain(mixer, [&](VideoMixer::Output output) {
      std::visit(
          overloaded{[&](VideoMixer::Encoded& encoded) { watch(std::move(encoded)); },
                     [&](const VideoMixer::NeedsKeyFrame& needs) {
                       ++key_frame_requests[needs.input];
                       const auto camera = cameras.find(needs.input);
                       if (camera != cameras.end()) camera->second.request_key_frame();
                     },
                     [&](const VideoMixer::WantsSize& wants) { sizes[wants.input] = wants.size; }},
          output);
    });
  }

  void watch(VideoMixer::Encoded encoded) {
    if (encoded.quality == 0) {
      const auto decoded = decoder->decode(encoded.data);
      ASSERT_TRUE(decoded) << to_string(decoded.error());
      seen = *decoded;
    }
    frames.push_back(std::move(encoded));
  }

  // What the viewer sees in the middle of that cell.
  Color color_of(std::uint64_t who, Source source = Source::kCamera) const {
    for (const Cell& cell : arrangement()) {
      if (cell.shows != InputId{{who}, source}) continue;
      const Rect& r = cell.rect;
      const int top = r.y + r.height / 2;
      return mean(seen, {.x = (r.x + r.width / 4) & ~1,
                         .y = top & ~1,
                         .width = r.width / 2 & ~1,
                         .height = std::max(2, r.height / 6 & ~1)});
    }
    return {};
  }
  std::vector<Cell> arrangement() const { return mixer.cells(); }

  Codecs codecs = {};
  Fonts fonts = test_fonts();
  VideoMixer mixer;
  std::map<PersonId, VideoMixer::Person> people = {};
  std::map<InputId, TestCamera> cameras = {};
  std::unique_ptr<PictureDecoder> decoder = make_decoder(codec::Format::kVp8, {});
  PictureView seen = {};
  std::vector<VideoMixer::Encoded> frames = {};
  std::map<InputId, std::size_t> key_frame_requests = {};
  std::map<InputId, Size> sizes = {};
  Time now{std::chrono::hours{1}};
};

}  // namespace parley::mcu
