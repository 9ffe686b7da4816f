#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/prefetch.h"
#include "base/time.h"
#include "rtp/identifiers.h"
#include "rtp/seq_no.h"
#include "sdp/shared_codecs.h"
#include "sfu/carried_stream.h"
#include "sfu/forwarded.h"
#include "sfu/packet.h"
#include "sfu/payload_map.h"
#include "sfu/publication.h"
#include "sfu/timeline.h"

namespace parley::sfu {

// Which layer of a publication a receiver gets at most.
struct LayerTarget {
  std::uint8_t encoding = 0;
  std::uint8_t spatial = 0;
  std::uint8_t temporal = 0;

  friend bool operator==(const LayerTarget&, const LayerTarget&) = default;
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
    sdp::SharedCodecs codecs = {};  // What the receiver takes, by its payload types.
    std::uint16_t first_sequence_number = 0;
    std::uint32_t first_timestamp = 0;
    std::size_t memory = 2'048;  // How far back a packet is found again by its new number.
  };

  explicit Subscription(Config config);

  const Config& config() const { return config_; }

  // Whether the receiver takes a codec of it.
  bool takes(const Publication& publication) const;
  // Shows this publication from now on; null: nothing. The owner keeps Publication::subscribers()
  // in step, and lets no publication die that is shown. Sound begins at once; pictures need a
  // target, which stays as it was. False: the receiver takes no codec of it; nothing is shown.
  bool show(Publication* publication);
  Publication* shown() const { return publication_; }

  // What it may show at most; nothing: paused. Takes effect as soon as the stream allows.
  void set_target(std::optional<LayerTarget> target);
  const std::optional<LayerTarget>& target() const { return target_; }
  // What it shows at the moment; nothing before the first packet, or while paused.
  std::optional<LayerTarget> current() const;

  // The encoding of which it needs a key frame to go on: ask the publication. Nothing: it needs
  // none.
  std::optional<std::size_t> wants_key_frame() const;
  // Whether sound goes with what RED repeats, where it comes so and the receiver takes it. At first
  // it does not: that is twice the rate, and of use to who loses packets.
  void set_redundant(bool redundant);
  // Its receiver lost the picture (PLI, FIR): it goes on from the next key frame as well as before
  // it.
  void handle_picture_loss();
  // Whether that is the only reason for which it wants a key frame.
  bool has_lost_picture() const;
  // Nothing more of what it shows: it waits for a key frame of its target.
  void stop_until_key_frame() { playing_ = false; }

  // What of `packet` (of shown()) goes to this receiver. Constant time, nothing allocated.
  std::optional<Forwarded> forward(Time now, const PacketRef& packet);
  // The packet that left as `sequence_number`, to be sent again; nothing: it was never sent, or is
  // gone.
  std::optional<Forwarded> find_sent(Time now, std::uint16_t sequence_number) const;

  // The receiver's RTP timestamp for one of the encoding that current() tells, for sender reports;
  // nothing while nothing is shown.
  std::optional<std::uint32_t> map_timestamp(std::uint64_t timestamp) const;

  // Fetches memory that forward() will need, but for its own.
  void prefetch_stream() const {
    if (flow_ != nullptr) prefetch(flow_->stream);
  }

 private:
  // Made with the first publication that it shows: most slots of a gallery never show one.
  struct Flow {
    PayloadMap payloads = {};
    CarriedStream stream = {};
  };

  bool plays_target() const;
  bool goes_on_with(const Packet& packet);
  bool may_begin_with(Time now, const Packet& packet) const;
  std::optional<Forwarded> begin(const PacketRef& packet);
  std::optional<Forwarded> forward_late(const PacketRef& packet);
  std::optional<Timeline::Clock> clock_for(const Packet& packet);
  std::optional<std::uint64_t> place_of(const Packet& packet) const;
  LayerFilter::Limits limits_for(std::uint8_t encoding) const;

  Publication* publication_ = nullptr;
  std::optional<LayerTarget> target_;
  bool video_;                                     // By the codecs that the receiver takes.
  bool redundant_ = false;                         // See set_redundant().
  bool playing_ = false;                           // Its flow's stream goes on.
  bool carried_ = false;                           // That is of publication_.
  std::optional<std::uint64_t> carried_timeline_;  // Of the publication that it is of.
  bool lost_ = false;  // The receiver cannot go on but from a key frame.
  Timeline timeline_;
  std::unique_ptr<Flow> flow_;
  // Of publication_ too, if there was another: for what comes late of it, or is asked for again.
  std::unique_ptr<CarriedStream> previous_;
  Config config_;
};

}  // namespace parley::sfu
