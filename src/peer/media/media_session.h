#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/data_rate.h"
#include "base/random.h"
#include "base/time.h"
#include "peer/error.h"
#include "peer/media/frame.h"
#include "peer/negotiation/agreement.h"
#include "peer/stats.h"

namespace parley::peer {

// The media of one peer connection: frames become packets and packets become frames, over a path
// that carries RTP and RTCP in clear. It composes; the classes beside it decide.
class MediaSession {
 public:
  struct Config {
    std::size_t max_payload = 1'100;  // Bytes of RTP payload: with all headers under 1,200.
    std::size_t max_streams = 256;    // SSRCs that a peer may send.
    Duration report_interval = std::chrono::seconds{1};
    Duration max_reorder_audio = std::chrono::milliseconds{60};  // Then a packet is lost.
    Duration max_reorder_video = std::chrono::milliseconds{800};
    DataRate min_bitrate = DataRate::kbps(30);
    DataRate start_bitrate = DataRate::kbps(300);
    DataRate max_bitrate = DataRate::mbps(10);
  };

  struct SendRtp {
    std::vector<std::uint8_t> packet = {};
  };
  struct SendRtcp {
    std::vector<std::uint8_t> packet = {};
  };
  struct FrameReceived {
    IncomingFrame frame = {};
  };
  // The peer cannot go on without one.
  struct KeyFrameRequested {
    TransceiverId transceiver = {};
    std::string rid = {};
  };
  // For the encoders, all of them together.
  struct TargetBitrateChanged {
    DataRate target = {};
  };
  using Output =
      std::variant<SendRtp, SendRtcp, FrameReceived, KeyFrameRequested, TargetBitrateChanged>;
};

}  // namespace parley::peer
