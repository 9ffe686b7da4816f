#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/deadline_queue.h"
#include "base/time.h"
#include "rtp/ntp_time.h"
#include "sfu/allocator.h"
#include "sfu/identifiers.h"
#include "sfu/known_layers.h"
#include "sfu/layer_demand.h"
#include "sfu/participant.h"
#include "sfu/slot_plan.h"
#include "sfu/view.h"
#include "sfu/viewer_budgets.h"

namespace parley::sfu {

class Router;
struct Member;

// A publication as its room sees it: there from its first packet on.
struct Published {
  Member* by = nullptr;
  Source source = Source::kCamera;
  Publication* publication = nullptr;  // Null: it is not there.
  bool was_there = false;              // Once, at least.
  Time heard = {};                     // The last packet.
  KnownLayers layers = {};
  LayerDemand demand = {};
  // Of a mix: what its encodings may cost at most, whether its mixer is too busy for all of it, and
  // when that was told of its viewers.
  std::array<DataRate, ViewerBudgets::kEncodings> most = {};
  bool reduced = false;
  Time budgets_told = kAtOnce;

  // For other nodes that carry the room, by their place among the router's.
  struct Relayed {
    EncodingSet needs = ~EncodingSet{0};
    EncodingSet flows = 0;  // Of these the last packet has gone there, too.
  };
  std::vector<Relayed> relayed = {};
  std::array<rtp::NtpTime, LayerDemand::kMaxEncodings> reported = {};  // As they were told last.

  bool is_there() const { return publication != nullptr; }
};

// What a room knows of one who is in it. Made by Node, kept by Router; or a RelayedPublisher.
struct Member : Timed {
  struct Slot {
    std::optional<Track> shows = {};
    std::optional<Track> told = {};  // What its receiver knows of that.
    bool fresh = false;              // A picture of which nothing has gone there yet.
    EncodingSet needs = 0;           // Of what it shows.
    codec::PictureSize tile = {};    // How large it is shown.
    TileQuality quality = {};
    std::optional<Time> waits_since = {};  // For an encoding that is to come again.
  };

  std::unique_ptr<Participant> participant = {};  // Null: it is relayed.
  ParticipantId number = {};                      // Set by Router.
  Router* router = nullptr;

  View view = {};
  // While it is set: everyone in one picture, at most so large, and in one sound, if there are
  // mixes.
  std::optional<codec::PictureSize> one_stream = {};
  std::optional<Mix> mix = {};                     // It is nobody, but what a mixer publishes.
  std::array<Published, kSources> published = {};  // By source.
  std::array<bool, kSources> permitted = {true, true, true, true};
  std::vector<Slot> slots = {};               // As its downlink has them.
  std::vector<std::size_t> audio_slots = {};  // Their places there.
  std::vector<std::size_t> video_slots = {};
  std::vector<std::size_t> tile_order = {};  // The video slots in use, the most important first.

  bool connected = false;        // It has been, at least.
  bool known_elsewhere = false;  // To other nodes of the room, those too that are linked later.
  bool plan_due = false;
  Time allocate_at = kNever;
  std::optional<Time> short_since = {};  // Since when its link carries less than any picture takes.
  DataRate allocated_for = {};           // The estimate then.
  QualityChanged told_quality = {};
  Time quality_told_at = kAtOnce;

  ParticipantId id() const { return number; }
  bool is_relayed() const { return participant == nullptr; }
  bool is_permitted(Source source) const { return permitted[std::to_underlying(source)]; }
  Published& of(Source source) { return published[std::to_underlying(source)]; }
};

}  // namespace parley::sfu
