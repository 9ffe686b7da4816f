#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "codec/packetizer.h"
#include "mcu/video/video_mixer.h"

namespace parley::mcu {

using Film = std::vector<std::vector<std::uint8_t>>;

// People before a mixer of pictures, whose cameras send recorded films; the fourth speaks.
class PeopleOfFilm {
 public:
  // `films` and `mixer` outlive it.
  PeopleOfFilm(const std::vector<Film>& films, VideoMixer& mixer, Time now)
      : films_(films), mixer_(mixer), packetizers_(films.size(), codec::Packetizer(1)) {
    seqs_.resize(films.size(), 65'536);
    for (std::uint64_t who = 0; who < films.size(); ++who) {
      mixer.set_person(now, {.id = {who},
                             .name = "Person " + std::to_string(who),
                             .speaks = who == 3,
                             .has_camera = true});
    }
  }

  // Frame `n` of each.
  void send(Time now, std::size_t n) {
    for (std::uint64_t who = 0; who < films_.size(); ++who) {
      const auto payloads =
          packetizers_[who].packetize(codec::Format::kVp8, films_[who][n], n == 0, 1'200);
      for (const auto& payload : *payloads) {
        mixer_.handle_input(now, {.from = {{who}, Source::kCamera},
                                  .packet = {.format = codec::Format::kVp8,
                                             .seq = {seqs_[who]++},
                                             .timestamp = n * 3'000,
                                             .marker = payload.last_of_frame,
                                             .payload = payload.bytes}});
      }
    }
  }

 private:
  const std::vector<Film>& films_;
  VideoMixer& mixer_;
  std::vector<codec::Packetizer> packetizers_;
  std::vector<std::uint64_t> seqs_;
};

}  // namespace parley::mcu
