#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/deadline_queue.h"
#include "base/time.h"
#include "sfu/allocator.h"
#include "sfu/identifiers.h"
#include "sfu/known_layers.h"
#include "sfu/layer_demand.h"
#include "sfu/participant.h"
#include "sfu/slot_plan.h"
#include "sfu/view.h"

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

  bool is_there() const { return publication != nullptr; }
};

// What a room knows of one who is in it. Made by Node, kept by Router.
struct Member : Timed {
  struct Slot {
    std::optional<Track> shows = {};
    std::optional<Track> told = {};  // What its receiver knows of that.
    bool fresh = false;              // A picture of which nothing has gone there yet.
    EncodingSet needs = 0;           // Of what it shows.
    codec::PictureSize tile = {};    // How large it is shown.
    TileQuality quality = {};
  };

  std::unique_ptr<Participant> participant = {};
  Router* router = nullptr;

  View view = {};
  std::array<Published, kSources> published = {};  // By source.
  std::vector<Slot> slots = {};                    // As its downlink has them.
  std::vector<std::size_t> audio_slots = {};       // Their places there.
  std::vector<std::size_t> video_slots = {};
  std::vector<std::size_t> tile_order = {};  // The video slots in use, the most important first.

  bool connected = false;  // It has been, at least.
  bool plan_due = false;
  Time allocate_at = kNever;
  DataRate allocated_for = {};  // The estimate then.
  QualityChanged told_quality = {};
  Time quality_told_at = kAtOnce;

  ParticipantId id() const { return participant->id(); }
  Published& of(Source source) { return published[std::to_underlying(source)]; }
};

}  // namespace parley::sfu
