#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "peer/transport.h"
#include "sctp/data_channels.h"
#include "sfu/answer.h"
#include "sfu/downlink.h"
#include "sfu/identifiers.h"
#include "sfu/uplink.h"

namespace parley::sfu {

// One participant's connection with this server: the path, what comes in by it, what goes out by
// it, and the data channel. It composes and passes on; the parts decide.
//
// After each call that takes a time poll until nothing is left; what RtpArrived shows is to be
// forwarded at once.
class Participant {
 public:
  struct Config {
    peer::Transport::Config transport = {};
    Uplink::Config uplink = {};
    Downlink::Config downlink = {};  // Its limits; slots are filled in.
    sctp::DataChannels::Config data = {};
  };

  // A packet of a publication, to be forwarded.
  struct RtpArrived {
    Publication* publication = nullptr;
    PacketRef packet = {};
  };
  struct MessageReceived {  // On the data channel.
    sctp::DataChannels::Kind kind = {};
    std::vector<std::uint8_t> payload = {};
  };
  struct Connected {};
  struct Disconnected {};  // No path for the moment; it may come back (Connected again).
  struct Failed {          // The last.
    std::string_view reason = {};
  };
  using Output = std::variant<peer::Transport::Transmit, peer::Transport::CloseTcp, RtpArrived,
                              MessageReceived, Connected, Disconnected, Failed>;

  Participant(ParticipantId id, Config config, Agreed agreed, PacketPool& pool, Random& random,
              srtp::Provider& provider);
};

}  // namespace parley::sfu
