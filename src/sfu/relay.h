#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "rtp/extension_map.h"
#include "rtp/identifiers.h"
#include "rtp/ntp_time.h"
#include "sctp/data_channels.h"
#include "sdp/codec.h"
#include "sfu/identifiers.h"
#include "sfu/layer_demand.h"
#include "sfu/publication.h"
#include "sfu/viewer_budgets.h"

// What nodes that carry the same room tell each other: plain values, in order.
namespace parley::sfu {

// A node, by the owner's number.
using NodeId = StrongId<struct NodeTag>;

namespace relay {

// --- From where a participant is, to where the others are

// It has begun to publish this.
struct Track {
  Source source = Source::kCamera;
  std::vector<Publication::Encoding> encodings = {};
  std::vector<sdp::Codec> codecs = {};  // By the publisher's payload types.
  rtp::ExtensionMap extensions = {};    // By the publisher's ids.
  EncodingOrder order = {};             // As far as it is known.
  // It is a mix. Of sound, and a spare one, it is there from now on, not only from its first
  // packet, so that who is to hear it misses none. All mixes of a node have one RTP clock.
  std::optional<Mix> mix = {};
};
struct TrackEnded {
  Source source = Source::kCamera;
};
// One packet as it came, in clear: the next `size` bytes of the batch.
struct Packet {
  Source source = Source::kCamera;
  std::uint8_t encoding = 0;
  bool repaired = false;             // It comes late.
  bool begins = false;               // What came of this encoding before it was not relayed.
  std::optional<Time> arrived = {};  // Where that was a while ago.
  std::uint16_t size = 0;
};
// What the sender's clock says, by a report of one encoding.
struct Report {
  Source source = Source::kCamera;
  std::uint8_t encoding = 0;
  rtp::NtpTime ntp = {};
  std::uint32_t timestamp = 0;
};
// Its encodings turned out to be in another order than was told.
struct Order {
  Source source = Source::kCamera;
  EncodingOrder order = {};
};
struct Permitted {
  std::array<bool, kSources> sources = {};
};
struct Gone {};  // The participant has left.
// Of a mixer of sound, to one of pictures: whether they are heard now, and when what they captured
// at that moment of their clock is, if that is known.
struct Heard {
  bool speaks = false;
  std::optional<rtp::NtpTime> captured = {};
  Time at = {};
};
// What goes by the data channels, as its receivers get it.
struct Message {
  std::string to = {};  // By their label; empty: to all.
  bool reliable = true;
  sctp::DataChannels::Kind kind = {};
  std::vector<std::uint8_t> payload = {};
};

// Of a mix: what its encodings cost now, and may cost at most.
struct Rates {
  Source source = Source::kCamera;
  bool reduced = false;  // Fewer or smaller pictures than it should be: its mixer is too busy.
  std::array<DataRate, ViewerBudgets::kEncodings> now = {};
  std::array<DataRate, ViewerBudgets::kEncodings> most = {};
};

// --- Back to where the participant is, who is to be asked for it

struct Needs {  // These encodings, and no others. At first all are.
  Source source = Source::kCamera;
  EncodingSet encodings = 0;
};
struct Asked {
  Source source = Source::kCamera;
  Publication::Feedback feedback = {};
};

// Of a mix: what the links of those who watch it here carry.
struct Budgets {
  Source source = Source::kCamera;
  ViewerBudgets viewers = {};
};

// --- Of the node itself

// Whether anybody is there to whom packets could go, and about how many people, to each of whom a
// message to all goes. Nobody is at first.
struct Listening {
  bool listening = false;
  std::size_t people = 0;
};

}  // namespace relay

struct RelayMessage {
  RoomId room = {};
  ParticipantId publisher = {};  // Whom it is about; zero: nobody.
  std::variant<relay::Packet, relay::Track, relay::TrackEnded, relay::Report, relay::Order,
               relay::Permitted, relay::Gone, relay::Heard, relay::Message, relay::Rates,
               relay::Needs, relay::Asked, relay::Budgets, relay::Listening>
      what = {};
};

// All that one turn of a node had for another one.
struct RelayBatch {
  std::vector<RelayMessage> messages = {};
  std::vector<std::uint8_t> bytes = {};  // Of its packets, one behind the other.

  bool empty() const { return messages.empty(); }
  // Where the way is too narrow: packets are asked for again, what else there is must arrive.
  // Returns how many there were.
  std::size_t drop_packets();
};

// What a node has for others, until its owner takes it.
class RelayOutbox {
 public:
  struct ForNode {
    NodeId node = {};
    RelayBatch batch = {};
  };

  void add(NodeId to, RelayMessage message) {
    batch_for(to).messages.push_back(std::move(message));
  }
  void add_packet(NodeId to, RoomId room, ParticipantId publisher, relay::Packet packet,
                  Bytes bytes);
  // The next that is not empty.
  std::optional<ForNode> take();

 private:
  RelayBatch& batch_for(NodeId node);

  std::vector<ForNode> batches_;  // As many as there are nodes with a room of ours.
};

}  // namespace parley::sfu
