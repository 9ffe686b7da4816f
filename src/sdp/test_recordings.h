#pragma once

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

// What browsers said: tests/data/sdp.
namespace parley::sdp {

inline constexpr std::string_view kRecordings[] = {"chromium_offer.sdp", "chromium_answer.sdp",
                                                   "firefox_offer.sdp", "firefox_answer.sdp"};

inline std::string read_recording(std::string_view name) {
  std::ifstream stream(PARLEY_SOURCE_DIR "/tests/data/sdp/" + std::string(name));
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace parley::sdp
