#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/random.h"
#include "dtls/certificate.h"
#include "io/event_loop.h"
#include "load/playback.h"
#include "srtp/provider.h"

namespace parley::load {

// What all members of one thread share.
struct Shared {
  io::EventLoop& loop;
  Random& random;
  srtp::Provider& srtp;
  std::shared_ptr<const dtls::Certificate> certificate;
};

// One of a crowd, whatever the server that it meets the others by.
class Member {
 public:
  enum class State : std::uint8_t { kJoining, kConnecting, kConnected, kFailed };

  // What became of it, and what it saw.
  struct Summary {
    State state = State::kJoining;
    std::string problem = {};             // Of one that failed: a sentence.
    std::optional<Duration> joined = {};  // Since start().
    std::optional<Duration> connected = {};
    std::optional<Duration> first_frame = {};  // Of a picture.
    Playback::Summary video = {};              // Of all that it receives together.
    Playback::Summary audio = {};
    std::uint64_t packets_received = 0;
    std::int64_t packets_lost = 0;
    std::uint64_t retransmitted = 0;
    std::uint64_t packets_sent = 0;
    std::uint64_t key_frames_asked = 0;  // Of us, by the server.
  };

  virtual ~Member() = default;

  virtual void start() = 0;
  // Counts what is received from now on; before, people were still coming.
  virtual void begin_measurement() = 0;
  virtual Summary summary() const = 0;
  virtual void leave() = 0;
};

}  // namespace parley::load
