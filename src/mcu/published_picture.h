#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/data_rate.h"
#include "base/random.h"
#include "base/time.h"
#include "codec/format.h"
#include "codec/packetizer.h"
#include "mcu/rate_choice.h"
#include "mcu/room_links.h"
#include "mcu/video/video_mixer.h"
#include "rtp/identifiers.h"
#include "sfu/identifiers.h"
#include "sfu/layer_demand.h"
#include "sfu/relay.h"
#include "sfu/viewer_budgets.h"

namespace parley::mcu {

// The composed picture in one format, as the nodes of a room see it: a camera in up to three
// encodings, the smallest first, each of which goes to the nodes that need it. How much each is to
// cost, those who watch it decide together.
class PublishedPicture {
 public:
  struct Config {
    sfu::ParticipantId id = {};  // By whom it is published.
    codec::Format format = codec::Format::kVp8;
    std::vector<std::size_t> qualities = {};  // The mixer's, by encoding.
    RateChoice::Config rates = {};            // As many.
    // Nothing of it goes before it is needed.
    bool spare = false;
  };

  // `links` outlives it.
  PublishedPicture(Config config, RoomLinks& links, Random& random);

  const Config& config() const { return config_; }

  // That node is told of it, and of what it costs; once.
  void publish(sfu::NodeId node);
  void leave();

  // --- What nodes tell. False: of none that it was published to.
  bool handle_needs(sfu::NodeId from, sfu::EncodingSet needs);
  // True: rates() are others.
  bool handle_budgets(Time now, sfu::NodeId from, const sfu::ViewerBudgets& budgets);

  // Whether there is time for all of it.
  void set_reduced(bool reduced);

  bool is_needed(std::size_t encoding) const;
  DataRate rate(std::size_t encoding) const { return rates_.rate(encoding); }
  std::optional<std::size_t> find(rtp::Ssrc ssrc) const;

  // Of one of its qualities.
  void send(const VideoMixer::Encoded& encoded);
  bool has_been_sent(sfu::NodeId node) const;

 private:
  struct Encoding {
    rtp::Ssrc ssrc = {};
    std::uint16_t next_number = 0;
    codec::Packetizer packetizer;
    std::optional<Time> clock_told = {};
  };
  struct Node {
    sfu::NodeId id = {};
    sfu::EncodingSet needs = 0;
    bool was_sent = false;
    sfu::ViewerBudgets budgets = {};
  };

  Node* find(sfu::NodeId node);
  sfu::relay::Track track() const;
  sfu::relay::Rates told_rates() const;
  void tell_rates();
  void tell_clock(std::size_t index, const VideoMixer::Encoded& encoded);

  Config config_;
  RoomLinks& links_;
  std::uint32_t first_timestamp_;
  std::vector<Encoding> encodings_;
  std::vector<Node> nodes_;
  RateChoice rates_;
  bool reduced_ = false;
};

}  // namespace parley::mcu
