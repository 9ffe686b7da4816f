#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/data_rate.h"
#include "codec/vp8.h"
#include "sfu/publication.h"
#include "sfu/subscription.h"

namespace parley::sfu {

// What limits the picture of a tile.
enum class Limit : std::uint8_t {
  kNone,      // It gets the best there is, and no more would be seen.
  kTile,      // More is there, but not for a tile of this size.
  kSender,    // The sender sends less than the tile could show: its uplink, its processor, its
              // choice.
  kDownlink,  // The receiver's link.
  kServer,    // This server sends less than it could: it is busy, or set so.
  kPolicy,    // Switched off, by a host or by the viewer.
};

// One tile that wants a share of the receiver's link.
struct Want {
  std::vector<Layer> layers = {};  // What its publication has, as Publication::layers() tells.
  EncodingOrder order = {};        // Of its encodings.
  codec::PictureSize tile = {};    // In device pixels.
  bool screen = false;             // Sharpness before frame rate; else frame rate before sharpness.
  // What was chosen last, if it still waits for its key frame, too: left only for a clear gain.
  std::optional<LayerTarget> current = {};
};

struct Choice {
  std::optional<LayerTarget> target = {};  // Nothing: paused, or there is nothing to show.
  DataRate rate = {};
  Limit limit = Limit::kNone;

  friend bool operator==(const Choice&, const Choice&) = default;
};

// What the receiver's link carries of video, sound taken off.
struct Budget {
  DataRate rate = {};
  // What the tiles may go on to cost that they show already: more, as long as `rate` is only what
  // was looked for so far, and not what the link was found to carry.
  DataRate to_keep = rate;
  // Else the first tile has its least whatever that costs: where the link has shown no limit yet,
  // or less than that for a moment.
  bool is_firm = true;
};

// Shares it among the wants, the most important first (screen share, pinned, speaker, then the
// rest, as the owner has ordered them): first each gets the least that can be shown, as long as it
// lasts; then, again and again in order, each goes up a step, the important ones further ahead of
// the rest; never above what its tile can show. A tile that would get nothing is paused, with the
// reason, rather than everything freezing and sound with it. Small changes of the budget change
// nothing (a step up needs `kHeadroom` of it to spare).
//
// A pure function of its arguments; one choice a want.
inline constexpr double kHeadroom = 0.1;
std::vector<Choice> allocate(const Budget& budget, std::span<const Want> wants);

// What would be needed for every want to have all that its tile can show: what probing may go up
// to.
DataRate desired_rate(std::span<const Want> wants);

}  // namespace parley::sfu
