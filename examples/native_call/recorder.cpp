#include "recorder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <functional>

#include "codec/vp8.h"

namespace native_call {

using namespace parley;

namespace {

// Names come from the network: nothing in them may lead out of the folder.
std::string harmless(std::string name) {
  const auto is_plain = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-';
  };
  std::ranges::replace_if(name, std::not_fn(is_plain), '_');
  return name;
}

}  // namespace

Recorder::Recorder(const std::string& folder, const std::string& from)
    : prefix_(folder + "/" + harmless(from) + "-") {}

std::string Recorder::path(const std::string& source, const char* ending) const {
  const std::string name = prefix_ + harmless(source);
  std::string path = name + ending;
  for (int n = 2; std::filesystem::exists(path); ++n) {
    path = fmt::format("{}-{}{}", name, n, ending);
  }
  return path;
}

bool Recorder::write(const std::string& source, const peer::IncomingFrame& frame) {
  if (frame.codec == "VP8") return write_picture(source, frame);
  write_sound(source, frame);
  return true;
}

bool Recorder::write_picture(const std::string& source, const peer::IncomingFrame& frame) {
  Picture& picture = pictures_[source];
  picture.broken = !frame.key && (picture.broken || frame.lost_before || !picture.file);
  if (picture.broken) return false;
  if (!picture.file) {
    const auto size = codec::vp8_picture_size(frame.data);
    if (!size) return false;
    picture = {.file = std::make_unique<IvfWriter>(path(source, ".ivf"), *size),
               .began = frame.timestamp};
  }
  picture.file->write(frame.timestamp - picture.began, frame.data);
  return true;
}

void Recorder::write_sound(const std::string& source, const peer::IncomingFrame& frame) {
  Sound& sound = sounds_[source];
  if (!sound.file) {
    sound = {.file = std::make_unique<OggWriter>(path(source, ".ogg")), .began = frame.timestamp};
  }
  sound.file->write(frame.timestamp - sound.began, frame.data);
}

}  // namespace native_call
