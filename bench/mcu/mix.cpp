// mcu_mix say FOLDER SECONDS: what five people say, and the silence of a room, as packets of Opus
// for the other call (FOLDER/0.packets to 5.packets) and as FOLDER/0.wav to 5.wav.
// mcu_mix mix FOLDER PEOPLE LISTEN: so many people of whom five speak, in one mix for all, and with
// LISTEN 1 in one of their own for each of the five.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "mcu/audio/audio_mixer.h"
#include "mcu/audio/test_speaker.h"

namespace parley::mcu {
namespace {

constexpr std::uint32_t kSpeakers = 5;  // Sound number kSpeakers is silence.
constexpr std::uint8_t kQuiet = 75;     // Its level.

// Of an instrument rather than digital: nobody's room is that quiet.
std::vector<float> room_noise(std::size_t samples) {
  std::minstd_rand random(1);
  std::uniform_real_distribution<float> noise(-2e-4F, 2e-4F);
  std::vector<float> sound(samples);
  std::ranges::generate(sound, [&] { return noise(random); });
  return sound;
}

void write_wav(const std::string& path, const std::vector<float>& sound) {
  const auto size = static_cast<std::uint32_t>(sound.size() * 2);
  std::ofstream file(path, std::ios::binary);
  const auto number = [&](std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) file.put(static_cast<char>(value >> 8 * i & 0xFF));
  };
  file << "RIFF";
  number(36 + size, 4);
  file << "WAVEfmt ";
  number(16, 4);
  number(1, 2);  // PCM, one channel.
  number(1, 2);
  number(kSampleRate, 4);
  number(kSampleRate * 2, 4);
  number(2, 2);
  number(16, 2);
  file << "data";
  number(size, 4);
  for (const float sample : sound) {
    number(static_cast<std::uint32_t>(static_cast<int>(std::clamp(sample, -1.0F, 1.0F) * 32'767)),
           2);
  }
}

int say(const std::string& folder, std::size_t seconds) {
  const std::size_t samples = seconds * kSampleRate;
  for (std::uint32_t number = 0; number <= kSpeakers; ++number) {
    const auto sound = number < kSpeakers ? speech(number, samples) : room_noise(samples);
    const std::string path = folder + "/" + std::to_string(number);
    write_wav(path + ".wav", sound);
    std::ofstream file(path + ".packets", std::ios::binary);
    TestSpeaker speaker(sound);
    while (speaker.has_more()) {
      const Voice::Packet packet = speaker.next();
      const Bytes bytes = packet.payload.bytes();
      file.put(static_cast<char>(bytes.size() >> 8)).put(static_cast<char>(bytes.size() & 0xFF));
      file.write(reinterpret_cast<const char*>(bytes.data()),
                 static_cast<std::streamsize>(bytes.size()));
    }
  }
  return 0;
}

std::vector<SharedBytes> read_packets(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<std::uint8_t> all{std::istreambuf_iterator<char>(file),
                                      std::istreambuf_iterator<char>()};
  std::vector<SharedBytes> packets;
  for (ByteReader reader(all); reader.remaining() > 0;) {
    const std::size_t size = reader.u16();
    packets.emplace_back(reader.bytes(size));
  }
  return packets;
}

int mix(const std::string& folder, std::uint64_t people, bool speakers_listen) {
  std::vector<std::vector<SharedBytes>> sounds;
  for (std::uint32_t number = 0; number <= kSpeakers; ++number) {
    sounds.push_back(read_packets(folder + "/" + std::to_string(number) + ".packets"));
  }
  AudioMixer mixer;
  Time now{std::chrono::hours{1}};
  for (std::uint64_t who = 0; who < people; ++who) {
    mixer.add(now, {{who}});
    mixer.set_listening({who}, who >= kSpeakers || speakers_listen);
  }
  std::size_t bytes = 0;
  for (std::size_t frame = 0; frame < sounds[0].size(); ++frame) {
    for (std::uint64_t who = 0; who < people; ++who) {
      const bool speaks = who < kSpeakers;
      mixer.handle_input(now, {.from = {{who}},
                               .packet = {.seq = {65'536 + frame},
                                          .timestamp = (65'536 + frame) * kFrameSamples,
                                          .level = speaks ? std::uint8_t{20} : kQuiet,
                                          .payload = sounds[speaks ? who : kSpeakers][frame]}});
    }
    now += kFrameDuration;
    mixer.handle_timeout(now);
    while (const auto output = mixer.poll_output()) {
      const auto* const mixed = std::get_if<AudioMixer::Mixed>(&*output);
      if (mixed != nullptr) bytes += mixed->packet.size();
    }
  }
  std::printf("{\"frames\": %zu, \"encoded\": %llu, \"bytes\": %zu}\n", sounds[0].size(),
              static_cast<unsigned long long>(mixer.counters().encoded), bytes);
  return 0;
}

}  // namespace
}  // namespace parley::mcu

int main(int argc, char** argv) {
  const std::vector<std::string> args(argv + 1, argv + argc);
  if (args.size() == 3 && args[0] == "say") {
    return parley::mcu::say(args[1], std::strtoul(args[2].c_str(), nullptr, 10));
  }
  if (args.size() == 4 && args[0] == "mix") {
    return parley::mcu::mix(args[1], std::strtoul(args[2].c_str(), nullptr, 10), args[3] == "1");
  }
  std::fprintf(stderr, "mcu_mix say FOLDER SECONDS | mix FOLDER PEOPLE LISTEN\n");
  return 1;
}
