#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/data_rate.h"
#include "codec/vp8.h"
#include "sfu/allocator.h"
#include "sfu/identifiers.h"

// What a participant wants to see, and what it is told of what it gets.
namespace parley::sfu {

// A picture that a participant shows.
struct Tile {
  ParticipantId participant = {};
  Source source = Source::kCamera;
  codec::PictureSize size = {};  // In device pixels.

  friend bool operator==(const Tile&, const Tile&) = default;
};

// The most important first. What is not in it is not sent. None: everyone, as slots allow.
using View = std::optional<std::vector<Tile>>;

// What a slot carries from now on.
struct SlotShows {
  std::string mid = {};
  std::optional<ParticipantId> participant = {};  // Nothing: it is empty, or carries a mix.
  Source source = Source::kCamera;
  bool mix = false;

  friend bool operator==(const SlotShows&, const SlotShows&) = default;
};

// What a tile gets, and what limits it.
struct TileQuality {
  std::string mid = {};
  ParticipantId participant = {};  // Zero: it is a mix.
  Source source = Source::kCamera;
  codec::PictureSize size = {};
  double frames_per_second = 0;
  DataRate rate = {};
  Limit limit = Limit::kNone;
  bool paused = false;

  friend bool operator==(const TileQuality&, const TileQuality&) = default;
};

// --- What is told of a room

struct SlotsChanged {
  ParticipantId participant = {};
  std::vector<SlotShows> slots = {};  // Those that changed.
};

struct SpeakersChanged {
  RoomId room = {};
  std::vector<ParticipantId> speakers = {};  // The loudest first.
};

struct QualityChanged {
  ParticipantId participant = {};
  DataRate estimate = {};
  std::vector<TileQuality> tiles = {};
};

// Which encodings somebody needs: the others need not be sent.
struct LayersWanted {
  ParticipantId participant = {};
  Source source = {};
  std::vector<std::string> rids = {};  // "": the one without a rid.
};

}  // namespace parley::sfu
