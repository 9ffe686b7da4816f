#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "ivf.h"
#include "ogg.h"
#include "peer/media/frame.h"

namespace native_call {

// Writes what comes of each source into a file: FOLDER/FROM-camera.ivf, FOLDER/FROM-microphone.ogg.
// No file that is there is written over: then it is FROM-camera-2.ivf.
class Recorder {
 public:
  Recorder(const std::string& folder, const std::string& from);

  // False where the picture cannot be read without a key frame, which is to be asked for.
  bool write(const std::string& source, const parley::peer::IncomingFrame& frame);

 private:
  struct Picture {
    std::unique_ptr<IvfWriter> file;
    std::uint64_t began = 0;  // The timestamp of the first frame.
    bool broken = false;      // A frame is missing since the last key frame.
  };
  struct Sound {
    std::unique_ptr<OggWriter> file;
    std::uint64_t began = 0;
  };

  bool write_picture(const std::string& source, const parley::peer::IncomingFrame& frame);
  void write_sound(const std::string& source, const parley::peer::IncomingFrame& frame);
  std::string path(const std::string& source, const char* ending) const;

  std::string prefix_;
  std::map<std::string, Picture> pictures_;  // By source.
  std::map<std::string, Sound> sounds_;
};

}  // namespace native_call
