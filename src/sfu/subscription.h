#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "rtp/identifiers.h"
#include "rtp/seq_no.h"
#include "sdp/codec.h"
#include "sfu/identifiers.h"
#include "sfu/packet.h"
#include "sfu/publication.h"

namespace parley::sfu {

class Downlink;

// Which layer of a publication a receiver gets at most.
struct LayerTarget {
  std::uint8_t encoding = 0;
  std::uint8_t spatial = 0;
  std::uint8_t temporal = 0;

  friend bool operator==(const LayerTarget&, const LayerTarget&) = default;
};

// A packet on its way to one receiver: the shared packet, and the few numbers that are this
// receiver's own. Its header is written only when it leaves.
struct Forwarded {
  PacketRef packet = {};
  // What goes of packet->payload: all of it; of RED the primary sound alone, to a receiver that
  // takes no RED; or nothing, where a number only has to be used up (then no extensions either):
  // else the receiver would ask for what it is not to have.
  Bytes payload = {};
  std::uint16_t sequence_number = 0;
  std::uint32_t timestamp = 0;
  rtp::PayloadType payload_type = {};  // The receiver's.
  bool marker = false;
  bool starts_stream = false;  // The first of a publication or an encoding in this slot.
  // VP8: set where they differ from what the payload says.
  std::optional<std::uint16_t> picture_id = {};
  std::optional<std::uint8_t> tl0_picture_index = {};
  // Of the dependency descriptor (its second and third byte): set where it differs.
  std::optional<std::uint16_t> frame_number = {};
};

// One slot of one receiver: a stream of RTP whose SSRC, sequence numbers, timestamps and picture
// ids go on unbroken, whatever publication and layer it shows. It decides which packets it needs:
//
// - Another publication or a larger encoding begins with a key frame; until that has come the old
//   encoding of the same publication goes on. `wants_key_frame()` says what is waited for.
// - Temporal layers go up where the stream says one may, and down at once; spatial layers of SVC
//   down at the next picture, up where the upper layer begins anew.
// - Sequence numbers leave no gap for what was not wanted, and a gap for what is missing, so that
//   the receiver asks for what was lost, and only for that. What was lost on the way to us and
//   comes late is forwarded under its own number.
//
// It holds no packets; what it once forwarded is found again in the publication's history.
class Subscription {
 public:
  struct Config {
    rtp::Ssrc ssrc = {};  // Fixed, as the answer declares it.
    std::optional<rtp::Ssrc> rtx_ssrc = {};
    std::vector<sdp::Codec> codecs = {};  // What the receiver takes, by its payload types.
    std::uint16_t first_sequence_number = 0;
    std::uint32_t first_timestamp = 0;
    std::size_t memory = 512;  // How many packets can be found again by their new number.
  };

  explicit Subscription(Config config);

  const Config& config() const { return config_; }

  // Shows this publication from now on; null: nothing. The owner keeps Publication::subscriptions()
  // in step, and lets no publication die that is shown. False: the receiver takes no codec of it.
  bool show(Publication* publication);
  Publication* shown() const { return publication_; }

  // What it may show at most; nothing: paused. Takes effect as soon as the stream allows.
  void set_target(std::optional<LayerTarget> target);
  const std::optional<LayerTarget>& target() const { return target_; }
  // What it shows at the moment; nothing before the first packet, or while paused.
  const std::optional<LayerTarget>& current() const { return current_; }

  // The encoding of which it needs a key frame to go on: ask the publication. Nothing: it needs
  // none.
  std::optional<std::size_t> wants_key_frame() const;
  // Its receiver lost the picture (PLI, FIR): it goes on from the next key frame as well as before
  // it.
  void handle_picture_loss();

  // What of `packet` (of shown()) goes to this receiver. Constant time, nothing allocated.
  std::optional<Forwarded> forward(Time now, const PacketRef& packet);
  // The packet that left as `sequence_number`, to be sent again; nothing: it was never sent, or is
  // gone.
  std::optional<Forwarded> find_sent(Time now, std::uint16_t sequence_number) const;

  // The receiver's RTP timestamp for one of the publication's, for sender reports; nothing while
  // nothing is shown.
  std::optional<std::uint32_t> map_timestamp(std::uint64_t timestamp) const;

  // The one who sends for it; set by its owner, followed by Router::forward().
  Downlink* downlink = nullptr;
  std::size_t slot = 0;  // Its place there.

 private:
  Config config_;
  Publication* publication_ = nullptr;
  std::optional<LayerTarget> target_;
  std::optional<LayerTarget> current_;
};

}  // namespace parley::sfu
